package dev.segue.schema;

import dev.segue.database.Database;
import dev.segue.database.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Who is in a transaction, from {@code pg_locks}, which every role may read. A prepared transaction has no process. */
final class PostgresTransactions implements Dialect.Transactions {

    private static final Database DB = Database.POSTGRESQL;

    private static final String WRITES =
            "'RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'";

    private static final String WHO = """
            SELECT DISTINCT l.virtualtransaction, CASE WHEN l.pid IS NULL THEN 'prepared transaction ' || l.virtualtransaction
              ELSE 'process ' || l.pid || COALESCE(' of user ''' || a.usename || '''', '')
                || COALESCE(' application ''' || NULLIF(a.application_name, '') || '''', '')
                || COALESCE(', in its transaction since ' || date_trunc('second', a.xact_start), '') END
            FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
            WHERE l.granted AND l.pid IS DISTINCT FROM pg_backend_pid() AND\s""";

    @Override
    public Map<String, String> onTable(Connection connection, TableName table, Dialect.Holding holding)
            throws SQLException {
        String name = table.schema() == null ? "quote_ident(current_schema()) || '.' || " : "";
        String modes = switch (holding) {
            case ANY -> "";
            case ROWS -> "AND l.mode IN ('RowShareLock', " + WRITES + ")";
            case WRITES -> "AND l.mode IN (" + WRITES + ")";
        };
        return ask(connection, """
                l.locktype = 'relation' AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                AND l.relation IN (WITH RECURSIVE tree (oid) AS (SELECT (%s%s)::regclass::oid
                  UNION ALL SELECT i.inhrelid FROM pg_inherits i JOIN tree ON i.inhparent = tree.oid)
                  SELECT oid FROM tree) %s""".formatted(name, DB.literal(table.quoted(DB)), modes));
    }

    /** Every transaction holds its own virtual id from its first statement on; a prepared one only locks. */
    @Override
    public Map<String, String> everywhere(Connection connection) throws SQLException {
        return ask(connection, """
                ((l.locktype = 'virtualxid' AND a.datname = current_database()
                    AND COALESCE(a.backend_type, 'client backend') = 'client backend')
                  OR (l.pid IS NULL AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())))""");
    }

    @Override
    public boolean visible(Connection connection) {
        return true;
    }

    private static Map<String, String> ask(Connection connection, String condition) throws SQLException {
        Map<String, String> found = new LinkedHashMap<>();
        new Query(connection).list(WHO + condition, row -> found.put(row.getString(1), row.getString(2)));
        return found;
    }
}
