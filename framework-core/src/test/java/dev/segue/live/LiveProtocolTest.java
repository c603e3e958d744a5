package dev.segue.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.segue.database.Database;
import dev.segue.fleet.RegistryTables;
import dev.segue.lifecycle.Guard;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Situation;
import dev.segue.lifecycle.Stage;
import dev.segue.lifecycle.Stages;
import dev.segue.live.LiveFleet.Bug;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Whatever nodes, sessions, passes, stages and unregistered writers do in whatever order, on real databases: no
 * transaction that commits has read a wrong value, no committed write is lost, no statement of a registered node fails,
 * and a sealed side holds the value of every row.
 *
 * <p>{@code -Dsegue.live.sequences=N} and {@code -Dsegue.live.seed=S} run more of them, or one again.
 */
@EachDatabase
@Execution(ExecutionMode.CONCURRENT)
class LiveProtocolTest {

    /** Every form of the guard; the last third has two tables. */
    private static final int WORLDS = 12;

    private static final int PARTS = 2;
    private static final int STEPS_OF_A_PART = 16;

    private final Database dialect;
    private final TestDatabase database;
    private final HikariDataSource pool = new HikariDataSource();
    private int fleets;

    LiveProtocolTest(Engine engine) {
        dialect = engine == Engine.POSTGRESQL ? Database.POSTGRESQL : Database.MYSQL;
        database = DatabaseServers.shared(engine).createDatabase();
        pool.setDataSource(database.dataSource());
        pool.setMaximumPoolSize(20);
    }

    @BeforeEach
    void registry() {
        RegistryTables.migrate(pool, dialect);
    }

    @AfterEach
    void close() {
        pool.close();
        database.close();
    }

    /** What came out of a sequence; if it went wrong, what and after how many steps. */
    private record Run(
            List<String> told,
            int writes,
            Situation end,
            @Nullable Throwable failure,
            int steps) {}

    @Test
    void noSequenceOfEventsBreaksAnInvariant() throws Exception {
        int sequences = Integer.getInteger("segue.live.sequences", 150);
        long seed = Long.getLong("segue.live.seed", new SplittableRandom().nextLong());
        long began = System.nanoTime();
        int writes = 0;
        int sealed = 0;
        int contracted = 0;
        for (int i = 0; i < sequences; i++) {
            List<Integer> steps = steps(seed + i);
            Run run = run(steps, seed + i);
            if (run.failure() != null) {
                throw new AssertionError(
                        "Sequence -Dsegue.live.seed=" + (seed + i) + " -Dsegue.live.sequences=1 on " + dialect
                                + " fails with:\n  "
                                + String.join(
                                        "\n  ", shortest(steps, run, seed + i).told()),
                        run.failure());
            }
            writes += run.writes();
            sealed += run.end().sealedNew() ? 1 : 0;
            contracted += run.end().stages().done(Stage.CONTRACT) ? 1 : 0;
        }
        System.out.printf(
                "%s: %d sequences from seed %d, %d committed writes, NEW sealed at the end of %d, contracted %d, violations: 0, %d s%n",
                dialect, sequences, seed, writes, sealed, contracted, (System.nanoTime() - began) / 1_000_000_000);
        assertThat(writes).as("they do something").isGreaterThan(sequences);
        if (sequences >= 100) {
            assertThat(sealed).as("they come somewhere").isGreaterThan(sequences / 50);
        }
    }

    @Test
    void theStraightWayLeadsToTheContractedSchema() throws Exception {
        for (long seed : new long[] {0, 2, 10}) {
            Run run = run(LiveFleet.wayUp(7, guard(seed)), seed);

            assertThat(run.failure()).isNull();
            assertThat(run.end().stages().done(Stage.CONTRACT))
                    .as(String.join("\n", run.told()))
                    .isTrue();
        }
    }

