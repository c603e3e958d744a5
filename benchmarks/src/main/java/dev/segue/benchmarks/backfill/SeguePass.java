package dev.segue.benchmarks.backfill;

import dev.segue.backfill.Outcome;
import dev.segue.backfill.Pace;
import dev.segue.backfill.Passes;
import dev.segue.change.ColumnChange;
import dev.segue.change.Form;
import dev.segue.change.JavaForm;
import dev.segue.change.Site;
import dev.segue.change.SqlForm;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import dev.segue.fleet.NodeClock;
import dev.segue.fleet.Registry;
import dev.segue.fleet.RegistryTables;
import dev.segue.lifecycle.Guard;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Progress;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Stage;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Segue's own pass, as it runs in a fleet: claims, cursors, distinct-guarded repairs, and the proof at the end. */
public final class SeguePass extends Filling {

    public static final Pace ONE_WORKER = Pace.DEFAULT.withWorkers(1);

    private final Form form;
    private final Pace pace;
    private final Database database;
    private final Registry registry;
    private final Passes passes;
    private final Site site;
    private int runs;
    private ColumnChange change;

    private SeguePass(Customers customers, Form form, Pace pace, DataSource direct) {
        super(customers);
        this.form = form;
        this.pace = pace;
        this.database = customers.isPostgres() ? Database.POSTGRESQL : Database.MYSQL;
        RegistryTables.migrate(direct, database);
        this.registry = new Registry(direct, database, "benchmark", NodeClock.SYSTEM);
        this.passes = new Passes(direct, database, registry, "benchmark", Duration.ofSeconds(30));
        this.site = new Site(
                TableName.of(customers.table()),
                List.of(customers.keyColumn()),
                List.of(customers.oldColumn()),
                List.of(customers.newColumn()),
                form);
        this.change = next();
    }

    /** By a form that the database knows. */
    public static SeguePass sql(Customers customers, Pace pace, DataSource direct) {
        return new SeguePass(customers, customers.sqlForm(), pace, direct);
    }

    /** By a conversion that only Java knows. */
    public static SeguePass java(Customers customers, Pace pace, DataSource direct) {
        return new SeguePass(
                customers,
                JavaForm.lossless(
                        values -> one(
                                values.get(0) instanceof BigDecimal euros
                                        ? euros.movePointRight(2).longValueExact()
                                        : null),
                        values -> one(
                                values.get(0) instanceof Number cents
                                        ? BigDecimal.valueOf(cents.longValue(), 2)
                                        : null)),
                pace,
                direct);
    }

    private static List<@Nullable Object> one(@Nullable Object value) {
        return Collections.singletonList(value);
    }

    private ColumnChange next() {
        return new ColumnChange(
                "benchmark-" + customers.table() + "-" + System.identityHashCode(this) + "-" + ++runs,
                Kind.REPLACE,
                List.of(site));
    }

    @Override
    void ready() throws Exception {
        change = next();
        registry.declare(
                change.id(),
                change.definition(),
                Kind.REPLACE,
                form instanceof SqlForm
                        ? Guard.Form.SQL
                        : database == Database.POSTGRESQL ? Guard.Form.JAVA : Guard.Form.JAVA_BLIND);
        registry.underLock(change.id(), locked -> {
            locked.save(locked.situation().stage(Stage.EXPAND, Progress.DONE));
            return locked.situation();
        });
    }

    @Override
    void fill() throws Exception {
        passes.open(change, Side.NEW, 0);
        Outcome outcome = passes.work(change, Side.NEW, 0, pace, () -> true);
        if (outcome != Outcome.FINISHED_ALL) {
            throw new IllegalStateException("The pass has ended as " + outcome);
        }
    }

    @Override
    public String toString() {
        return (form instanceof SqlForm ? "SQL form, " : "Java form, ")
                + pace.workers()
                + (pace.workers() == 1 ? " worker, " : " workers, ")
                + (pace.maxRowsPerSecond() == 0 ? "" : "at most " + pace.maxRowsPerSecond() + " rows/s, ")
                + customers;
    }
}
