package dev.segue.hibernate;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.function.Predicate;
import org.hibernate.type.BasicType;
import org.hibernate.type.descriptor.WrapperOptions;
import org.hibernate.usertype.UserType;
import org.jspecify.annotations.Nullable;

/**
 * Reads of an old column whether its value survives the conversion there and back.
 *
 * @param read how the column is read
 */
record SurvivalType(BasicType<?> read, Predicate<@Nullable Object> survives) implements UserType<Boolean> {

    /** Where the database has told already: 1 if it survives. */
    static SurvivalType told(BasicType<?> integer) {
        return new SurvivalType(integer, told -> Integer.valueOf(1).equals(told));
    }

    @Override
    public int getSqlType() {
        return Types.BOOLEAN;
    }

    @Override
    public Class<Boolean> returnedClass() {
        return Boolean.class;
    }

    @Override
    public Boolean nullSafeGet(ResultSet row, int position, WrapperOptions options) throws SQLException {
        return survives.test(read.getJdbcValueExtractor().extract(row, position, options));
    }

    @Override
    public Boolean deepCopy(Boolean value) {
        return value;
    }

    @Override
    public boolean isMutable() {
        return false;
    }
}
