package dev.segue.hibernate;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import org.hibernate.type.descriptor.WrapperOptions;
import org.hibernate.usertype.UserType;

/** Reads of an old column whether its value survives the conversion there and back. */
record SurvivalType(AttributeConversion conversion) implements UserType<Boolean> {

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
        return conversion.survives(conversion.oldType().getJdbcValueExtractor().extract(row, position, options));
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