    @Test
    void whatIsAbandonedEndsAsItBegan() throws Exception {
        for (long seed : new long[] {1, 9}) {
            List<Integer> steps = LiveFleet.wayUp(6, guard(seed));
            steps.add(LiveFleet.abandonment());
            Run run = run(steps, seed);

            assertThat(run.failure()).isNull();
            assertThat(run.end().stages()).as(String.join("\n", run.told())).isEqualTo(Stages.NONE);
            assertThat(run.end().sealedOld()).isTrue();
        }
    }

    @Test
    void aGuardThatIsThoughtToRefuseAndDoesNotIsFoundOut() throws Exception {
        List<Integer> steps = LiveFleet.wayUp(4, Guard.Form.JAVA);
        steps.add(LiveFleet.legacyUpdate());

        findsOut(Bug.GUARD_NEVER_REFUSES, steps, 1);
    }

    @Test
    void aFleetThatCommitsWithoutItsLeaseIsFoundOut() throws Exception {
        findsOut(Bug.COMMITS_WITHOUT_LEASE, LiveFleet.lateCommit(), 2);
    }

    private void findsOut(Bug bug, List<Integer> steps, long world) throws Exception {
        assertThat(run(steps, world, bug).failure()).hasMessageContaining("NEW is sealed and holds");
        assertThat(run(steps, world, Bug.NONE).failure()).isNull();
    }

    private List<Integer> steps(long seed) {
        // Unlike those of Random, its first numbers differ from one seed to the next.
        SplittableRandom random = new SplittableRandom(seed);
        Guard.Form guard = guard(seed);
        List<Integer> steps = LiveFleet.wayUp(random.nextInt(8), guard);
        for (int part = 0; part < PARTS; part++) {
            for (int i = 0; i < STEPS_OF_A_PART; i++) {
                steps.add(random.nextInt(1 << 20));
            }
            // Meanwhile the others go on, which is what a node that stood still finds when it wakes up.
            steps.addAll(random.nextBoolean() ? LiveFleet.wayUp(7, guard) : LiveFleet.wayDown(guard));
        }
        return steps;
    }

    private Run run(List<Integer> steps, long seed) throws SQLException, InterruptedException {
        return run(steps, seed, Bug.NONE);
    }

    private Guard.Form guard(long seed) {
        return switch (Math.floorMod(seed, 3)) {
            case 0 -> Guard.Form.SQL;
            case 1 -> dialect == Database.POSTGRESQL ? Guard.Form.JAVA : Guard.Form.JAVA_BLIND;
            default -> Guard.Form.NONE;
        };
    }

    private static int sites(long seed) {
        return Math.floorMod(seed, WORLDS) < WORLDS * 2 / 3 ? 1 : 2;
    }

    private Run run(List<Integer> steps, long seed, Bug bug) throws SQLException, InterruptedException {
        Guard.Form guard = guard(seed);
        int done = 0;
        try (LiveFleet fleet = new LiveFleet(pool, dialect, guard, sites(seed), bug, fleets++)) {
            try {
                for (int step : steps) {
                    done++;
                    fleet.step(step);
                }
                return new Run(fleet.told(), fleet.writes(), fleet.end(), null, done);
            } catch (AssertionError | SQLException | RuntimeException e) {
                return new Run(fleet.told(), fleet.writes(), Situation.initial(Kind.REPLACE, guard), e, done);
            }
        }
    }

    /** Leaves out every step without which it fails all the same. */
    private Run shortest(List<Integer> steps, Run failed, long seed) throws Exception {
        List<Integer> now = new ArrayList<>(steps.subList(0, failed.steps()));
        Run best = failed;
        for (int i = now.size() - 1; i >= 0; i--) {
            List<Integer> fewer = new ArrayList<>(now);
            fewer.remove(i);
            Run run = run(fewer, seed);
            if (run.failure() != null && kind(run.failure()).equals(kind(failed.failure()))) {
                best = run;
                now = fewer;
            }
        }
        return best;
    }

    /** What went wrong, but for the values. */
    private static String kind(@Nullable Throwable failure) {
        if (failure == null) {
            return "none";
        }
        String message =
                String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        return failure.getClass() + message.replaceAll("\\d+", "").replaceFirst("(.{30}).*", "$1");
    }
}
