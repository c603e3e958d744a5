package dev.segue.schema;

import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import javax.sql.DataSource;

/**
 * Waits for the transactions that had written a table when the wait began. It only looks at who holds locks and never
 * asks for one, so nobody queues behind it.
 *
 * <p>A guard that stands is no barrier: the write of a paused node may have fired it and still be uncommitted.
 */
public final class Barrier {

    private final DataSource direct;
    private final SchemaDialect dialect;

    public Barrier(DataSource direct, Database database) {
        this.direct = direct;
        this.dialect = SchemaDialect.of(database);
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
        Set<String> open = writers(change, all);
        while (!open.isEmpty()) {
            waitingFor.accept("transactions that had written before: " + String.join(", ", open));
            if (!goOn.getAsBoolean()) {
                return false;
            }
            Thread.sleep(pause.toMillis());
            open.retainAll(writers(change, all));
        }
        return true;
    }

    private Set<String> writers(ColumnChange change, boolean all) throws SQLException {
        Set<String> found = new HashSet<>();
        try (Connection connection = direct.getConnection()) {
            for (Site site : change.sites()) {
                found.addAll(dialect.writers(connection, site.table(), all));
            }
        }
        return found;
    }
}
