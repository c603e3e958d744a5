package dev.segue.schema;

import java.util.List;

/**
 * A script that somebody keeps with the application, and that runs in place of the generated statements.
 *
 * @param where its place on the class path
 */
record Script(String where, List<Block> blocks) {

    Script {
        blocks = List.copyOf(blocks);
    }
}
