package dev.segue.backfill;

import dev.segue.change.Column;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.lifecycle.Side;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Repairs inside the database, by a conversion that can be said in SQL:
 *
 * <ol>
 *   <li>Count, without locks, what disagrees; most often nothing does, when the pass comes by for the second time.
 *   <li>Repair what disagrees and nobody has locked.
 *   <li>Count again, with a newer snapshot: what still disagrees was locked.
 * </ol>
 */
final class SqlRepair implements Repair {

    private final Database database;
    private final Site site;
    private final String table;
    private final KeyOrder key;
    private final String disagrees;
    private final String assignments;

    /** How many rows a window has, and how many of them disagree. */
    private record Count(long rows, long disagreeing) {}

    /** @param kept columns that an update would touch by itself */
    SqlRepair(Database database, Site site, Side side, List<String> kept) {
        this.database = database;
        this.site = site;
        this.table = site.table().quoted(database);
        this.key = new KeyOrder(database, site.key());
        this.disagrees = site.disagrees(database, "t.");
        this.assignments = String.join(", ", assignments(side, kept));
    }

    /** Some rows: a condition with placeholders, and what binds them. */
    private record Rows(String where, Binder binder) {}

    private interface Binder {
        /** @return the index of the next parameter */
        int bind(PreparedStatement statement, int index) throws SQLException;
    }

    @Override
    public Done repair(Connection connection, Window window) throws SQLException {
        return repair(
                connection, new Rows(key.within(window), (statement, index) -> key.bind(statement, index, window)));
    }

    @Override
    public Fixed fix(Connection connection, List<Key> keys) throws SQLException {
        long repaired = 0;
        Set<Key> locked = new HashSet<>();
        Map<Key, String> unfit = new LinkedHashMap<>();
        for (Key each : keys) {
            Savepoint before = connection.setSavepoint();
            try {
                Done done = repair(
                        connection, new Rows(key.same(), (statement, index) -> key.bindSame(statement, index, each)));
                connection.releaseSavepoint(before);
                repaired += done.repaired();
                if (done.left() > 0) {
                    locked.add(each);
                }
            } catch (SQLException e) {
                if (!Unfit.is(database, e)) {
                    throw e;
                }
                connection.rollback(before);
                unfit.put(each, Unfit.words(e));
            }
        }
        return new Fixed(repaired, locked, unfit);
    }

    private Done repair(Connection connection, Rows rows) throws SQLException {
        Count found = count(connection, rows);
        if (found.disagreeing() == 0) {
            return new Done(found.rows(), 0, 0);
        }
        long repaired = set(connection, rows);
        return new Done(found.rows(), repaired, count(connection, rows).disagreeing());
    }

    /** Counts without a lock, as of now. */
    private Count count(Connection connection, Rows rows) throws SQLException {
        String sql = """
                SELECT COUNT(*), COUNT(CASE WHEN %s THEN 1 END) FROM %s AS t
                WHERE %s""".formatted(disagrees, table, rows.where());
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            rows.binder().bind(select, 1);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return new Count(row.getLong(1), row.getLong(2));
            }
        }
    }

    /**
     * Repairs those of the rows that disagree, but for those that somebody else has locked: a batch that waited
     * for a lock while it holds others would be one half of a deadlock.
     *
     * <p>Only keys come out of the inner select, never values: what is written is computed from the row as it is once
     * it is locked.
     *
     * @return how many rows
     */
    private long set(Connection connection, Rows rows) throws SQLException {
        String sql = switch (database) {
            // The condition stands there twice so that no plan reads more of the table than these rows.
            case POSTGRESQL -> """
                    WITH c AS (
                        SELECT %1$s FROM %2$s AS t
                        WHERE %3$s AND %4$s
                        ORDER BY %1$s
                        FOR NO KEY UPDATE SKIP LOCKED)
                    UPDATE %2$s AS t SET %5$s
                    FROM c WHERE %6$s AND %3$s""";
            // The limit keeps the inner select a select of its own: merged into the update it would wait for locks.
            case MYSQL -> """
                    UPDATE %2$s AS t JOIN (
                        SELECT %1$s FROM %2$s AS t
                        WHERE %3$s AND %4$s
                        ORDER BY %1$s LIMIT 9223372036854775807
                        FOR UPDATE SKIP LOCKED) AS c ON %6$s
                    SET %5$s
                    WHERE %3$s""";
        };
        String whole = sql.formatted(key.names(), table, rows.where(), disagrees, assignments, key.joined());
        try (PreparedStatement update = connection.prepareStatement(whole)) {
            rows.binder().bind(update, rows.binder().bind(update, 1));
            return update.executeLargeUpdate();
        }
    }

    private List<String> assignments(Side side, List<String> keptColumns) {
        List<Column> targets = side == Side.NEW ? site.newColumns() : site.oldColumns();
        List<String> values = side == Side.NEW ? site.toNew(database, "t.") : site.toOld(database, "t.");
        // PostgreSQL allows no alias before the column that is set, MySQL needs one as two tables are joined.
        String qualifier = database == Database.MYSQL ? "t." : "";
        List<String> all = new ArrayList<>();
        for (int i = 0; i < targets.size(); i++) {
            all.add(qualifier + database.quote(targets.get(i).name()) + " = " + values.get(i));
        }
        keptColumns.stream()
                .filter(kept ->
                        targets.stream().noneMatch(target -> target.name().equalsIgnoreCase(kept)))
                .map(database::quote)
                .forEach(kept -> all.add("t." + kept + " = t." + kept));
        return all;
    }
}
