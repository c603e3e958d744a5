package dev.segue.schema;

import dev.segue.change.ColumnChange;
import dev.segue.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * On MySQL a schema is a database, and is called otherwise on every machine. So scripts that are kept leave its name out,
 * unless a table of the change lies in another one. On PostgreSQL the name stays: the guard's functions have no search
 * path.
 */
record OwnSchema(@Nullable Pattern qualifier) {

    static OwnSchema of(Connection connection, Database database, ColumnChange change) throws SQLException {
        String own = Dialect.of(database).guards().registry(connection);
        boolean all = change.sites().stream().allMatch(site -> {
            String schema = site.table().schema();
            return schema == null || schema.equals(own);
        });
        return new OwnSchema(
                database == Database.MYSQL && all
                        ? Pattern.compile(
                                "('(?:[^'\\\\]++|''|\\\\.)*+')|" + Pattern.quote(database.quote(own) + "."),
                                Pattern.DOTALL)
                        : null);
    }

    String without(String sql) {
        return qualifier == null
                ? sql
                : qualifier
                        .matcher(sql)
                        .replaceAll(found -> found.group(1) == null ? "" : Matcher.quoteReplacement(found.group(1)));
    }

    Essence essence(String sql) {
        return Essence.of(without(sql));
    }
}
