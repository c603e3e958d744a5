package dev.segue.benchmarks.throttle;

import dev.segue.backfill.DatabaseSignals;
import dev.segue.backfill.ThrottleSignal;
import dev.segue.database.Database;
import dev.segue.test.database.DatabaseServer;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.Engine;
import dev.segue.test.database.Replica;
import dev.segue.test.database.TestDatabase;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Shows how a pass treats a replica, one line a second: the replica applies everything some seconds late, then it stops
 * applying, then it hears nothing any more, and in the end it follows again.
 *
 * <p>The lag that is printed is read from the replica beside the pass, which reads it for itself.
 */
public final class ThrottledRun {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private static final int ROWS = 1_000_000;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final PrintStream out;
    private final Engine engine;
    private final Duration stage;

    /** @param stage how long each of them is looked at */
    ThrottledRun(PrintStream out, Engine engine, Duration stage) {
        this.out = out;
        this.engine = engine;
        this.stage = stage;
    }

    /** Prints a line a second, and what is as it should be. */
    public static void show(Engine engine) throws Exception {
        new ThrottledRun(System.out, engine, Duration.ofSeconds(20)).run();
    }

    /** @throws IllegalStateException if something is not as it should be */
    void run() throws Exception {
        try (DatabaseServer server = DatabaseServers.start(engine);
                Replica replica = server.startReplica();
                TestDatabase database = server.createDatabase();
                SlowPass pass = new SlowPass(database, ROWS, lagOf(replica, database))) {
            out.printf("%s, %,d rows, the limit is %d s%n", server.description(), ROWS, LIMIT.toSeconds());
            TestDatabase copy = replica.of(database);
            awaitRows(copy);
            delay(copy, delay(engine));
            Samples samples = new Samples(out, lagOf(replica, database), pass);
            samples.take("applies " + delay(engine).toSeconds() + " s late", stage);
            require(samples.rows() > 0, "rows are done while the replica lags");
            require(samples.worstLag() <= LIMIT.toSeconds() * 1.2, "the lag stays near its limit");

            replica.holdUp();
            samples.take("applies nothing", stage);
            require(samples.rowsInTheEnd() == 0, "nothing is done while the replica stands still");
            require(pass.words().contains("the throttle (stopped)"), "it says that it has stopped");

            replica.letGo();
            delay(copy, Duration.ZERO);
            samples.take("follows again", stage);
            require(samples.rows() > 0, "it goes on by itself");

            replica.cutOff();
            samples.take("hears nothing", stage);
            require(samples.rowsInTheEnd() == 0, "nothing is done while nobody knows the lag");
            require(pass.words().contains("cannot be read"), "it says that the lag cannot be read");
        }
    }

    /** What the table is filled with is no work of the pass. */
    private static void awaitRows(TestDatabase copy) throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!hasRows(copy)) {
            if (System.nanoTime() > until) {
                throw new IllegalStateException("The replica does not get the rows.");
            }
            Thread.sleep(500);
        }
    }

    private static boolean hasRows(TestDatabase copy) {
        try {
            return copy.value("SELECT COUNT(*) FROM segue_range", Long.class) > 0;
        } catch (IllegalStateException e) {
            // The table is not there yet.
            return false;
        }
    }

    private ThrottleSignal lagOf(Replica replica, TestDatabase database) {
        return DatabaseSignals.replicaLag(
                "r1",
                replica.of(database).dataSource(),
                database.dataSource(),
                engine == Engine.POSTGRESQL ? Database.POSTGRESQL : Database.MYSQL,
                LIMIT);
    }

    /** As near to the limit as the work goes on; MySQL tells whole seconds, and up to two more than it is late. */
    private static Duration delay(Engine engine) {
        return Duration.ofSeconds(engine == Engine.POSTGRESQL ? 3 : 2);
    }

    private void delay(TestDatabase copy, Duration late) throws SQLException {
        switch (engine) {
            case POSTGRESQL ->
                copy.execute(
                        "ALTER SYSTEM SET recovery_min_apply_delay = '" + late.toSeconds() + "s'",
                        "SELECT pg_reload_conf()");
            case MYSQL ->
                copy.execute(
                        "STOP REPLICA SQL_THREAD",
                        "CHANGE REPLICATION SOURCE TO SOURCE_DELAY = " + late.toSeconds(),
                        "START REPLICA SQL_THREAD");
        }
    }

    private void require(boolean holds, String what) {
        out.println((holds ? "yes: " : "NO:  ") + what);
        if (!holds) {
            throw new IllegalStateException("It does not hold that " + what);
        }
    }
}
