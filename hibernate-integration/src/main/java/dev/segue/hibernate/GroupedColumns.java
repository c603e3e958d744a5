package dev.segue.hibernate;

import dev.segue.lifecycle.Side;
import java.util.List;

/** An attribute of several columns, with those as statements name them. */
record GroupedColumns(GroupedAttribute attribute, List<String> columns) {

    /** @throws StatementRefusedException if the column is one of them, and the old side is written */
    void requireNotAssigned(String column) {
        if (columns.contains(column) && attribute.phase().writes(Side.OLD)) {
            throw new StatementRefusedException("The statement on " + attribute.attribute()
                    + " is refused while its columns are being replaced by change '" + attribute.change() + "': in "
                    + attribute.phase().id() + " the old side is written from the whole attribute, and it assigns "
                    + column + ". Load and change the entities, or wait until new-only.");
        }
    }
}
