package dev.segue.schema;

import dev.segue.database.Database;
import dev.segue.database.TransientErrors;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs steps one after the other:
 *
 * <ol>
 *   <li>If the catalog shows that a step is done, go on to the next.
 *   <li>Else try it. If it did not get its lock, wait for a while and begin again with 1.
 *   <li>After the last attempt give up, and name who holds the lock.
 * </ol>
 *
 * <p>An error other than "no lock" is thrown at once.
 */
final class StepRunner {

    private static final Logger log = LoggerFactory.getLogger(StepRunner.class);

    private final DataSource direct;
    private final Database database;
    private final Dialect dialect;
    private final LockPatience patience;

    StepRunner(DataSource direct, Database database, LockPatience patience) {
        this.direct = direct;
        this.database = database;
        this.dialect = Dialect.of(database);
        this.patience = patience;
    }

    void run(List<Step> steps, Intent intent) throws SQLException, InterruptedException {
        for (Step step : steps) {
            run(step, intent);
        }
    }

    private void run(Step step, Intent intent) throws SQLException, InterruptedException {
        List<SQLException> failures = new ArrayList<>();
        while (true) {
            try {
                if (!isDone(step)) {
                    dialect.execution().attempt(direct, step, patience, intent);
                }
                return;
            } catch (SQLException e) {
                if (!TransientErrors.isTransient(database, e)) {
                    failures.forEach(e::addSuppressed);
                    throw e;
                }
                failures.add(e);
            }
            Collection<String> holders = holders(step);
            if (failures.size() >= patience.attempts()) {
                throw gaveUp(step, holders, failures);
            }
            log.info(
                    "Table {} was in use ({}); attempt {} of {} follows.",
                    step.table(),
                    String.join("; ", holders),
                    failures.size() + 1,
                    patience.attempts());
            pause();
        }
    }

    private boolean isDone(Step step) throws SQLException {
        String unless = step.unless();
        if (unless == null) {
            return false;
        }
        try (Connection connection = direct.getConnection()) {
            return !new Query(connection).strings(unless).isEmpty();
        }
    }

    private Collection<String> holders(Step step) throws SQLException {
        try (Connection connection = direct.getConnection()) {
            return dialect.transactions().visible(connection)
                    ? dialect.transactions()
                            .onTable(connection, step.table(), Dialect.Holding.ANY)
                            .values()
                    : List.of();
        }
    }

    private void pause() throws InterruptedException {
        long shortest = patience.shortestPause().toMillis();
        long longest = patience.longestPause().toMillis();
        Thread.sleep(ThreadLocalRandom.current().nextLong(shortest, longest + 1));
    }

    private static StageHeldException gaveUp(Step step, Collection<String> holders, List<SQLException> failures) {
        StageHeldException gaveUp = new StageHeldException(
                "Table %s was busy at each of %d attempts to run \"%s\"; %s"
                        .formatted(
                                step.table(),
                                failures.size(),
                                step.sql().get(0).lines().findFirst().orElse(""),
                                holders.isEmpty()
                                        ? "who uses it could not be seen"
                                        : "in use by " + String.join("; ", holders)),
                "end the transactions that stay open on this table, or raise segue.schema.lock-attempts",
                failures.get(failures.size() - 1));
        failures.subList(0, failures.size() - 1).forEach(gaveUp::addSuppressed);
        return gaveUp;
    }
}
