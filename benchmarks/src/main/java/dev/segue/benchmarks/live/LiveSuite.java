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
import javax.sql.DataSource;

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
        Customers hot = new Customers(database, "hot", rows);
        Customers cold = new Customers(database, "cold", rows);
        DataSource direct = ours.dataSource();
        Customers gentle = new Customers(database, "gentle", rows / 2);
        long rate = rows / times.pass().toSeconds();
        Pace pace = SeguePass.ONE_WORKER.withMaxRowsPerSecond(rate);
        // MySQL needs four times as long for a row as PostgreSQL does: there it is the same share of the machine.
        Pace slow = SeguePass.ONE_WORKER.withMaxRowsPerSecond(rate / 4);
        this.experiments = List.of(
                new LiveWalk(lines, server, rows, times),
                hot(lines, "sql", hot, SeguePass.sql(hot, pace, direct), times.calm()),
                hot(lines, "java", hot, SeguePass.java(hot, pace, direct), times.calm()),
                hot(lines, "slow-sql", gentle, SeguePass.sql(gentle, slow, direct), times.calm()),
                hot(lines, "slow-java", gentle, SeguePass.java(gentle, slow, direct), times.calm()),
                hot(lines, "elsewhere", hot, SeguePass.sql(cold, pace, direct), times.calm()));
    }

    private HotRows hot(Lines lines, String id, Customers asked, SeguePass pass, Duration calm) {
        return new HotRows(lines, "hot-" + id, theirs.dataSource(), asked, pass, calm);
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
