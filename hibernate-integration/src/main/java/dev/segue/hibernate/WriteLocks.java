package dev.segue.hibernate;

import dev.segue.database.Database;
import dev.segue.database.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The write locks that transactions take when they begin, while the fleet braces for a stage. Thread-safe. */
final class WriteLocks {

    private final Database database;
    private final Map<String, Set<TableName>> tables = new ConcurrentHashMap<>();
    private volatile @Nullable String select;

    WriteLocks(Database database) {
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
        // It finds no row and so locks none, nor does it begin a snapshot.
        select = names.isEmpty() ? null : "SELECT 1 FROM " + names + " WHERE FALSE FOR UPDATE";
    }

    /** Takes them for a transaction that has not run a statement yet. */
    void take(Connection connection) throws SQLException {
        String now = select;
        if (now != null && !connection.isReadOnly()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(now);
            }
        }
    }
}
