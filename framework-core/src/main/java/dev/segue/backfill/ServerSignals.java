package dev.segue.backfill;

import dev.segue.database.Database;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.function.LongSupplier;
import javax.sql.DataSource;

/**
 * Throttle signals of what a server has to do beside and after the work: locks that are waited for, log that is written
 * and kept, versions of rows that are not cleaned up. What its user may not see is an error and not a zero.
 */
public final class ServerSignals {

    private static final double MEBIBYTE = 1 << 20;

    private ServerSignals() {}

    /** The sessions that wait for a lock: on PostgreSQL any, on MySQL one of a row. */
    public static ThrottleSignal lockWaiters(DataSource source, Database database, int limit) {
        return new SqlSignal(
                "the number of sessions that wait for a lock",
                "sessions",
                limit,
                source,
                switch (database) {
                    case POSTGRESQL ->
                        SqlSignal.number(
                                "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted",
                                1,
                                "the server does not tell its locks");
                    case MYSQL -> status("Innodb_row_lock_current_waits");
                });
    }

    /** How fast the server writes its log, whoever makes it do so; 0 at the first reading, as it takes two. */
    public static ThrottleSignal logRate(DataSource source, Database database, long bytesPerSecond) {
        SqlSignal.Reader written = switch (database) {
            case POSTGRESQL ->
                SqlSignal.number(
                        "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')",
                        1,
                        "the server does not tell where its log ends");
            case MYSQL -> status("Innodb_os_log_written");
        };
        return new SqlSignal(
                "the log written", "MiB/s", bytesPerSecond / MEBIBYTE, source, new Rising(written, System::nanoTime));
    }

    /** The files of a PostgreSQL server's log that wait to be archived; 0 if it archives none. */
    public static ThrottleSignal archiveBacklog(DataSource source, int limit) {
        return new SqlSignal(
                "the log that waits to be archived",
                "files",
                limit,
                source,
                SqlSignal.number(
                        "SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'",
                        1, "the server does not tell what it archives"));
    }

    /** The transactions of a MySQL server whose old versions of rows are not cleaned up, because somebody may read them. */
    public static ThrottleSignal historyList(DataSource source, long limit) {
        return new SqlSignal(
                "the history list",
                "transactions",
                limit,
                source,
                SqlSignal.number(
                        "SELECT count FROM information_schema.innodb_metrics WHERE name = 'trx_rseg_history_len' AND status = 'enabled'",
                        1,
                        "the server does not count trx_rseg_history_len"));
    }

    private static SqlSignal.Reader status(String variable) {
        return SqlSignal.number(
                "SHOW GLOBAL STATUS LIKE '" + variable + "'", 2, "the server does not tell " + variable);
    }

    /** Turns bytes that have been written into mebibytes a second, since it was read before. */
    static final class Rising implements SqlSignal.Reader {

        private static final double SECOND = Duration.ofSeconds(1).toNanos();

        private final SqlSignal.Reader reader;
        private final LongSupplier nanoTime;
        private boolean begun;
        private double bytes;
        private long at;

        Rising(SqlSignal.Reader reader, LongSupplier nanoTime) {
            this.reader = reader;
            this.nanoTime = nanoTime;
        }

        @Override
        public synchronized double read(Statement statement) throws SQLException {
            double now = reader.read(statement);
            long time = nanoTime.getAsLong();
            // Another server may have taken its place, or it has begun to count anew.
            double written = begun ? Math.max(0, now - bytes) : 0;
            double seconds = Math.max(1, time - at) / SECOND;
            begun = true;
            bytes = now;
            at = time;
            return written / MEBIBYTE / seconds;
        }
    }
}
