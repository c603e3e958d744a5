package dev.segue.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.segue.backfill.VerificationStatus.State;
import dev.segue.change.ColumnChange;
import dev.segue.fleet.Operator;
import dev.segue.lifecycle.Side;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Operators and databases can slow a pass down, and everybody can see why. */
@EachDatabase
class ThrottledPassTest {

    private final Customers customers;

    ThrottledPassTest(Engine engine) {
        this.customers = new Customers(engine);
    }

    @AfterEach
    void drop() {
        customers.close();
    }

    private String waitingFor(ColumnChange change) throws SQLException {
        return String.valueOf(
                customers.passes().progress(change, Side.NEW, 0).orElseThrow().waitingFor());
    }

    private static double unreadable() throws SQLException {
        throw new SQLException("connection refused");
    }

    @Test
    void aPassIsPausedBetweenItsBatchesAndGoesOnWhereItWas() throws SQLException {
        ColumnChange change = customers.rows(2_000);
        Operator operator = new Operator(customers.registry);
        customers.passes().open(change, Side.NEW, 0);
        operator.pause(change.id(), "ada");

        assertThat(customers.passes().work(change, Side.NEW, 0, Customers.PACE, () -> true))
                .isEqualTo(Outcome.STOPPED);
        assertThat(customers.disagreeing()).isEqualTo(2_000);
        assertThat(waitingFor(change)).isEqualTo("ada, who has paused it");
        assertThat(verified(change)).as("a comparison does not begin either").isFalse();

        operator.resume(change.id(), "ada");
        assertThat(customers.passes().work(change, Side.NEW, 0, Customers.PACE, () -> true))
                .isEqualTo(Outcome.FINISHED_ALL);
        assertThat(customers
                        .passes()
                        .progress(change, Side.NEW, 0)
                        .orElseThrow()
                        .waitingFor())
                .isNull();
    }

    private boolean verified(ColumnChange change) throws SQLException {
        return new Verification(customers.database.dataSource(), customers.dialect, customers.registry, "n1")
                .run(change, Customers.PACE, () -> true)
                .isPresent();
    }

