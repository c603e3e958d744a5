package dev.segue.hibernate;

import java.sql.ResultSet;
import org.hibernate.type.BasicType;
import org.hibernate.type.descriptor.WrapperOptions;
import org.jspecify.annotations.Nullable;

/** The type of an attribute that has no column any more: always null. */
record RetiredType(String attribute, String change, String phase, BasicType<@Nullable Object> newType)
        implements SelectOnlyType {

    @Override
    public @Nullable Object nullSafeGet(ResultSet row, int position, WrapperOptions options) {
        return null;
    }

    @Override
    public StatementRefusedException refused(String reason) {
        return new StatementRefusedException("The statement on " + attribute
                + " is refused: the attribute is retired by change '" + change + "', in "
                + phase + " it has no column, and " + reason
                + ". Take the attribute out of the statement, or go back to old-only.");
    }
}
