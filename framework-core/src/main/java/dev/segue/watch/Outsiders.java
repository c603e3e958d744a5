package dev.segue.watch;

import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.lifecycle.Side;
import dev.segue.watch.NamedColumns.Named;
import dev.segue.watch.Sighting.Origin;
import dev.segue.watch.Words.Word;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds statements that name old columns and that no node has run, in what the database counts by itself: PostgreSQL's
 * {@code pg_stat_statements} and MySQL's digests in {@code performance_schema}.
 *
 * <p>They are counted for ever and nobody knows by whom. So:
 *
 * <ol>
 *   <li>Once every node reads the new columns, the counts are written down. Nodes that read the old ones are gone by then.
 *   <li>Later the counts are compared: what has grown or come has been run meanwhile.
 *   <li>What names both sides comes from nodes that write both, or from Segue's own work.
 * </ol>
 *
 * <p>Of all nodes one looks at a time, now and then. Where nothing is counted, or this user may not see it, nothing is
 * found, and that is said once. For one thread.
 */
public final class Outsiders {

    private static final Logger log = LoggerFactory.getLogger(Outsiders.class);
    private static final int TIMEOUT_SECONDS = 5;

    /** What the database knows of a statement. */
    private record Digest(String text, String who, long runs) {}

    private final DataSource direct;
    private final Database database;
    private final Duration pause;
    private final Map<String, Boolean> listening = new HashMap<>();
    private final Map<String, Long> looked = new HashMap<>();
    private final Set<String> said = ConcurrentHashMap.newKeySet();

    /** @param pause between two looks */
    public Outsiders(DataSource direct, Database database, Duration pause) {
        this.direct = direct;
        this.database = database;
        this.pause = pause;
    }

    /**
     * Looks, if it is time.
     *
     * @param everyoneReadsNew whether no node reads the old columns any more
     */
    public void look(ColumnChange change, boolean everyoneReadsNew) throws SQLException {
        if (!everyoneReadsNew) {
            if (!Boolean.FALSE.equals(listening.put(change.id(), false))) {
                forget(change.id());
            }
            return;
        }
        listening.put(change.id(), true);
        long now = System.nanoTime();
        Long before = looked.get(change.id());
        if (before != null && now - before < pause.toNanos()) {
            return;
        }
        looked.put(change.id(), now);
        try (Connection connection = direct.getConnection()) {
            boolean first = first(connection, change.id());
            if (first || isMyTurn(connection, change.id())) {
                compare(connection, change, first);
            }
        }
    }

    private void forget(String change) throws SQLException {
        try (Connection connection = direct.getConnection();
                PreparedStatement delete = connection.prepareStatement(
                        "DELETE FROM segue_sighting WHERE change_id = ? AND origin = 'database'")) {
            delete.setString(1, change);
            delete.executeUpdate();
        }
    }

