package dev.segue.benchmarks.backfill;

import static dev.segue.benchmarks.Comparison.Goal.atLeast;
import static dev.segue.benchmarks.Comparison.Measure.SPEED;

import dev.segue.benchmarks.Comparison;
import dev.segue.benchmarks.Comparison.Goal;
import dev.segue.benchmarks.Suite;
import dev.segue.test.database.DatabaseServer;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How fast the rows of a table get their new column. */
public final class BackfillSuite implements Suite {

    private static final int WIDE = 1_000;

    /** JPA takes minutes for what the others do in seconds. */
    private static final int FEWER = 20;

    private final String engine;
    private final DatabaseServer server;
    private final TestDatabase database;
    private final Pooled pool;
    private final int rows;

    /** @param rows of the table */
    public BackfillSuite(Engine engine, int rows) {
        this.engine = engine.name().toLowerCase(Locale.ROOT);
        this.server = DatabaseServers.start(engine);
        this.database = server.createDatabase();
        this.pool = new Pooled(database);
        this.rows = rows;
    }

    @Override
    public List<Comparison> comparisons() {
        Customers narrow = new Customers(database, "narrow", rows, 10);
        Customers wide = new Customers(database, "wide", rows / 4, WIDE);
        Customers few = new Customers(database, "customer", Math.max(1_000, rows / FEWER), 10);
        return List.of(
                speed(
                        "one-update",
                        "SQL form, 1 worker",
                        sql(narrow, 1),
                        "one UPDATE of the whole table",
                        new WholeTable(narrow),
                        atLeast(0.9)),
                speed(
                        "one-update-wide",
                        "SQL form, 1 worker, wide rows",
                        sql(wide, 1),
                        "one UPDATE of the whole table",
                        new WholeTable(wide),
                        null),
                speed(
                        "server-loop",
                        "SQL form, 1 worker",
                        sql(narrow, 1),
                        "the same in steps by a procedure",
                        new ServerLoop(narrow),
                        null),
                speed(
                        "touched-rows",
                        "SQL form, 1 worker",
                        sql(narrow, 1),
                        "touching rows so that a trigger fills them",
                        new TouchedRows(narrow),
                        atLeast(3)),
                speed("two-workers", "SQL form, 2 workers", sql(narrow, 2), "1 worker", sql(narrow, 1), atLeast(1.3)),
                speed(
                        "java-form",
                        "Java form, 1 worker",
                        java(narrow, 1),
                        "SQL form, 1 worker",
                        sql(narrow, 1),
                        atLeast(0.5)),
                speed(
                        "page-and-save",
                        "Java form, 1 worker",
                        java(few, 1),
                        "JPA, pages of 50",
                        new PageAndSave(few, pool.dataSource()),
                        atLeast(10)),
                speed(
                        "spring-batch",
                        "Java form, 1 worker",
                        java(few, 1),
                        "a Spring Batch job",
                        new BatchJob(few, pool.dataSource()),
                        null));
    }

    private Comparison speed(
            String id, String what, Filling ours, String against, Filling theirs, @Nullable Goal goal) {
        return new Comparison(
                "backfill-" + id + "-" + engine, what + ", " + engine, against, SPEED, goal, ours, theirs);
    }

    private SeguePass sql(Customers customers, int workers) {
        return SeguePass.sql(customers, workers, pool.dataSource());
    }

    private SeguePass java(Customers customers, int workers) {
        return SeguePass.java(customers, workers, pool.dataSource());
    }

    @Override
    public void close() {
        pool.close();
        server.close();
    }
}
