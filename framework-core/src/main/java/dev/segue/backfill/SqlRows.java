package dev.segue.backfill;

import dev.segue.change.Column;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.lifecycle.Side;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The statements that bring one side of the rows of one table up to date inside the database.
 *
 * <p>A row is <em>wrong</em> when its sides disagree, or when they agree and the value would not come back all the same: it
 * has been cut, or two values have become one. It is <em>lost</em> when its value would not come back from the side that is
 * to be written. Such a row is never written here, whatever else is: a guard of the other direction would carry the loss
 * back to the side that holds the truth.
 */
final class SqlRows {

    private final Database database;
    private final String table;
    private final KeyOrder key;
    private final String disagrees;
    private final String wrong;
    private final String mayBeWrong;
    private final String lost;
    private final String assignments;
    private final boolean copies;
    private final List<String> values;
    private final Parents parents;

    /** Through the key and no other index, of which MySQL would wait for entries that somebody is inserting. */
    private static final String BY_KEY = "/*+ INDEX(t PRIMARY) */";

    /** Some rows: a condition with placeholders, and what binds them. */
    record Rows(String where, Binder binder) {}

    /** Binds what a condition has placeholders for. */
    interface Binder {
        /** @return the index of the next parameter */
        int bind(PreparedStatement statement, int index) throws SQLException;
    }

    /** How many rows a statement has written, and how many of them it has left wrong. */
    record Written(long rows, long wrong) {}

    /**
     * @param comesBack whether there is a way back that a value has to survive
     * @param kept columns that an update would touch by itself
     */
    SqlRows(Database database, Site site, Side side, boolean comesBack, List<String> kept, Parents parents) {
        this.parents = parents;
        this.values = side == Side.NEW ? site.toNew(database, "t.") : site.toOld(database, "t.");
        this.database = database;
        this.table = site.table().quoted(database);
        this.key = new KeyOrder(database, site.key());
        this.disagrees = site.disagrees(database, "t.");
        // On the way to OLD, what has come back is what disagreed before.
        this.wrong = comesBack && side == Side.NEW
                ? "(" + disagrees + " OR " + site.differsBack(database, "t.") + ")"
                : disagrees;
        this.lost = comesBack ? site.lost(database, "t.", side) : "FALSE";
        this.assignments = String.join(", ", assignments(site, side, kept));
        this.copies = site.isCopy();
        this.mayBeWrong =
                comesBack && side == Side.NEW && !copies ? "(" + isUnfilled(site) + " OR " + wrong + ")" : wrong;
    }

    /**
     * A row that has nothing yet is wrong, if nothing does not come back as something, and this is known without
     * converting it, which takes a twentieth of the time. Where it does, the row is only set to what it is.
     */
    private String isUnfilled(Site site) {
        return "(" + nulls(site.newColumns(), " IS NULL", " AND ") + " AND "
                + nulls(site.oldColumns(), " IS NOT NULL", " OR ") + ")";
    }

    private String nulls(List<Column> columns, String test, String joint) {
        return columns.stream()
                .map(column -> "t." + database.quote(column.name()) + test)
                .collect(Collectors.joining(joint, "(", ")"));
    }

    /** Whether what is written is the very value of the other side: it needs no look at what has been stored. */
    boolean areCopies() {
        return copies;
    }

    Rows within(Window window) {
        return new Rows(key.within(window), (statement, index) -> key.bind(statement, index, window));
    }

    Rows of(Key one) {
        return new Rows(key.same(), (statement, index) -> key.bindSame(statement, index, one));
    }

