package dev.segue.schema;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Runs statements whose parts have been quoted. */
final class Query {

    /** Makes a value of a row. */
    @FunctionalInterface
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    private final Connection connection;

    Query(Connection connection) {
        this.connection = connection;
    }

    <T> List<T> list(String sql, Row<T> reader) throws SQLException {
        List<T> found = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                found.add(reader.read(row));
            }
        }
        return found;
    }

    List<String> strings(String sql) throws SQLException {
        return list(sql, row -> row.getString(1));
    }

    boolean isTrue(String sql) throws SQLException {
        return list(sql, row -> row.getBoolean(1)).get(0);
    }

    void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
