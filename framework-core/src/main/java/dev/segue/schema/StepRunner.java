package dev.segue.schema;

import dev.segue.database.Database;
import dev.segue.database.TransientErrors;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;

/**
 * Runs a step: asks whether it is done, makes sure that the intent still stands, waits for the lock only shortly, and
 * tries again after a pause.
 *
 * <p>On PostgreSQL the intent is locked in the transaction of the DDL itself. On MySQL DDL commits by itself, so a second
 * connection holds the lock meanwhile, and the connection of the DDL is given up by the server sooner than that one: a
 * process that is stopped in between and wakes up late finds the connection it would run the DDL on already gone.
 */
final class StepRunner {

    private static final int DDL_CONNECTION_IDLES_SECONDS = 5;
    private static final int LOCK_CONNECTION_IDLES_SECONDS = 30;

    private final DataSource direct;
    private final Database database;
    private final SchemaDialect dialect;
    private final LockPatience patience;

    StepRunner(DataSource direct, Database database, LockPatience patience) {
        this.direct = direct;
        this.database = database;
        this.dialect = SchemaDialect.of(database);
        this.patience = patience;
    }

    void run(Step step, Intent intent) throws SQLException, InterruptedException {
        List<SQLException> failures = new ArrayList<>();
        while (true) {
            try {
                attempt(step, intent);
                return;
            } catch (SQLException e) {
                if (!TransientErrors.isTransient(database, e)) {
                    failures.forEach(e::addSuppressed);
                    throw e;
                }
                failures.add(e);
                if (failures.size() >= patience.attempts()) {
                    StageHeldException gaveUp = new StageHeldException(
                            "The table was busy at each of " + failures.size() + " attempts to run: "
                                    + step.sql().get(0),
                            "look for long transactions on the table, or raise segue.schema.lock-attempts",
                            e);
                    failures.forEach(gaveUp::addSuppressed);
                    throw gaveUp;
                }
            }
            pause();
        }
    }

    private void pause() throws InterruptedException {
        long shortest = patience.shortestPause().toMillis();
        long longest = patience.longestPause().toMillis();
        Thread.sleep(ThreadLocalRandom.current().nextLong(shortest, longest + 1));
    }

    private void attempt(Step step, Intent intent) throws SQLException {
        try (Connection connection = direct.getConnection()) {
            if (new Query(connection).isTrue(step.unless())) {
                return;
            }
            if (step.scans()) {
                runBesideWriters(connection, step, intent);
            } else if (dialect.transactionalDdl()) {
                runInTransaction(connection, step, intent);
            } else {
                runUnderSecondConnection(connection, step, intent);
            }
        }
    }

    /** These statements keep nobody out; the intent is asked before, and a result that comes late is harmless. */
    private static void runBesideWriters(Connection connection, Step step, Intent intent) throws SQLException {
        connection.setAutoCommit(false);
        try {
            intent.stillStands(connection);
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
        for (String sql : step.sql()) {
            new Query(connection).run(sql);
        }
    }

    private void runInTransaction(Connection connection, Step step, Intent intent) throws SQLException {
        dialect.limitLockWait(connection, patience.timeout());
        connection.setAutoCommit(false);
        try {
            intent.stillStands(connection);
            for (String sql : step.sql()) {
                new Query(connection).run(sql);
            }
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
            dialect.unlimitLockWait(connection);
        }
    }

    private void runUnderSecondConnection(Connection connection, Step step, Intent intent) throws SQLException {
        dialect.limitLockWait(connection, patience.timeout());
        new Query(connection).run("SET SESSION wait_timeout = " + DDL_CONNECTION_IDLES_SECONDS);
        try (Connection lock = direct.getConnection()) {
            new Query(lock).run("SET SESSION wait_timeout = " + LOCK_CONNECTION_IDLES_SECONDS);
            lock.setAutoCommit(false);
            try {
                intent.stillStands(lock);
                runAll(connection, step);
            } finally {
                lock.rollback();
                lock.setAutoCommit(true);
                new Query(lock).run("SET SESSION wait_timeout = DEFAULT");
            }
        } finally {
            new Query(connection).run("SET SESSION wait_timeout = DEFAULT");
            dialect.unlimitLockWait(connection);
        }
    }

    private static void runAll(Connection connection, Step step) throws SQLException {
        Query query = new Query(connection);
        try {
            for (String sql : step.sql()) {
                query.run(sql);
            }
        } catch (SQLException e) {
            query.run("UNLOCK TABLES");
            throw e;
        }
    }
}
