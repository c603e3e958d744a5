package dev.segue.schema;

import dev.segue.database.Database;
import dev.segue.database.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who is in a transaction, from the performance schema. A metadata lock is told from a later one of the same thread by
 * the event that took it. An XA transaction that was prepared by a session that has gone is not seen: {@code XA RECOVER}
 * does not say which tables it has written.
 */
final class MysqlTransactions implements Dialect.Transactions {

    private static final Database DB = Database.MYSQL;

    private static final String WHO = """
            CONCAT('connection ', t.processlist_id, ' of user ''', COALESCE(t.processlist_user, ''), ''' host ''',
              COALESCE(t.processlist_host, ''), '''', COALESCE(CONCAT(', in its state for ', t.processlist_time, ' s'), ''))""";

    /** A {@code SELECT FOR UPDATE} has the lock of a writer. */
    @Override
    public Map<String, String> onTable(Connection connection, TableName table, Dialect.Holding holding)
            throws SQLException {
        return ask(connection, """
                SELECT CONCAT_WS('/', l.owner_thread_id, l.object_instance_begin, l.owner_event_id), %s
                FROM performance_schema.metadata_locks l
                JOIN performance_schema.threads t ON t.thread_id = l.owner_thread_id
                WHERE l.object_type = 'TABLE' AND l.object_schema = %s AND l.object_name = %s
                AND l.lock_status = 'GRANTED' AND l.lock_duration = 'TRANSACTION' AND t.processlist_id <> CONNECTION_ID() %s""".formatted(
                        WHO,
                        table.schema() == null ? "DATABASE()" : DB.literal(table.schema()),
                        DB.literal(table.name()),
                        holding != Dialect.Holding.ANY
                                ? "AND l.lock_type NOT IN ('SHARED', 'SHARED_HIGH_PRIO', 'SHARED_READ', 'SHARED_READ_ONLY')"
                                : ""));
    }

    @Override
    public Map<String, String> everywhere(Connection connection) throws SQLException {
        return ask(connection, """
                SELECT CONCAT_WS('/', x.thread_id, x.event_id), %s FROM performance_schema.events_transactions_current x
                JOIN performance_schema.threads t ON t.thread_id = x.thread_id
                WHERE x.state = 'ACTIVE' AND t.processlist_id <> CONNECTION_ID()""".formatted(WHO));
    }

    /** Both are on by default; who switches them off, or may not read them, gets the slow way. */
    @Override
    public boolean visible(Connection connection) throws SQLException {
        try {
            List<String> on = new Query(connection).strings("""
                            SELECT name FROM performance_schema.setup_instruments WHERE enabled = 'YES'
                            AND name IN ('wait/lock/metadata/sql/mdl', 'transaction') AND @@performance_schema
                            UNION ALL SELECT name FROM performance_schema.setup_consumers
                            WHERE name = 'events_transactions_current' AND enabled = 'YES'""");
            everywhere(connection);
            onTable(connection, TableName.of("segue_change"), Dialect.Holding.WRITES);
            return on.size() == 3;
        } catch (SQLException e) {
            // 1142: SELECT denied on a table.
            if (e.getErrorCode() == 1142 || e.getErrorCode() == 1044) {
                return false;
            }
            throw e;
        }
    }

    private static Map<String, String> ask(Connection connection, String sql) throws SQLException {
        Map<String, String> found = new LinkedHashMap<>();
        new Query(connection).list(sql, row -> found.put(row.getString(1), row.getString(2)));
        return found;
    }
}
