package dev.segue.benchmarks.live;

import static dev.segue.benchmarks.Goal.atMost;

import dev.segue.benchmarks.Experiment;
import dev.segue.benchmarks.Line;
import dev.segue.benchmarks.Lines;
import dev.segue.benchmarks.backfill.Customers;
import dev.segue.benchmarks.backfill.SeguePass;
import dev.segue.benchmarks.live.Latencies.Quantile;
import dev.segue.benchmarks.live.Traffic.Request;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/**
 * What a pass does to an application that updates all the time, from many threads, a few rows far more often than the others.
 * Each transaction writes some row and then a hot one: so it holds a lock while it waits for one, and whoever locks many rows
 * at once and waits as well can bring about a deadlock. The transactions among themselves cannot.
 */
final class HotRows implements Experiment {

    static final int THREADS = 32;

    private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int HOT = 20;

    private final List<Line> lines;
    private final DataSource pool;
    private final Customers asked;
    private final boolean elsewhere;
    private final SeguePass pass;
    private final int apart;
    private final String update;
    private final Duration calm;

    /**
     * @param id begins the ids of the lines
     * @param pool with a connection for each thread, which begins a transaction by itself
     * @param asked whose rows are updated
     * @param pass if it fills another table, nobody waits for its locks, and what is left is its share of the machine
     * @param calm how long the same is done without a pass
     */
    HotRows(Lines lines, String id, DataSource pool, Customers asked, SeguePass pass, Duration calm) {
        boolean elsewhere = !pass.customers().equals(asked);
        String meanwhile = "while " + pass + (elsewhere ? " of another table" : "");
        this.lines = List.of(
                lines.line(
                        id + "-failed",
                        "transactions of " + THREADS + " threads on hot rows that fail " + meanwhile,
                        "all of them",
                        atMost(0)),
                lines.line(id + "-p99", "p99 of theirs " + meanwhile, "without it", elsewhere ? null : atMost(1.2)));
        this.pool = pool;
        this.asked = asked;
        this.elsewhere = elsewhere;
        this.pass = pass;
        this.calm = calm;
        this.apart = asked.rows() / HOT;
        this.update = "UPDATE " + asked.table() + " SET credit = ?, credit_new = "
                + asked.converted("CAST(? AS decimal(12,2))") + " WHERE id = ?";
    }

    @Override
    public List<Line> lines() {
        return lines;
    }

    @Override
    public Round round(int number) throws Exception {
        if (elsewhere) {
            asked.copyAnew();
        }
        pass.prepare();
        Window without;
        Window with;
        List<Request> requests;
        try (Traffic traffic = new Traffic(THREADS, EVERY_NANOS, this::serve)) {
            Traffic.flow(calm.toNanos() / 4);
            without = Traffic.flow(calm.toNanos());
            long began = System.nanoTime();
            pass.run();
            with = new Window(began, System.nanoTime());
            requests = traffic.stop();
        }
        pass.finish();
        double before = Latencies.calm(Quantile.P99, without, with.nanos(), requests);
        double during = Latencies.in(List.of(with), requests).at(Quantile.P99);
        long failed = requests.stream().filter(Request::failed).count();
        return new Round(
                String.format(
                        Locale.ROOT,
                        "%,d transactions, %d failed; p99 %.2f ms, and %.2f ms in %.1f s of the pass",
                        requests.size(),
                        failed,
                        before / 1e6,
                        during / 1e6,
                        with.nanos() / 1e9),
                List.of((double) failed / requests.size(), during / before));
    }

    private void serve(Random random) throws SQLException {
        int hot = apart * (1 + random.nextInt(HOT - 1));
        int other = 1 + random.nextInt(asked.rows());
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(update)) {
            // It is no hot one: nobody who holds a hot row waits for another.
            set(statement, other % apart == 0 ? other - 1 : other, random);
            set(statement, hot, random);
            connection.commit();
        }
    }

    private static void set(PreparedStatement statement, int id, Random random) throws SQLException {
        BigDecimal credit = BigDecimal.valueOf(random.nextInt(1_000_000), 2);
        statement.setBigDecimal(1, credit);
        statement.setBigDecimal(2, credit);
        statement.setInt(3, id);
        if (statement.executeUpdate() != 1) {
            throw new SQLException("There is no row " + id);
        }
    }
}
