package dev.segue.benchmarks.live;

import dev.segue.backfill.Pace;
import dev.segue.benchmarks.Experiment;
import dev.segue.benchmarks.Lines;
import dev.segue.benchmarks.Suite;
import dev.segue.benchmarks.backfill.Customers;
import dev.segue.benchmarks.backfill.Pooled;
import dev.segue.benchmarks.backfill.SeguePass;
import dev.segue.test.database.DatabaseServer;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.TestDatabase;
import java.time.Duration;
import java.util.List;

/** How long the requests of an application take while its change goes all the way. */
public final class LiveSuite implements Suite {

    private final DatabaseServer server;
    private final List<Experiment> experiments;
    private final Pooled ours;
    private final Pooled theirs;

    /**
     * @param rows of the table
     * @param quick whether a few seconds must do
     */
    public LiveSuite(Lines lines, int rows, boolean quick) {
        this.server = DatabaseServers.start(lines.engine());
        LiveWalk.Times times = quick
                ? new LiveWalk.Times(Duration.ofMillis(300), Duration.ofSeconds(1), Duration.ofSeconds(1))
                : new LiveWalk.Times(Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(10));
        TestDatabase database = server.createDatabase();
        this.ours = new Pooled(database);
        this.theirs = Pooled.transactional(database, HotRows.THREADS);
        Customers customers = new Customers(database, "hot", rows);
        Pace pace =
                SeguePass.ONE_WORKER.withMaxRowsPerSecond(rows / times.pass().toSeconds());
        this.experiments = List.of(
                new LiveWalk(lines, server, rows, times),
                hot(lines, "sql", SeguePass.sql(customers, pace, ours.dataSource()), times.calm()),
                hot(lines, "java", SeguePass.java(customers, pace, ours.dataSource()), times.calm()));
    }

    private HotRows hot(Lines lines, String form, SeguePass pass, Duration calm) {
        return new HotRows(lines, form, theirs.dataSource(), pass, calm);
    }

    @Override
    public List<Experiment> experiments() {
        return experiments;
    }

    @Override
    public void close() {
        theirs.close();
        ours.close();
        server.close();
    }
}
