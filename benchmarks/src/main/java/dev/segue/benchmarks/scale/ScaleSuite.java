package dev.segue.benchmarks.scale;

import static dev.segue.benchmarks.Comparison.Measure.TIME;
import static dev.segue.benchmarks.Goal.atMost;

import dev.segue.benchmarks.Comparison;
import dev.segue.benchmarks.Contestant;
import dev.segue.benchmarks.Experiment;
import dev.segue.benchmarks.Goal;
import dev.segue.benchmarks.Lines;
import dev.segue.benchmarks.Suite;
import dev.segue.benchmarks.backfill.Customers;
import dev.segue.benchmarks.backfill.Pooled;
import dev.segue.benchmarks.backfill.SeguePass;
import dev.segue.test.database.DatabaseServer;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.TestDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What becomes of time and memory when there is more: rows, nodes, changes. */
public final class ScaleSuite implements Suite {

    private static final int MANY_NODES = 50;
    private static final int MANY_CHANGES = 100;

    private final Lines lines;
    private final DatabaseServer server;
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final int rows;
    private final boolean quick;

    /**
     * @param rows of the table in the middle; there are one with a tenth and one with ten times as many
     * @param quick whether there is no time for the largest one
     */
    public ScaleSuite(Lines lines, int rows, boolean quick) {
        this.lines = lines;
        this.server = DatabaseServers.start(lines.engine());
        this.rows = rows;
        this.quick = quick;
    }

    @Override
    public List<Experiment> experiments() throws SQLException {
        TestDatabase database = server.createDatabase();
        Pooled pool = opened(new Pooled(database));
        Customers few = new Customers(database, "tenth", rows / 10);
        Customers some = new Customers(database, "whole", rows);
        List<Experiment> all = new ArrayList<>();
        Customers most = some;
        if (!quick) {
            most = new Customers(database, "tenfold", rows * 10);
            all.add(tenTimes("", most, some, pool, atMost(1.1)));
        }
        all.add(tenTimes("-tenth", some, few, pool, quick ? null : atMost(1.1)));
        all.add(passHeap("sql", SeguePass.sql(most, SeguePass.ONE_WORKER, pool.dataSource())));
        all.add(passHeap("java", SeguePass.java(most, SeguePass.ONE_WORKER, pool.dataSource())));
        all.addAll(fleets());
        return all;
    }

    private Comparison tenTimes(String id, Customers more, Customers fewer, Pooled pool, @Nullable Goal goal) {
        return new Comparison(
                lines.line("rows" + id, "time for a row, " + more, fewer.toString(), goal),
                TIME,
                SeguePass.sql(more, SeguePass.ONE_WORKER, pool.dataSource()).perPiece(more.rows()),
                SeguePass.sql(fewer, SeguePass.ONE_WORKER, pool.dataSource()).perPiece(fewer.rows()));
    }

    private HeapPeak passHeap(String id, SeguePass pass) {
        return heap(id, "a pass needs at its peak, " + pass, pass, atMost(1));
    }

    private HeapPeak heap(String id, String what, Contestant work, @Nullable Goal goal) {
        return new HeapPeak(lines.line("heap-" + id, "heap that " + what, HeapPeak.ALLOWED_MIB + " MiB", goal), work);
    }

    private List<Experiment> fleets() throws SQLException {
        FleetAtRest one = fleet(1, 1);
        FleetAtRest nodes = fleet(MANY_NODES, 1);
        FleetAtRest changes = fleet(1, MANY_CHANGES);
        return List.of(
                cost("renewal-nodes", "a renewal, " + nodes, nodes.renewals(), one.renewals()),
                cost("look-nodes", "a look at the registry, " + nodes, nodes.looks(), one.looks()),
                cost("renewal-changes", "a renewal, " + changes, changes.renewals(), one.renewals()),
                cost("look-changes", "a look at the registry, " + changes, changes.looks(), one.looks()),
                heap("nodes", "looks at the registry need at their peak, " + nodes, nodes.looks(), null),
                heap("changes", "looks at the registry need at their peak, " + changes, changes.looks(), null),
                new Comparison(
                        lines.line(
                                "renewal-statements", "statements of a renewal, " + changes, one.toString(), atMost(1)),
                        TIME,
                        changes.statements(),
                        one.statements()));
    }

    private Comparison cost(String id, String what, Contestant ours, Contestant theirs) {
        return new Comparison(lines.line(id, what, "1 node, 1 change", null), TIME, ours, theirs);
    }

    private FleetAtRest fleet(int nodes, int changes) throws SQLException {
        return opened(new FleetAtRest(server.createDatabase(), nodes, changes, quick ? 20 : 1_000));
    }

    private <T extends AutoCloseable> T opened(T resource) {
        opened.add(resource);
        return resource;
    }

    @Override
    public void close() {
        for (AutoCloseable resource : opened) {
            try {
                resource.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        server.close();
    }
}
