package dev.segue.schema;

import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.database.TransientErrors;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import javax.sql.DataSource;

/**
 * Waits for the transactions that had written the tables of a change when it began. It only looks, again and again, so
 * nobody queues behind it.
 *
 * <p>Where the database does not show the transactions of others (MySQL, when the performance schema is off or may not be
 * read), it takes the tables for itself for a moment, under a short lock timeout, until it has succeeded once: then
 * whoever had written them has come to an end.
 */
public final class Barrier {

    private final DataSource direct;
    private final Database database;
    private final Dialect.Transactions transactions;
    private final Dialect.Execution execution;

    public Barrier(DataSource direct, Database database) {
        this.direct = direct;
        this.database = database;
        this.transactions = Dialect.of(database).transactions();
        this.execution = Dialect.of(database).execution();
    }

    /**
     * @param all whether to wait for every transaction that is open, whatever it has done: without a guard, one that
     *     has not written yet may still do so
     * @param pause between two looks
     * @param goOn false ends the wait
     * @param waitingFor is told which transactions are waited for, in words
     * @return whether they are all over; false if the wait was ended
     */
    public boolean await(
            ColumnChange change, boolean all, Duration pause, BooleanSupplier goOn, Consumer<String> waitingFor)
            throws SQLException, InterruptedException {
        try (Connection connection = direct.getConnection()) {
            if (!transactions.visible(connection)) {
                return takeForAMoment(change, goOn, waitingFor);
            }
            Map<String, String> waited = open(connection, change, all);
            while (!waited.isEmpty()) {
                waitingFor.accept("transactions that had written before: " + String.join("; ", waited.values()));
                if (!goOn.getAsBoolean()) {
                    return false;
                }
                Thread.sleep(pause.toMillis());
                waited.keySet().retainAll(open(connection, change, all).keySet());
            }
            return true;
        }
    }

    /** Who may have locked rows of the tables of a change now, in words; nobody if this user may not see it. */
    public List<String> lockers(ColumnChange change) throws SQLException {
        try (Connection connection = direct.getConnection()) {
            return transactions.visible(connection)
                    ? List.copyOf(
                            onTables(connection, change, Dialect.Holding.ROWS).values())
                    : List.of();
        }
    }

    private Map<String, String> open(Connection connection, ColumnChange change, boolean all) throws SQLException {
        return all ? transactions.everywhere(connection) : onTables(connection, change, Dialect.Holding.WRITES);
    }

    private Map<String, String> onTables(Connection connection, ColumnChange change, Dialect.Holding holding)
            throws SQLException {
        Map<String, String> found = new LinkedHashMap<>();
        for (Site site : change.sites()) {
            found.putAll(transactions.onTable(connection, site.table(), holding));
        }
        return found;
    }

    private boolean takeForAMoment(ColumnChange change, BooleanSupplier goOn, Consumer<String> waitingFor)
            throws SQLException, InterruptedException {
        for (Site site : change.sites()) {
            Step moment = Step.quick(
                    site.table(), null, "LOCK TABLES " + site.table().quoted(database) + " WRITE", "UNLOCK TABLES");
            while (!taken(moment)) {
                waitingFor.accept("a transaction on table " + site.table() + " that this user may not see");
                if (!goOn.getAsBoolean()) {
                    return false;
                }
                Thread.sleep(LockPatience.DEFAULT.shortestPause().toMillis());
            }
        }
        return true;
    }

    private boolean taken(Step moment) throws SQLException {
        try {
            execution.attempt(direct, moment, LockPatience.DEFAULT, connection -> {});
            return true;
        } catch (SQLException e) {
            if (TransientErrors.isTransient(database, e)) {
                return false;
            }
            throw e;
        }
    }
}