    @Test
    void aPauseReachesAWorkerThatIsInTheMiddle() throws Exception {
        ColumnChange change = customers.rows(3_000);
        Operator operator = new Operator(customers.registry);
        customers.passes().open(change, Side.NEW, 0);
        // About 100 rows a second.
        Pace slow = new Pace(Duration.ofMillis(20), 50, 50, 100);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<Outcome> worker =
                    thread.submit(() -> customers.passes().work(change, Side.NEW, 0, slow, () -> true));
            await().atMost(Duration.ofSeconds(20)).until(() -> customers.disagreeing() < 3_000);

            operator.pause(change.id(), "ada");

            assertThat(worker.get(20, TimeUnit.SECONDS)).isEqualTo(Outcome.STOPPED);
        } finally {
            thread.shutdownNow();
        }
        assertThat(customers.disagreeing()).isPositive();
        assertThat(customers.count("segue_range WHERE claimed_by IS NOT NULL AND state = 'open'"))
                .as("ranges are free")
                .isZero();
    }

    @Test
    void anOperatorChangesThePaceOfAWorkerThatIsInTheMiddle() throws Exception {
        ColumnChange change = customers.rows(20_000);
        customers.passes().open(change, Side.NEW, 0);
        // Without the change it would take more than three minutes.
        Pace slow = new Pace(Duration.ofMillis(20), 50, 500, 100).withWorkers(1);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<Outcome> worker =
                    thread.submit(() -> customers.passes().work(change, Side.NEW, 0, slow, () -> true));
            await().atMost(Duration.ofSeconds(20)).until(() -> customers.disagreeing() < 20_000);

            customers.passes().tune(change.id(), new Tuning(Duration.ofMillis(200), 0L, null), "ada");
            assertThat(worker.get(60, TimeUnit.SECONDS)).isEqualTo(Outcome.FINISHED_ALL);
        } finally {
            thread.shutdownNow();
        }
        assertThat(customers.database.value("SELECT why FROM segue_journal WHERE what = 'tune'", String.class))
                .isEqualTo("batches of 200 ms, at most 0 rows/s (0: no limit), by ada");
    }

    @Test
    void aTurnEndsWhenMoreWorkersAreWantedSoThatTheNextOneHasThem() throws Exception {
        ColumnChange change = customers.rows(3_000);
        customers.passes().open(change, Side.NEW, 0);
        Pace slow = new Pace(Duration.ofMillis(20), 50, 50, 100).withWorkers(1);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<Outcome> worker =
                    thread.submit(() -> customers.passes().work(change, Side.NEW, 0, slow, () -> true));
            await().atMost(Duration.ofSeconds(20)).until(() -> customers.disagreeing() < 3_000);

            customers.passes().tune(change.id(), new Tuning(null, null, 2), "ada");
            assertThat(worker.get(20, TimeUnit.SECONDS)).isEqualTo(Outcome.STOPPED);
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void aTurnEndsWhenFewerWorkersAreWanted() throws Exception {
        ColumnChange change = customers.rows(3_000);
        customers.passes().open(change, Side.NEW, 0);
        customers.passes().tune(change.id(), new Tuning(null, null, 3), "ada");
        Pace slow = new Pace(Duration.ofMillis(20), 50, 50, 100);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<Outcome> worker =
                    thread.submit(() -> customers.passes().work(change, Side.NEW, 0, slow, () -> true));
            await().atMost(Duration.ofSeconds(20)).until(() -> customers.disagreeing() < 3_000);

            customers.passes().tune(change.id(), new Tuning(null, null, 1), "ada");
            assertThat(worker.get(20, TimeUnit.SECONDS)).isEqualTo(Outcome.STOPPED);
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void whatWasTunedBeforeATurnIsPutBackInTheMiddleOfIt() throws Exception {
        ColumnChange change = customers.rows(20_000);
        customers.passes().open(change, Side.NEW, 0);
        // With it a pass would take more than three minutes.
        customers.passes().tune(change.id(), new Tuning(null, 100L, null), "ada");
        Pace pace = Customers.PACE.withWorkers(1);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<Outcome> worker =
                    thread.submit(() -> customers.passes().work(change, Side.NEW, 0, pace, () -> true));
            await().atMost(Duration.ofSeconds(20)).until(() -> customers.disagreeing() < 20_000);

            customers.passes().tune(change.id(), Tuning.NONE, "ada");
            assertThat(worker.get(60, TimeUnit.SECONDS)).isEqualTo(Outcome.FINISHED_ALL);
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void moreWorkersThanANodeHasConnectionsForDoNotBegin() throws Exception {
        ColumnChange change = customers.rows(20_000);
        customers.passes().open(change, Side.NEW, 0);
        customers.passes().tune(change.id(), new Tuning(null, null, 16), "ada");
        HikariConfig config = new HikariConfig();
        config.setDataSource(customers.database.dataSource());
        // Two workers that are configured, a spare one, and one for what the operator asks meanwhile.
        config.setMaximumPoolSize(4);
        config.setConnectionTimeout(2_000);
        try (HikariDataSource few = new HikariDataSource(config)) {
            Passes passes = new Passes(
                    few, customers.dialect, customers.registry, "n1", Duration.ofSeconds(2), 1, BatchWatch.NONE);

            assertThat(passes.work(change, Side.NEW, 0, Customers.PACE.withWorkers(2), () -> true))
                    .isEqualTo(Outcome.FINISHED_ALL);
        }
        assertThat(customers.disagreeing()).isZero();
    }

    @Test
    void aComparisonIsPausedAndGoesOnWhereItWas() throws SQLException {
        ColumnChange change = customers.sealed(500);
        Operator operator = new Operator(customers.registry);
        operator.pause(change.id(), "ada");
        Verification verification =
                new Verification(customers.database.dataSource(), customers.dialect, customers.registry, "n1");

        assertThat(verification
                        .run(change, Customers.PACE, () -> true)
                        .orElseThrow()
                        .state())
                .isEqualTo(State.RUNNING);

        operator.resume(change.id(), "ada");
        assertThat(verification
                        .run(change, Customers.PACE, () -> true)
                        .orElseThrow()
                        .state())
                .isEqualTo(State.CLEAN);
    }

    @Test
    void aSignalThatCannotBeReadStopsAComparisonAndSaysSo() throws Exception {
        ColumnChange change = customers.sealed(1_000);
        Verification verification =
                new Verification(customers.database.dataSource(), customers.dialect, customers.registry, "n1");
        AtomicBoolean broken = new AtomicBoolean(true);
        Throttle throttle = new Throttle(List.of(new Lag(() -> broken.get() ? unreadable() : 0)), null);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<?> comparison =
                    thread.submit(() -> verification.run(change, Customers.PACE.withThrottle(throttle), () -> true));
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(verification.status(change.id()))
                            .map(VerificationStatus::waitingFor)
                            .contains("the throttle (stopped): the replica cannot be read: connection refused"));

            broken.set(false);

            comparison.get(60, TimeUnit.SECONDS);
        } finally {
            thread.shutdownNow();
        }
        VerificationStatus done = verification.status(change.id()).orElseThrow();
        assertThat(done.state()).isEqualTo(State.CLEAN);
        assertThat(done.waitingFor()).isNull();
    }

    @Test
    void aSignalThatCannotBeReadStopsThePassAndSaysSo() throws Exception {
        ColumnChange change = customers.rows(1_000);
        customers.passes().open(change, Side.NEW, 0);
        AtomicBoolean broken = new AtomicBoolean(true);
        Lag replica = new Lag(() -> broken.get() ? unreadable() : 0);
        Pace pace = Customers.PACE.withThrottle(new Throttle(List.of(replica), null));
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<Outcome> worker =
                    thread.submit(() -> customers.passes().work(change, Side.NEW, 0, pace, () -> true));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> waitingFor(change)
                            .equals("the throttle (stopped): the replica cannot be read: connection refused"));
            assertThat(customers.disagreeing()).isEqualTo(1_000);

            broken.set(false);

            assertThat(worker.get(60, TimeUnit.SECONDS)).isEqualTo(Outcome.FINISHED_ALL);
        } finally {
            thread.shutdownNow();
        }
        assertThat(customers.disagreeing()).isZero();
    }

    @Test
    void aPassAtAStandstillHasNoRateAndNoTimeLeft() throws Exception {
        ColumnChange change = customers.rows(3_000);
        customers.passes().open(change, Side.NEW, 0);
        AtomicBoolean broken = new AtomicBoolean();
        Throttle throttle = new Throttle(List.of(new Lag(() -> broken.get() ? unreadable() : 0)), null);
        // About 100 rows a second.
        Pace slow = new Pace(Duration.ofMillis(20), 50, 50, 100).withWorkers(1).withThrottle(throttle);
        AtomicBoolean goOn = new AtomicBoolean(true);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<Outcome> worker = thread.submit(() -> customers.passes().work(change, Side.NEW, 0, slow, goOn::get));
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                Progress now = customers.passes().progress(change, Side.NEW, 0).orElseThrow();
                return now.rowsPerSecond() > 0 && now.timeLeft() != null;
            });

            broken.set(true);

            await().atMost(Duration.ofSeconds(20))
                    .until(() -> waitingFor(change).contains("(stopped)"));
            Progress now = customers.passes().progress(change, Side.NEW, 0).orElseThrow();
            assertThat(now.rowsPerSecond()).isZero();
            assertThat(now.timeLeft()).isNull();
            goOn.set(false);
            assertThat(worker.get(20, TimeUnit.SECONDS)).isEqualTo(Outcome.STOPPED);
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void aWorkerAtAStandstillLearnsThatItsPassIsVoid() throws Exception {
        ColumnChange change = customers.rows(1_000);
        customers.passes().open(change, Side.NEW, 0);
        Pace pace = Customers.PACE.withThrottle(new Throttle(List.of(new Lag(ThrottledPassTest::unreadable)), null));
        AtomicInteger asked = new AtomicInteger();

        Outcome outcome = customers.passes().work(change, Side.NEW, 0, pace, () -> {
            if (asked.incrementAndGet() == 3) {
                customers.become(s -> s.voided(Side.NEW));
            }
            return true;
        });

        assertThat(outcome).isEqualTo(Outcome.VOID);
        assertThat(customers.disagreeing()).isEqualTo(1_000);
    }

    @Test
    void activeSessionsAreCounted() throws Exception {
        ThrottleSignal signal = DatabaseSignals.activeSessions(customers.database.dataSource(), customers.dialect, 50);
        String sleep = customers.engine == Engine.POSTGRESQL ? "SELECT pg_sleep(30)" : "SELECT SLEEP(30)";
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try (Connection one = customers.database.connect();
                Connection two = customers.database.connect();
                Statement first = one.createStatement();
                Statement second = two.createStatement()) {
            Future<Boolean> sleeping = threads.submit(() -> first.execute(sleep));
            Future<Boolean> sleepingToo = threads.submit(() -> second.execute(sleep));

            await().atMost(Duration.ofSeconds(10)).until(() -> signal.read() >= 2);

            first.cancel();
            second.cancel();
            assertThat(List.of(sleeping, sleepingToo))
                    .allSatisfy(each -> await().atMost(Duration.ofSeconds(10)).until(each::isDone));
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aReplicaThatIsNoneCannotBeRead() {
        ThrottleSignal signal = DatabaseSignals.replicaLag(
                "r1",
                customers.database.dataSource(),
                customers.database.dataSource(),
                customers.dialect,
                Duration.ofSeconds(5));

        assertThatThrownBy(signal::read).hasMessageContaining("no replica");
        assertThat(new Throttle(List.of(signal), null).ask().words())
                .isEqualTo("the throttle (stopped): the lag of replica r1 cannot be read: it is no replica");
    }

    @Test
    void aPrimaryWithoutStandbysHasNoLag() throws Exception {
        if (customers.engine == Engine.POSTGRESQL) {
            ThrottleSignal signal = DatabaseSignals.standbyLag(customers.database.dataSource(), Duration.ofSeconds(5));

            assertThat(signal.read()).isZero();
        }
    }

    @Test
    void aUserWhoMayNotSeeTheSessionsOfOthersIsNotToldThatThereAreNone() throws Exception {
        if (customers.engine == Engine.MYSQL) {
            // There everybody may see how many threads run.
            return;
        }
        String blind = "blind_" + customers.database.name();
        customers.database.execute("CREATE ROLE " + blind);
        HikariConfig config = new HikariConfig();
        config.setDataSource(customers.database.dataSource());
        config.setMaximumPoolSize(1);
        config.setConnectionInitSql("SET ROLE " + blind);
        try (HikariDataSource source = new HikariDataSource(config);
                Connection other = customers.database.connect()) {
            assertThat(other.isValid(1)).isTrue();
            assertThatThrownBy(DatabaseSignals.activeSessions(source, customers.dialect, 50)::read)
                    .hasMessageContaining("pg_monitor");
        } finally {
            customers.database.execute("DROP ROLE " + blind);
        }
    }
}
