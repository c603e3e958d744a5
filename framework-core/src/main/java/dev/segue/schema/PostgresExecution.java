package dev.segue.schema;

import dev.segue.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** Steps on PostgreSQL, where DDL is part of a transaction. */
final class PostgresExecution implements Dialect.Execution {

    /** How long one attempt at a build waits for older transactions; nobody queues behind it. */
    private static final Duration BUILD = Duration.ofMinutes(10);

    /** What a statement on a table of partitions takes of each, the stronger one first; of weaker ones nobody notices much. */
    private static final List<String> OF_EACH_PARTITION = List.of("ACCESS EXCLUSIVE", "SHARE ROW EXCLUSIVE");

    private static final String CANCELED = "57014";
    private static final String LOCKED = "55P03";

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
            lockPartitions(query, step, patience);
            for (String sql : step.sql()) {
                query.run(sql);
            }
        });
    }

    /**
     * A statement on a table of partitions waits for each of them anew, and keeps the table and what it has of them
     * meanwhile. So all are locked before, within the time that the application may have to wait for one lock.
     */
    private static void lockPartitions(Query query, Step step, LockPatience patience) throws SQLException {
        String table = step.table().quoted(Database.POSTGRESQL);
        Optional<String> mode = OF_EACH_PARTITION.stream()
                .filter(each -> step.sql().stream()
                        .flatMap(sql -> Explained.of(Database.POSTGRESQL, sql).stream())
                        .anyMatch(explained -> explained.lock().startsWith(each)))
                .findFirst();
        boolean isPartitioned = mode.isPresent()
                && !query.strings("SELECT 1 FROM pg_class WHERE relkind = 'p' AND oid = to_regclass("
                                + Database.POSTGRESQL.literal(table) + ")")
                        .isEmpty();
        if (!isPartitioned) {
            return;
        }
        query.run("SET LOCAL statement_timeout = "
                + Math.max(1, patience.timeout().toMillis()));
        try {
            query.run("LOCK TABLE " + table + " IN " + mode.get() + " MODE");
        } catch (SQLException e) {
            throw CANCELED.equals(e.getSQLState())
                    ? new SQLTransientException(
                            "Not all partitions of " + step.table() + " could be locked in time", LOCKED, e)
                    : e;
        }
        query.run("SET LOCAL statement_timeout = DEFAULT");
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
