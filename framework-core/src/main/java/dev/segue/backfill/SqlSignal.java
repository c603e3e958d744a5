package dev.segue.backfill;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** A throttle signal that one statement on a connection of its own reads. */
record SqlSignal(String name, String unit, double limit, DataSource source, Reader reader) implements ThrottleSignal {

    private static final int TIMEOUT_SECONDS = 2;

    /** Reads the value. */
    interface Reader {
        double read(Statement statement) throws SQLException;
    }

    @Override
    public double read() throws SQLException {
        return ask(source, reader);
    }

    /** Reads a value on a connection of its own. */
    static double ask(DataSource source, Reader reader) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(TIMEOUT_SECONDS);
            return reader.read(statement);
        }
    }

    /**
     * The only number of a statement's only row.
     *
     * @param remedy if there is none, for whoever may not see it
     */
    static Reader number(String sql, int column, String remedy) {
        return statement -> {
            try (ResultSet row = statement.executeQuery(sql)) {
                if (row.next()) {
                    double value = row.getDouble(column);
                    if (!row.wasNull()) {
                        return value;
                    }
                }
                throw new SQLException(remedy);
            }
        };
    }
}
