package dev.segue.schema;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/** Steps on PostgreSQL, where DDL is part of a transaction. */
final class PostgresExecution implements Dialect.Execution {

    /** How long one attempt at a build waits for older transactions; nobody queues behind it. */
    private static final Duration BUILD = Duration.ofMinutes(10);

    @Override
    public void attempt(DataSource direct, Step step, LockPatience patience, Intent intent) throws SQLException {
        if (step.kind() == Step.Kind.QUICK) {
            quick(direct, step, patience, intent);
        } else {
            lengthy(direct, step, intent);
        }
    }

    /** The intent's lock, the check and the statements are one transaction: who withdraws the intent waits for its end. */
    private static void quick(DataSource direct, Step step, LockPatience patience, Intent intent) throws SQLException {
        inTransaction(direct, connection -> {
            Query query = new Query(connection);
            query.run(
                    "SET LOCAL lock_timeout = " + Math.max(1, patience.timeout().toMillis()));
            // If this process is stopped here, the server takes its locks from it.
            query.run("SET LOCAL idle_in_transaction_session_timeout = '5s'");
            intent.stillStands(connection);
            for (String sql : step.sql()) {
                query.run(sql);
            }
        });
    }

    private static void lengthy(DataSource direct, Step step, Intent intent) throws SQLException {
        inTransaction(direct, intent::stillStands);
        try (Connection connection = direct.getConnection()) {
            Query query = new Query(connection);
            query.run("SET lock_timeout = " + BUILD.toMillis());
            query.run("SET statement_timeout = 0");
            try {
                for (String sql : step.sql()) {
                    query.run(sql);
                }
            } finally {
                query.run("RESET lock_timeout");
                query.run("RESET statement_timeout");
            }
        }
    }

    private interface Work {
        void run(Connection connection) throws SQLException;
    }

    private static void inTransaction(DataSource direct, Work work) throws SQLException {
        try (Connection connection = direct.getConnection()) {
            connection.setAutoCommit(false);
            try {
                work.run(connection);
                connection.commit();
            } catch (SQLException | RuntimeException e) {
                try {
                    connection.rollback();
                } catch (SQLException broken) {
                    e.addSuppressed(broken);
                }
                throw e;
            } finally {
                if (!connection.isClosed()) {
                    connection.setAutoCommit(true);
                }
            }
        }
    }
}
