package dev.segue.test.kit;

import dev.segue.database.Database;
import dev.segue.database.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Wants to read and to write a table all the time, as an application does, and finds out how long it has to wait for that:
 * its statements take the locks of a SELECT and of a DELETE, and touch no row.
 */
final class Bystander implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(20);

    /** How long a statement waits at most. */
    private static final int LIMIT_SECONDS = 60;

    private final Connection connection;
    private final List<String> reads;
    private final List<String> writes;
    private final List<Window> open = new CopyOnWriteArrayList<>();
    private final Thread thread = new Thread(this::look, "segue-bystander");
    private volatile boolean on = true;

    /** When the statement began that is under way; 0 if none is. */
    private volatile long reading;

    private volatile long writing;

    Bystander(CopyGauge gauge, List<TableName> tables) throws SQLException {
        Database database = gauge.database();
        reads = tables.stream()
                .map(table -> "SELECT 1 FROM " + table.quoted(database) + " WHERE FALSE")
                .toList();
        writes = tables.stream()
                .map(table -> "DELETE FROM " + table.quoted(database) + " WHERE FALSE")
                .toList();
        connection = gauge.open();
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    switch (database) {
                        case POSTGRESQL -> "SET lock_timeout = '" + LIMIT_SECONDS + "s'";
                        case MYSQL -> "SET SESSION lock_wait_timeout = " + LIMIT_SECONDS;
                    });
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        thread.setDaemon(true);
        thread.start();
    }

    /** A stretch of time, and the longest statements in it. */
    final class Window {

        private long longestRead;
        private long longestWrite;

        private synchronized void took(long read, long write) {
            longestRead = Math.max(longestRead, read);
            longestWrite = Math.max(longestWrite, write);
        }

        /** Ends it. */
        synchronized Waits close() {
            open.remove(this);
            took(underWay(reading), underWay(writing));
            return new Waits(Duration.ofNanos(longestRead), Duration.ofNanos(longestWrite));
        }

        private static long underWay(long since) {
            return since == 0 ? 0 : System.nanoTime() - since;
        }
    }

    /** The longest statement that has read, and the longest that has written. */
    record Waits(Duration read, Duration write) {}

    Window open() {
        Window window = new Window();
        open.add(window);
        return window;
    }

    private void look() {
        try {
            while (on) {
                for (String read : reads) {
                    reading = System.nanoTime();
                    run(read);
                    long took = System.nanoTime() - reading;
                    reading = 0;
                    open.forEach(window -> window.took(took, 0));
                }
                for (String write : writes) {
                    writing = System.nanoTime();
                    run(write);
                    long took = System.nanoTime() - writing;
                    writing = 0;
                    open.forEach(window -> window.took(0, took));
                }
                Thread.sleep(PAUSE.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A statement that fails, as one that has waited too long, has taken its time as well. */
    private void run(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            org.slf4j.LoggerFactory.getLogger(Bystander.class).debug("{} failed", sql, e);
        }
    }

    @Override
    public void close() throws SQLException {
        on = false;
        thread.interrupt();
        connection.close();
    }
}
