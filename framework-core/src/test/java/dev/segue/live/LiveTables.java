package dev.segue.live;

import dev.segue.lifecycle.Side;
import java.util.List;

/**
 * Where the rows are, and how a value looks there.
 *
 * @param names of the tables; a row is in the one that its id says
 * @param converts whether NEW holds names in angle brackets, else the same as OLD
 */
record LiveTables(List<String> names, boolean converts) {

    /** The table of a row. */
    String of(long id) {
        return names.get((int) (id % names.size()));
    }

    static String column(Side side) {
        return side == Side.OLD ? "name" : "full_name";
    }

    /** The value as that side holds it. */
    String held(Side side, String value) {
        return converts && side == Side.NEW ? "<" + value + ">" : value;
    }
}
