package dev.segue.hibernate;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;
import org.hibernate.type.BasicType;
import org.hibernate.type.descriptor.WrapperOptions;
import org.jspecify.annotations.Nullable;

/**
 * The type of one part of an attribute that only Java converts: read from the old column, written as it is to its own.
 *
 * @param part its place in the attribute
 */
record PartType(GroupConversion conversion, int part, String phase) implements SelectOnlyType {

    @Override
    public BasicType<@Nullable Object> newType() {
        return conversion.after().types().get(part);
    }

    @Override
    public @Nullable Object nullSafeGet(ResultSet row, int position, WrapperOptions options) throws SQLException {
        Object old = conversion.before().types().get(0).getJdbcValueExtractor().extract(row, position, options);
        return conversion
                .after()
                .values(conversion.toNew(Collections.singletonList(old)))
                .get(part);
    }

    @Override
    public StatementRefusedException refused(String reason) {
        return new StatementRefusedException("The statement on " + conversion.attribute()
                + " is refused while its columns are being replaced by change '" + conversion.change() + "': in "
                + phase + " the old column is read, its conversion exists only in Java, and " + reason
                + ". Select it alone, give the conversion an SQL form, or wait until read-new.");
    }
}
