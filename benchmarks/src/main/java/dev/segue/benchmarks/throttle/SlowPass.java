package dev.segue.benchmarks.throttle;

import dev.segue.backfill.Outcome;
import dev.segue.backfill.Pace;
import dev.segue.backfill.Passes;
import dev.segue.backfill.Progress;
import dev.segue.backfill.Throttle;
import dev.segue.backfill.ThrottleSignal;
import dev.segue.change.Column;
import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.change.SqlForm;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import dev.segue.fleet.NodeClock;
import dev.segue.fleet.Registry;
import dev.segue.fleet.RegistryTables;
import dev.segue.lifecycle.Guard;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Stage;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** A pass by two workers under a throttle, on a thread of its own, slow enough to be looked at. */
final class SlowPass implements AutoCloseable {

    private static final int ROWS_A_SECOND = 5_000;

    private final Passes passes;
    private final ColumnChange change;
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final Future<Outcome> work;

    SlowPass(TestDatabase database, int rows, ThrottleSignal lag) throws SQLException {
        Database dialect = database.engine() == Engine.POSTGRESQL ? Database.POSTGRESQL : Database.MYSQL;
        database.execute(
                "CREATE TABLE customer (id bigint PRIMARY KEY, name varchar(40), full_name varchar(40))",
                database.engine() == Engine.POSTGRESQL
                        ? "INSERT INTO customer SELECT g, 'name ' || g, NULL FROM generate_series(1, " + rows + ") g"
                        : "INSERT INTO customer WITH RECURSIVE g (n) AS (SELECT /*+ SET_VAR(cte_max_recursion_depth = 100000000) */ 1"
                                + " UNION ALL SELECT n + 1 FROM g WHERE n < " + rows
                                + ") SELECT n, CONCAT('name ', n), NULL FROM g");
        RegistryTables.migrate(database.dataSource(), dialect);
        Registry registry = new Registry(database.dataSource(), dialect, "n1", NodeClock.SYSTEM);
        this.passes = new Passes(database.dataSource(), dialect, registry, "n1", Duration.ofSeconds(30));
        this.change = new ColumnChange(
                "customer-full-name",
                Kind.REPLACE,
                List.of(new Site(
                        TableName.of("customer"),
                        List.of(new Column("id", "bigint", false)),
                        List.of(new Column("name", "varchar(40)", true)),
                        List.of(new Column("full_name", "varchar(40)", true)),
                        SqlForm.SAME)));
        registry.declare(change.id(), change.definition(), Kind.REPLACE, Guard.Form.SQL);
        registry.underLock(change.id(), locked -> {
            locked.save(locked.situation().stage(Stage.EXPAND, dev.segue.lifecycle.Progress.DONE));
            return locked.situation();
        });
        passes.open(change, Side.NEW, 0);
        Pace pace = Pace.DEFAULT.withMaxRowsPerSecond(ROWS_A_SECOND).withThrottle(new Throttle(List.of(lag), null));
        this.work = thread.submit(() -> passes.work(change, Side.NEW, 0, pace, () -> true));
    }

    private Progress progress() throws SQLException {
        if (work.isDone()) {
            throw new IllegalStateException("The pass has ended: " + work);
        }
        return passes.progress(change, Side.NEW, 0).orElseThrow();
    }

    long rowsDone() throws SQLException {
        return progress().rowsDone();
    }

    /** What it waits for, or what slows it down. */
    String words() throws SQLException {
        String words = progress().waitingFor();
        return words == null ? "nothing" : words;
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("The pass does not end.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
