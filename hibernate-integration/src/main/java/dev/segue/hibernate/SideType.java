package dev.segue.hibernate;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.hibernate.type.descriptor.WrapperOptions;
import org.hibernate.usertype.UserType;
import org.jspecify.annotations.Nullable;

/**
 * The type of an old column of a {@link GroupConversion}: its value is that of the whole attribute, and it is never read.
 *
 * @param column its place among the old columns
 * @param dirty whether it is what makes the entity dirty, because nothing else of the attribute is written
 */
record SideType(GroupConversion conversion, int column, boolean dirty) implements UserType<@Nullable Object> {

    @Override
    public int getSqlType() {
        return conversion.before().types().get(column).getJdbcType().getDefaultSqlTypeCode();
    }

    @Override
    public Class<@Nullable Object> returnedClass() {
        return Object.class;
    }

    @Override
    public boolean equals(@Nullable Object x, @Nullable Object y) {
        return !dirty || conversion.after().same(x, y);
    }

    @Override
    public int hashCode(@Nullable Object x) {
        return 0;
    }

    @Override
    public @Nullable Object nullSafeGet(ResultSet row, int position, WrapperOptions options) {
        throw new IllegalStateException("An old column that is only written is never selected.");
    }

    @Override
    public void nullSafeSet(PreparedStatement statement, @Nullable Object value, int position, WrapperOptions options)
            throws SQLException {
        conversion
                .before()
                .types()
                .get(column)
                .nullSafeSet(statement, conversion.toOld(value).get(column), position, options.getSession());
    }

    @Override
    public @Nullable Object deepCopy(@Nullable Object value) {
        return dirty ? conversion.after().copy(value) : value;
    }

    @Override
    public boolean isMutable() {
        return dirty;
    }
}