    /**
     * Repairs those of the rows that disagree, but for those that are lost, and for those that somebody else has locked: a
     * batch that waited for a lock while it holds others would be one half of a deadlock.
     *
     * <p>Only keys come out of the inner select, never values: what is written is computed from the row as it is once
     * it is locked.
     *
     * @return how many rows
     */
    long setUnlocked(Connection connection, Rows rows) throws SQLException {
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
            // The limit keeps the inner select a select of its own: merged into the update it would
            // wait for locks. And it comes first: of a small table MySQL would rather lock every
            // row, those of others as well, and look up what is wanted.
            case MYSQL -> """
                    UPDATE (
                        SELECT %1$s FROM %2$s AS t
                        WHERE %3$s AND %4$s
                        ORDER BY %1$s LIMIT 9223372036854775807
                        FOR UPDATE SKIP LOCKED) AS c
                    STRAIGHT_JOIN %2$s AS t FORCE INDEX (PRIMARY) ON %6$s
                    SET %5$s
                    WHERE %3$s""";
        };
        String whole = sql.formatted(key.names(), table, rows.where(), repairable(), assignments, key.joined());
        try (PreparedStatement update = connection.prepareStatement(whole)) {
            rows.binder().bind(update, rows.binder().bind(update, 1));
            return update.executeLargeUpdate();
        }
    }

    /**
     * Locks all of the rows if nobody else has locked one of them, and else does not wait: so that {@link #setLocked} may
     * follow. MySQL only, where what it has locked by then stays locked.
     *
     * @return whether all are locked
     */
    boolean lockAll(Connection connection, Rows rows) throws SQLException {
        try {
            requireAll(connection, rows);
            return true;
        } catch (SQLException e) {
            if (LockWait.isRefused(e)) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Does what {@link #lockAll} does.
     *
     * @throws SQLException such that {@link LockWait#isOver} is true, if somebody else has locked one of the rows
     */
    void requireAll(Connection connection, Rows rows) throws SQLException {
        String sql =
                "SELECT %s COUNT(*) FROM %s AS t WHERE %s FOR UPDATE NOWAIT".formatted(BY_KEY, table, rows.where());
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            rows.binder().bind(select, 1);
            select.execute();
        }
    }

    /** Whether the rows lead to others that have to be locked before they are written. */
    boolean leadElsewhere() {
        return !parents.isEmpty();
    }

    /**
     * Locks the rows of other tables to which the rows are to lead.
     *
     * @throws SQLException such that {@link LockWait#isOver} is true, if somebody else has locked one of them
     */
    void lockParents(Connection connection, Rows rows) throws SQLException {
        parents.lock(connection, values, table + " AS t WHERE " + rows.where() + " AND " + repairable(), rows.binder());
    }

    /**
     * Does what {@link #setUnlocked} does to rows that {@link #lockAll} has locked, in less time. It does not wait
     * for a row that somebody has inserted in between either: of a row that is locked, MySQL looks at what has been committed
     * and goes on if that is nothing, or agrees (a semi-consistent read, which the isolation READ COMMITTED has for an UPDATE
     * of one table by its key).
     *
     * @return how many rows
     */
    long setLocked(Connection connection, Rows rows) throws SQLException {
        String sql = "UPDATE %s %s AS t SET %s WHERE %s AND %s"
                .formatted(BY_KEY, table, assignments, rows.where(), repairable());
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            rows.binder().bind(update, 1);
            return update.executeLargeUpdate();
        }
    }

    /**
     * Repairs those of the rows that are wrong, waiting for locks, and looks at what has been stored before any trigger
     * that follows. What it leaves wrong must be rolled back. PostgreSQL only.
     */
    Written setAll(Connection connection, Rows rows) throws SQLException {
        String update = "UPDATE %s AS t SET %s WHERE %s AND %s".formatted(table, assignments, rows.where(), mayBeWrong);
        // A copy is what it is, and a look at what has been stored costs a tenth of the time.
        String sql = copies
                ? update
                : "WITH written AS (%s RETURNING CASE WHEN %s THEN 1 END AS wrong) SELECT COUNT(*), COUNT(wrong) FROM written"
                        .formatted(update, wrong);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            rows.binder().bind(statement, 1);
            if (copies) {
                return new Written(statement.executeLargeUpdate(), 0);
            }
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new Written(row.getLong(1), row.getLong(2));
            }
        }
    }

    /** The rows that are wrong, without a lock, as of now; and for each whether it is lost. */
    Map<Key, Boolean> wrong(Connection connection, Rows rows) throws SQLException {
        String sql = "SELECT %s, CASE WHEN %s OR NOT %s THEN 1 ELSE 0 END FROM %s AS t WHERE %s AND %s"
                .formatted(key.selected(), lost, disagrees, table, rows.where(), wrong);
        Map<Key, Boolean> found = new LinkedHashMap<>();
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            rows.binder().bind(select, 1);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.put(key.read(row), row.getInt(key.size() + 1) == 1);
                }
            }
        }
        return found;
    }

    /** Locks the rows that {@link #setUnlocked} would repair now. */
    Set<Key> lockRepairable(Connection connection, Rows rows) throws SQLException {
        String sql = "SELECT %s FROM %s AS t WHERE %s AND %s FOR %s SKIP LOCKED"
                .formatted(
                        key.selected(),
                        table,
                        rows.where(),
                        repairable(),
                        database == Database.POSTGRESQL ? "NO KEY UPDATE" : "UPDATE");
        Set<Key> found = new LinkedHashSet<>();
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            rows.binder().bind(select, 1);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(key.read(row));
                }
            }
        }
        return found;
    }

    private String repairable() {
        return disagrees + " AND NOT " + lost;
    }

    private List<String> assignments(Site site, Side side, List<String> keptColumns) {
        List<Column> targets = side == Side.NEW ? site.newColumns() : site.oldColumns();
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
