package dev.segue.hibernate;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import org.hibernate.type.BasicType;
import org.hibernate.type.descriptor.WrapperOptions;
import org.jspecify.annotations.Nullable;

/** The type of a new attribute that only Java computes: read from its source, written as it is to its own column. */
record ComputedType(InitialValue initial, String phase) implements SelectOnlyType {

    @Override
    public BasicType<@Nullable Object> newType() {
        return initial.newType();
    }

    @Override
    public @Nullable Object nullSafeGet(ResultSet row, int position, WrapperOptions options) throws SQLException {
        return initial.of(
                initial.before().types().isEmpty()
                        ? List.of()
                        : Collections.singletonList(initial.before()
                                .types()
                                .get(0)
                                .getJdbcValueExtractor()
                                .extract(row, position, options)));
    }

    @Override
    public StatementRefusedException refused(String reason) {
        return new StatementRefusedException("The statement on " + initial.attribute()
                + " is refused while the attribute is introduced by change '" + initial.change() + "': in " + phase
                + " its value exists only in Java, and " + reason
                + ". Select it alone, give the conversion an SQL form, or wait until read-new.");
    }
}
