package dev.segue.watch;

import dev.segue.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The statements by which nodes find or sort rows by old columns, in {@code segue_sighting}. Thread-safe. */
final class QueryLog {

    /** What has not been run for longer is run no more; what runs once in a night still is. */
    private static final Duration RUN = Duration.ofDays(2);

    /** Looking at one costs a few milliseconds. */
    private static final int LOOKED_AT = 50;

    /** One of them, as the node has run it that has run it last. */
    record Query(
            String key,
            String statement,
            String node,
            @Nullable String caller,
            long runs,
            @Nullable String waivedBy) {

        private Query and(long others) {
            return new Query(key, statement, node, caller, runs + others, waivedBy);
        }
    }

    private final DataSource direct;
    private final Database database;

    QueryLog(DataSource direct, Database database) {
        this.direct = direct;
        this.database = database;
    }

    /** Those of a change, whoever has run them, the most frequent first. */
    List<Query> read(String change) throws SQLException {
        String sql = """
                SELECT s.statement_key, statement, node, caller, runs, w.operator
                FROM segue_sighting s
                LEFT JOIN segue_waiver w ON w.change_id = s.change_id AND w.waived_key = s.statement_key
                WHERE s.change_id = ? AND origin = ? AND %s > %s - ?
                ORDER BY last_at DESC""".formatted(database.epochMillis("last_at"), database.epochMillis(database.clock()));
        Map<String, Query> found = new LinkedHashMap<>();
        try (Connection connection = direct.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, change);
            select.setString(2, StatementWatch.Seen.QUERY);
            select.setLong(3, RUN.toMillis());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    Query query = new Query(
                            row.getString(1),
                            row.getString(2),
                            row.getString(3),
                            row.getString(4),
                            row.getLong(5),
                            row.getString(6));
                    found.merge(query.key(), query, (last, earlier) -> last.and(earlier.runs()));
                }
            }
        }
        List<Query> all = new ArrayList<>(found.values());
        all.sort((left, right) -> Long.compare(right.runs(), left.runs()));
        return all.subList(0, Math.min(LOOKED_AT, all.size()));
    }
}
