package dev.segue.schema;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * Steps on MySQL, where DDL commits by itself and so cannot share a transaction with the intent's lock.
 *
 * <p>A second connection holds the lock instead, from before the first statement of a quick step until after the last
 * one. If this process is stopped in between, the server closes both connections because they are idle, the one with the
 * statements first and by a wide margin. So when the lock is free again, and somebody may withdraw the intent, the
 * process can no longer send the statement, however late it wakes up.
 *
 * <p>A long step cannot hold the row of the change, on which the fleet's moves wait, for hours; it asks once, before.
 * That is enough because its revert queues behind it in the server.
 */
final class MysqlExecution implements Dialect.Execution {

    private static final int STATEMENTS_IDLE_SECONDS = 10;

    private static final int LOCK_IDLE_SECONDS = 60;

    private static final int LOCK_WAIT_TIMEOUT = 1205;

    /** The table has been changed in an instant as often as its format allows. */
    private static final int TOO_MANY_ROW_VERSIONS = 4092;

    @Override
    public void attempt(DataSource direct, Step step, LockPatience patience, Intent intent) throws SQLException {
        try {
            locked(direct, step, patience, intent);
        } catch (SQLException e) {
            if (e.getErrorCode() != TOO_MANY_ROW_VERSIONS) {
                throw e;
            }
            locked(direct, rebuild(step), patience, intent);
            locked(direct, step, patience, intent);
        }
    }

    /** Begins the count anew while the application works on. */
    private static Step rebuild(Step step) {
        return Step.lengthy(
                step.table(),
                null,
                "ALTER TABLE " + step.table().quoted(dev.segue.database.Database.MYSQL)
                        + " FORCE, ALGORITHM=INPLACE, LOCK=NONE");
    }

    private static void locked(DataSource direct, Step step, LockPatience patience, Intent intent) throws SQLException {
        try (Connection statements = direct.getConnection();
                Connection lock = direct.getConnection()) {
            Settings of = Settings.of(statements);
            Settings ofLock = Settings.of(lock);
            try {
                // Seconds are the finest it has. Also a long step takes the table for itself, at its beginning and end.
                long seconds = Math.max(1, (patience.timeout().toMillis() + 999) / 1000);
                new Query(statements)
                        .run("SET SESSION lock_wait_timeout = " + seconds + ", wait_timeout = "
                                + STATEMENTS_IDLE_SECONDS
                                // Only then is NOT NULL checked by the rebuild itself, and the rebuild online.
                                + ", sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_TRANS_TABLES')");
                new Query(lock)
                        .run("SET SESSION innodb_lock_wait_timeout = " + seconds + ", wait_timeout = "
                                + LOCK_IDLE_SECONDS);
                lock.setAutoCommit(false);
                try {
                    intent.stillStands(lock);
                    if (step.kind() == Step.Kind.LONG) {
                        lock.rollback();
                    }
                    run(statements, step);
                } finally {
                    lock.rollback();
                    lock.setAutoCommit(true);
                }
            } finally {
                of.restore(statements);
                ofLock.restore(lock);
            }
        }
    }

    private static void run(Connection connection, Step step) throws SQLException {
        Query query = new Query(connection);
        try {
            for (String sql : step.sql()) {
                if (sql.startsWith("ANALYZE ")) {
                    analyze(connection, sql);
                } else {
                    query.run(sql);
                }
            }
        } catch (SQLException e) {
            query.run("UNLOCK TABLES");
            throw e;
        }
    }

    /** This one tells its failures in rows. */
    private static void analyze(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
            try (ResultSet row = statement.getResultSet()) {
                while (row.next()) {
                    String text = row.getString("Msg_text");
                    if (row.getString("Msg_type").equalsIgnoreCase("error")) {
                        throw new SQLException(
                                text, "HY000", text.startsWith("Lock wait timeout") ? LOCK_WAIT_TIMEOUT : 0);
                    }
                }
            }
        }
    }

    /** What a pooled connection has to have again when it goes back. */
    private record Settings(long lockWait, long rowLockWait, long idle, boolean keysChecked, String mode) {

        static Settings of(Connection connection) throws SQLException {
            return new Query(connection)
                    .list(
                            "SELECT @@SESSION.lock_wait_timeout, @@SESSION.innodb_lock_wait_timeout,"
                                    + " @@SESSION.wait_timeout, @@SESSION.foreign_key_checks, @@SESSION.sql_mode",
                            row -> new Settings(
                                    row.getLong(1),
                                    row.getLong(2),
                                    row.getLong(3),
                                    row.getBoolean(4),
                                    row.getString(5)))
                    .get(0);
        }

        void restore(Connection connection) throws SQLException {
            if (!connection.isClosed() && connection.isValid(1)) {
                new Query(connection)
                        .run("SET SESSION lock_wait_timeout = " + lockWait + ", innodb_lock_wait_timeout = "
                                + rowLockWait + ", wait_timeout = " + idle + ", foreign_key_checks = " + keysChecked
                                + ", sql_mode = '" + mode + "'");
            }
        }
    }
}