    /** A row without a statement says that the counts have been written down, and when they were last compared. */
    private boolean first(Connection connection, String change) throws SQLException {
        String insert = switch (database) {
            case POSTGRESQL -> "INSERT INTO segue_sighting";
            case MYSQL -> "INSERT IGNORE INTO segue_sighting";
        };
        String ifAbsent = database == Database.POSTGRESQL ? " ON CONFLICT DO NOTHING" : "";
        String sql = insert
                + " (change_id, node, statement_key, origin, statement, columns_named, runs, last_at) VALUES (?, '', '', 'database', '', '', 0, "
                + database.clock() + ")" + ifAbsent;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, change);
            return statement.executeUpdate() == 1;
        }
    }

    private boolean isMyTurn(Connection connection, String change) throws SQLException {
        String sql = "UPDATE segue_sighting SET last_at = " + database.clock()
                + " WHERE change_id = ? AND node = '' AND statement_key = '' AND " + database.epochMillis("last_at")
                + " <= " + database.epochMillis(database.clock()) + " - ?";
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setString(1, change);
            update.setLong(2, pause.toMillis());
            return update.executeUpdate() == 1;
        }
    }

    private void compare(Connection connection, ColumnChange change, boolean first) throws SQLException {
        NamedColumns columns = new NamedColumns(List.of(change), database);
        Named old = new Named(change.id(), Side.OLD);
        for (Digest digest : digests(connection, change)) {
            List<Word> words = Words.of(digest.text(), database);
            if (columns.in(words).equals(Set.of(old))) {
                note(
                        connection,
                        change.id(),
                        columns.columns(old),
                        Words.withoutValues(words, database),
                        digest,
                        first);
            }
        }
    }

    private void note(
            Connection connection, String change, String columns, String statement, Digest digest, boolean first)
            throws SQLException {
        String key = StatementWatch.key(statement);
        String seen = first ? "NULL" : database.clock();
        try (PreparedStatement update = connection.prepareStatement("UPDATE segue_sighting SET runs = ?, last_at = "
                + seen + " WHERE change_id = ? AND node = ? AND statement_key = ? AND runs <> ?")) {
            update.setLong(1, digest.runs());
            update.setString(2, change);
            update.setString(3, digest.who());
            update.setString(4, key);
            update.setLong(5, digest.runs());
            if (update.executeUpdate() == 1) {
                return;
            }
        }
        String insert =
                "INSERT INTO segue_sighting (change_id, node, statement_key, origin, statement, columns_named, runs, last_at)"
                        + " SELECT ?, ?, ?, ?, ?, ?, ?, " + seen
                        + " FROM segue_change c WHERE c.id = ? AND NOT EXISTS (SELECT 1 FROM segue_sighting s WHERE s.change_id = c.id AND s.node = ? AND s.statement_key = ?)";
        try (PreparedStatement statements = connection.prepareStatement(insert)) {
            int i = 1;
            for (String value : List.of(change, digest.who(), key, Origin.DATABASE.id(), statement, columns)) {
                statements.setString(i++, value);
            }
            statements.setLong(i++, digest.runs());
            for (String value : List.of(change, digest.who(), key)) {
                statements.setString(i++, value);
            }
            statements.executeUpdate();
        }
    }

    private List<Digest> digests(Connection connection, ColumnChange change) {
        List<Digest> found = new ArrayList<>();
        try {
            for (Site site : change.sites()) {
                String sql = switch (database) {
                    case POSTGRESQL -> postgres(connection);
                    case MYSQL ->
                        // Who works in another database has to name this one.
                        """
                        SELECT DIGEST_TEXT, 'unknown', SUM(COUNT_STAR)
                        FROM performance_schema.events_statements_summary_by_digest
                        WHERE DIGEST_TEXT LIKE ? ESCAPE '!'
                        AND (SCHEMA_NAME = DATABASE() OR LOCATE(CONCAT('`', DATABASE(), '` . '), DIGEST_TEXT) > 0)
                        GROUP BY DIGEST_TEXT""";
                };
                if (sql.isEmpty()) {
                    return List.of();
                }
                try (PreparedStatement select = connection.prepareStatement(sql)) {
                    select.setQueryTimeout(TIMEOUT_SECONDS);
                    select.setString(1, "%" + site.table().name().replaceAll("([!%_])", "!$1") + "%");
                    try (ResultSet row = select.executeQuery()) {
                        while (row.next()) {
                            found.add(new Digest(row.getString(1), row.getString(2), row.getLong(3)));
                        }
                    }
                }
            }
            sayIfFull(connection);
        } catch (SQLException e) {
            unavailable(String.valueOf(e.getMessage()));
        }
        return found;
    }

    /** What MySQL has no room for it counts in one row without a text. */
    private void sayIfFull(Connection connection) throws SQLException {
        if (database == Database.MYSQL) {
            try (PreparedStatement select = connection.prepareStatement(
                            "SELECT 1 FROM performance_schema.events_statements_summary_by_digest WHERE DIGEST IS NULL");
                    ResultSet row = select.executeQuery()) {
                if (row.next()) {
                    unavailable("it has no room for new ones (performance_schema_digests_size; TRUNCATE TABLE"
                            + " performance_schema.events_statements_summary_by_digest makes some)");
                }
            }
        }
    }

    private String postgres(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                        "SELECT quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace"
                                + " WHERE e.extname = 'pg_stat_statements'");
                ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                unavailable("the extension pg_stat_statements is not installed");
                return "";
            }
            return """
                    SELECT s.query, pg_get_userbyid(s.userid), sum(s.calls) FROM %s.pg_stat_statements s
                    WHERE s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND s.query ILIKE ? ESCAPE '!'
                    GROUP BY s.query, s.userid""".formatted(row.getString(1));
        }
    }

    private void unavailable(String why) {
        if (said.add(why)) {
            log.info(
                    "Statements of others that name old columns cannot be found in the database's statistics: {}. Nodes watch"
                            + " their own all the same.",
                    why);
        }
    }
}
