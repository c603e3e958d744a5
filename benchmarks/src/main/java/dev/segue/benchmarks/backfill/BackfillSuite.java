package dev.segue.benchmarks.backfill;

import static dev.segue.benchmarks.Comparison.Measure.SPEED;
import static dev.segue.benchmarks.Goal.atLeast;

import dev.segue.benchmarks.Comparison;
import dev.segue.benchmarks.Goal;
import dev.segue.benchmarks.Lines;
import dev.segue.benchmarks.Suite;
import dev.segue.benchmarks.backfill.Customers.Turn;
import dev.segue.test.database.DatabaseServer;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How fast the rows of a table get their new column. */
public final class BackfillSuite implements Suite {

    private static final int NARROW = 10;
    private static final int WIDE = 1_000;

    /** JPA takes minutes for what the others do in seconds. */
    private static final int FEWER = 20;

    private static final String ONE_UPDATE = "one UPDATE of the whole table";

    private final Lines lines;
    private final DatabaseServer server;
    private final TestDatabase database;
    private final Pooled pool;
    private final int rows;
    private final boolean quick;

    /**
     * @param rows of most tables
     * @param quick whether there is no time for the largest one
     */
    public BackfillSuite(Lines lines, int rows, boolean quick) {
        this.quick = quick;
        this.lines = lines;
        this.server = DatabaseServers.start(lines.engine());
        this.database = server.createDatabase();
        this.pool = new Pooled(database);
        this.rows = rows;
    }

    @Override
    public List<Comparison> experiments() {
        Customers many = new Customers(database, "many", rows);
        Customers few = new Customers(database, PagedCustomer.TABLE, Math.max(1_000, rows / FEWER));
        List<Comparison> all = new ArrayList<>();
        all.add(oneUpdate("", many, atLeast(0.9)));
        all.add(oneUpdate(
                "-copy",
                new Customers(database, "copied", rows, NARROW, Customers.Key.BIGINT, Turn.COPY),
                atLeast(0.9)));
        all.add(speed(
                "proven-update",
                sql(many, 1),
                "one UPDATE of the whole table, and one look at what comes back",
                new ProvenWholeTable(many),
                atLeast(0.9)));
        all.add(oneUpdate("-tenth", new Customers(database, "tenth", rows / 10), null));
        if (!quick) {
            all.add(oneUpdate("-tenfold", new Customers(database, "tenfold", rows * 10), null));
        }
        all.add(oneUpdate(
                "-wide", new Customers(database, "wide", rows / 4, WIDE, Customers.Key.BIGINT, Turn.CENTS), null));
        all.add(oneUpdate("-int", new Customers(database, "ints", rows, NARROW, Customers.Key.INT, Turn.CENTS), null));
        all.add(oneUpdate(
                "-uuid", new Customers(database, "uuids", rows, NARROW, Customers.Key.UUID, Turn.CENTS), null));
        all.add(serverLoop("", sql(many, 1), many));
        all.add(touchedRows("", sql(many, 1), many, atLeast(3)));
        all.add(speed("two-workers", sql(many, 2), "1 worker", sql(many, 1), atLeast(1.3)));
        all.add(speed("java-form", java(many), "SQL form", sql(many, 1), atLeast(0.5)));
        all.add(speed("java-one-update", java(many), ONE_UPDATE, new WholeTable(many), null));
        all.add(serverLoop("java-", java(many), many));
        all.add(touchedRows("java-", java(many), many, null));
        all.add(pageAndSave("", java(few), few, atLeast(10)));
        all.add(pageAndSave("sql-", sql(few, 1), few, null));
        all.add(springBatch("", java(few), few));
        all.add(springBatch("sql-", sql(few, 1), few));
        return all;
    }

    private Comparison serverLoop(String id, SeguePass ours, Customers customers) {
        return speed(id + "server-loop", ours, "the same in steps by a procedure", new ServerLoop(customers), null);
    }

    private Comparison touchedRows(String id, SeguePass ours, Customers customers, @Nullable Goal goal) {
        return speed(
                id + "touched-rows",
                ours,
                "touching rows so that a trigger fills them",
                new TouchedRows(customers),
                goal);
    }

    private Comparison pageAndSave(String id, SeguePass ours, Customers customers, @Nullable Goal goal) {
        PageAndSave theirs = new PageAndSave(customers, pool.dataSource());
        return speed(id + "page-and-save", ours, "JPA, pages of 50", theirs, goal);
    }

    private Comparison springBatch(String id, SeguePass ours, Customers customers) {
        BatchJob theirs = new BatchJob(customers, pool.dataSource());
        return speed(id + "spring-batch", ours, "a Spring Batch job", theirs, null);
    }

    private Comparison oneUpdate(String id, Customers customers, @Nullable Goal goal) {
        return speed("one-update" + id, sql(customers, 1), ONE_UPDATE, new WholeTable(customers), goal);
    }

    private Comparison speed(String id, SeguePass ours, String against, Filling theirs, @Nullable Goal goal) {
        return new Comparison(lines.line(id, ours.toString(), against, goal), SPEED, ours, theirs);
    }

    private SeguePass sql(Customers customers, int workers) {
        return SeguePass.sql(customers, SeguePass.ONE_WORKER.withWorkers(workers), pool.dataSource());
    }

    private SeguePass java(Customers customers) {
        return SeguePass.java(customers, SeguePass.ONE_WORKER, pool.dataSource());
    }

    @Override
    public void close() {
        pool.close();
        server.close();
    }
}
