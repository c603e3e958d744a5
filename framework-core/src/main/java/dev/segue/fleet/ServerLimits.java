package dev.segue.fleet;

import dev.segue.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * What the database server itself does not let a transaction under the lock of a change exceed. A process that is
 * stopped in the middle of it, or cut off from the database without a word, would keep the whole fleet from every move
 * for as long as that lasts.
 *
 * @param silence after which the server ends a transaction that asks nothing; longer than a slow line takes to answer.
 *     MySQL knows whole seconds only
 * @param lock how long the transaction waits for one lock
 */
record ServerLimits(Duration silence, Duration lock) {

    static final ServerLimits DEFAULT = new ServerLimits(Duration.ofSeconds(15), Duration.ofSeconds(5));

    /** To be called when the connection does not commit by itself any more; what it sets ends with {@link #lift}. */
    void impose(Connection connection, Database database) throws SQLException {
        run(
                connection,
                switch (database) {
                    case POSTGRESQL ->
                        "SET LOCAL idle_in_transaction_session_timeout = %d; SET LOCAL lock_timeout = %d"
                                .formatted(silence.toMillis(), lock.toMillis());
                    case MYSQL ->
                        "SET @segue_silence = @@SESSION.wait_timeout,"
                                + " @segue_lock = @@SESSION.innodb_lock_wait_timeout, SESSION wait_timeout = %d,"
                                        .formatted(silence.toSeconds())
                                + " SESSION innodb_lock_wait_timeout = " + lock.toSeconds();
                });
    }

    /** Once the transaction is over: the connection is somebody else's next. */
    void lift(Connection connection, Database database) throws SQLException {
        switch (database) {
            case POSTGRESQL -> {
                // They were the transaction's own.
            }
            case MYSQL ->
                run(
                        connection,
                        "SET SESSION wait_timeout = @segue_silence, SESSION innodb_lock_wait_timeout = @segue_lock");
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
