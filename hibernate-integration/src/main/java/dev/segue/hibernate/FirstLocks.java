package dev.segue.hibernate;

import dev.segue.database.Database;
import dev.segue.database.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The locks that transactions take when they begin, while the fleet braces for a stage; those for writing, unless the
 * transaction only reads. Thread-safe.
 */
final class FirstLocks {

    private final Database database;
    private final Map<String, Set<TableName>> tables = new HashMap<>();
    private final Set<Term> earlier = ConcurrentHashMap.newKeySet();
    private volatile Term current = new Term(null);

    /** The time during which transactions begin with the same locks, and those of them that are not over. */
    private static final class Term {

        /** It finds no row and so locks none, nor does it begin a snapshot. */
        private final @Nullable String select;

        private final AtomicInteger running = new AtomicInteger();

        Term(@Nullable String select) {
            this.select = select;
        }
    }

    FirstLocks(Database database) {
        this.database = database;
    }

    /** For the sake of that change, lock these tables from now on. */
    synchronized void on(String change, Set<TableName> taken) {
        tables.put(change, taken);
        String names = tables.values().stream()
                .flatMap(Set::stream)
                .map(table -> table.quoted(database))
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
        String select = names.isEmpty() ? null : "SELECT 1 FROM " + names + " WHERE FALSE";
        if (!Objects.equals(select, current.select)) {
            earlier.add(current);
            current = new Term(select);
        }
    }

    /** Whether no transaction runs any more that began with other locks. */
    boolean areTaken() {
        earlier.removeIf(term -> term.running.get() == 0);
        return earlier.isEmpty();
    }

    /**
     * Takes them for a transaction that has not run a statement yet.
     *
     * @return what to run when the transaction is over
     */
    Runnable begin(Connection connection) throws SQLException {
        Term term = enter();
        try {
            if (term.select != null) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute(connection.isReadOnly() ? term.select : term.select + " FOR UPDATE");
                }
            }
        } catch (SQLException | RuntimeException e) {
            term.running.decrementAndGet();
            throw e;
        }
        return term.running::decrementAndGet;
    }

    private Term enter() {
        while (true) {
            Term term = current;
            term.running.incrementAndGet();
            // Somebody may have looked between the two lines and found nothing running.
            if (term == current) {
                return term;
            }
            term.running.decrementAndGet();
        }
    }
}
