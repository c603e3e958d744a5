package dev.segue.model;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.segue.lifecycle.Guard.Form;
import dev.segue.lifecycle.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The production rule keeps every invariant in every state that is looked at, both ends stay reachable, and each of its
 * clauses is needed.
 *
 * <p>Small worlds are searched to their end, large ones up to {@code segue.model.states} states each (default
 * 800,000). Two searches run at a time.
 */
class ProtocolModelTest {

    private static final int LARGE = Integer.getInteger("segue.model.states", 800_000);
    private static final int NO_LIMIT = Integer.MAX_VALUE;

    /** From how many states of a small world a large one is searched. */
    private static final int SEEDS = 200;

    private static final Bounds ONE = Bounds.of(1, 1, 1, Form.NONE);
    private static final Bounds TWO = Bounds.of(2, 1, 1, Form.NONE);
    private static final Bounds TWO_SESSIONS = Bounds.of(1, 2, 1, Form.NONE).withoutInserts();
    private static final Bounds SQL = Bounds.of(1, 1, 1, Form.SQL).withLegacy();
    private static final Bounds JAVA = Bounds.of(1, 1, 1, Form.JAVA).withLegacy();
    private static final Bounds BLIND =
            Bounds.of(1, 1, 1, Form.JAVA_BLIND).withLegacy().withoutInserts();
    private static final Bounds NOBODY = Bounds.of(0, 0, 1, Form.SQL).withLegacy();

    private static final Bounds INTRODUCE = ONE.to(Kind.INTRODUCE);
    private static final Bounds INTRODUCE_SQL = SQL.to(Kind.INTRODUCE);
    private static final Bounds INTRODUCE_JAVA = JAVA.to(Kind.INTRODUCE);
    private static final Bounds RETIRE = ONE.to(Kind.RETIRE);
    private static final Bounds RETIRE_LEGACY = ONE.withLegacy().to(Kind.RETIRE);

    private static final ExecutorService CORES = Executors.newFixedThreadPool(2, work -> {
        Thread thread = new Thread(work, "model");
        thread.setDaemon(true);
        return thread;
    });
    private static final Map<Bounds, Future<Search>> SEARCHES = new ConcurrentHashMap<>();

    /** Of a large world only this is kept: its states would fill the memory. */
    private static final Map<Bounds, Future<Search.Result>> RESULTS = new ConcurrentHashMap<>();

    private static final AtomicLong STATES = new AtomicLong();
    private static final AtomicLong VIOLATIONS = new AtomicLong();

    static Stream<Bounds> smallWorlds() {
        return Stream.of(
                ONE,
                Bounds.of(1, 1, 1, Form.SQL),
                Bounds.of(1, 1, 1, Form.JAVA),
                SQL,
                JAVA,
                BLIND,
                NOBODY,
                TWO_SESSIONS,
                ONE.withSnapshots(),
                INTRODUCE,
                INTRODUCE_SQL,
                INTRODUCE_JAVA,
                TWO_SESSIONS.to(Kind.INTRODUCE),
                INTRODUCE.withSnapshots(),
                RETIRE,
                RETIRE_LEGACY,
                TWO_SESSIONS.to(Kind.RETIRE));
    }

    static Stream<Bounds> largeWorlds() {
        return smallWorlds()
                .filter(small -> small.nodes() == 1 && small.sessions() == 1 && !small.snapshots())
                .flatMap(small -> Stream.of(small.with(3, 1, 1), small.with(2, 2, 2)));
    }

    /** The longest search comes first; a large world waits for its small one, which has then been begun. */
    @BeforeAll
    static void begins() {
        RESULTS.put(
                TWO.withoutInserts(),
                CORES.submit(() -> run(new Search(TWO.withoutInserts(), Mutation.NONE, NO_LIMIT))));
        smallWorlds()
                .forEach(bounds -> SEARCHES.put(bounds, CORES.submit(() -> {
                    Search search = new Search(bounds, Mutation.NONE, NO_LIMIT);
                    run(search);
                    return search;
                })));
        largeWorlds()
                .forEach(bounds -> RESULTS.put(
                        bounds,
                        CORES.submit(() -> run(new Search(bounds, Mutation.NONE, LARGE)
                                .from(SEARCHES.get(bounds.with(1, 1, 1)).get(), SEEDS)))));
    }

    @AfterAll
    static void ends() {
        CORES.shutdownNow();
        System.out.printf(
                Locale.ROOT, "all worlds: distinct states: %d, violations: %d%n", STATES.get(), VIOLATIONS.get());
    }

    private static Search.Result run(Search search) {
        long start = System.nanoTime();
        Search.Result result = search.run();
        int violations = result.violated() == null ? 0 : 1;
        STATES.addAndGet(result.states());
        VIOLATIONS.addAndGet(violations);
        System.out.printf(
                Locale.ROOT,
                "%s: distinct states: %d, violations: %d (%s, %.1f s)%n",
                search.world().bounds,
                result.states(),
                violations,
                result.exhausted() ? "exhaustive" : "bounded",
                (System.nanoTime() - start) / 1e9);
        result.trace().forEach(System.out::println);
        return result;
    }

    @ParameterizedTest
    @MethodSource("smallWorlds")
    void noInvariantIsBrokenInASmallWorld(Bounds bounds) throws Exception {
        Search.Result result = SEARCHES.get(bounds).get().result();

        assertThat(result.trace()).isEmpty();
        assertThat(result.exhausted()).isTrue();
    }

    @Test
    void noInvariantIsBrokenBetweenTwoNodes() throws Exception {
        Search.Result result = RESULTS.get(TWO.withoutInserts()).get();

        assertThat(result.trace()).isEmpty();
        assertThat(result.exhausted()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("largeWorlds")
    void noInvariantIsBrokenInALargeWorld(Bounds bounds) throws Exception {
        Search.Result result = RESULTS.get(bounds).get();

        assertThat(result.trace()).isEmpty();
        assertThat(result.exhausted() || result.states() >= LARGE).isTrue();
    }

    static Stream<Bounds> smallWorldsWithNodes() {
        return smallWorlds().filter(bounds -> bounds.nodes() > 0);
    }

    @ParameterizedTest
    @MethodSource("smallWorldsWithNodes")
    void bothEndsStayReachable(Bounds bounds) throws Exception {
        Search search = SEARCHES.get(bounds).get();
        World world = search.world();
        Reachability reachability = new Reachability(search);

        assertThat(stuck(search, reachability, state -> true, world::isOver)).isEmpty();
        assertThat(stuck(search, reachability, world::mayGoBack, world::isAtStart))
                .isEmpty();
    }

    @Test
    void withoutTheReversePassThereIsNoWayBackFromNewOnly() {
        Search search = searched(ONE, Mutation.WITHOUT_REVERSE_PASS);
        World world = search.world();

        assertThat(stuck(search, new Reachability(search), world::mayGoBack, world::isAtStart))
                .last(as(InstanceOfAssertFactories.STRING))
                .endsWith("NEW_ONLY");
    }

    @Test
    void aChangeWhoseStagesCanNeverBeAppliedCanStillGoBack() {
        for (Bounds bounds : List.of(ONE, SQL, JAVA, INTRODUCE_SQL, RETIRE)) {
            Search search = searched(bounds, Mutation.APPLYING_NEVER_ENDS);

            assertThat(stuck(search, new Reachability(search), state -> true, search.world()::isAtStart))
                    .isEmpty();
        }
    }

    @Test
    void aChangeWhoseOldColumnsStayOmittableForeverCanStillGoForward() {
        for (Bounds bounds : List.of(ONE, INTRODUCE, RETIRE)) {
            Search search = searched(bounds, Mutation.UNRELAX_NEVER_ENDS);

            assertThat(stuck(search, new Reachability(search), state -> true, search.world()::isOver))
                    .isEmpty();
        }
    }

    private static Search searched(Bounds bounds, Mutation mutation) {
        Search search = new Search(bounds, mutation, NO_LIMIT);
        assertThat(search.run().trace()).isEmpty();
        return search;
    }

    /** The steps to the first of the concerned states from which the end is out of reach. */
    private static List<String> stuck(
            Search search, Reachability reachability, Predicate<int[]> concerned, Predicate<int[]> end) {
        int id = reachability.stuck(concerned, end);
        return id < 0 ? List.of() : search.stepsTo(id);
    }

    static Stream<Arguments> clauses() {
        return Stream.of(
                arguments(Mutation.WITHOUT_FLEET_CLAUSE, TWO, Invariant.WRONG_READ),
                arguments(Mutation.WITHOUT_TRUTH_CLAUSE, TWO, Invariant.WRONG_READ),
                arguments(Mutation.WITHOUT_COLUMN_EXISTS, TWO, Invariant.MISSING_COLUMN),
                arguments(Mutation.WITHOUT_OMITTABLE, TWO, Invariant.FAILED_WRITE),
                arguments(Mutation.WITHOUT_OWN_SESSIONS, TWO_SESSIONS, Invariant.WRONG_READ),
                arguments(Mutation.FORGETS_OLDER_PHASES, TWO, Invariant.UNSEALED_ROW),
                arguments(Mutation.OPENS_BEFORE_REGISTERING, TWO, Invariant.UNSEALED_ROW),
                arguments(Mutation.WITHOUT_VOIDING, TWO, Invariant.UNSEALED_ROW),
                arguments(Mutation.WITHOUT_EPOCH, TWO, Invariant.UNSEALED_ROW),
                arguments(Mutation.WITHOUT_CHECK, TWO, Invariant.UNSEALED_ROW),
                arguments(Mutation.WITHOUT_GENERATION, TWO, Invariant.UNSEALED_ROW),
                arguments(Mutation.EXPIRED_LEASE_RENEWED, TWO, Invariant.UNSEALED_ROW),
                arguments(Mutation.LATE_LOCAL_DEADLINE, TWO, Invariant.MISSING_COLUMN),
                arguments(Mutation.SEAL_WITHOUT_PRECONDITION, TWO, Invariant.UNSEALED_ROW),
                arguments(Mutation.SEAL_WITHOUT_BARRIER, TWO, Invariant.UNSEALED_ROW),
                arguments(Mutation.PASS_BEFORE_BARRIER, TWO, Invariant.UNSEALED_ROW),
                arguments(Mutation.PASS_FILLS_ONLY_NULLS, TWO, Invariant.UNSEALED_ROW),
                arguments(Mutation.SKIPPED_ROWS_NOT_COUNTED, TWO, Invariant.UNSEALED_ROW),
                arguments(Mutation.SEAL_FROM_UNSEALED_SIDE, ONE, Invariant.LOST_WRITE),
                arguments(Mutation.SEAL_WITHOUT_GUARD, SQL, Invariant.UNSEALED_ROW),
                arguments(Mutation.BATCH_WITHOUT_EPOCH_CHECK, TWO, Invariant.LOST_WRITE),
                arguments(Mutation.REPAIR_WITHOUT_ROW_LOCK, ONE.withoutInserts(), Invariant.UNSEALED_ROW),
                arguments(Mutation.JAVA_GUARD_NEVER_REFUSES, JAVA, Invariant.WRONG_READ),
                arguments(Mutation.JAVA_GUARD_REFUSES_WITHOUT_BARRIER, JAVA, Invariant.WRONG_READ),
                arguments(Mutation.OLD_ONLY_WHILE_GUARD_REFUSES, JAVA, Invariant.FAILED_WRITE),
                arguments(Mutation.DIRTY_ALWAYS_FROM_OLD, JAVA, Invariant.LOST_WRITE),
                arguments(Mutation.NEW_ONLY_WITHOUT_GUARD, SQL, Invariant.LOST_WRITE),
                arguments(Mutation.NEW_ONLY_WITHOUT_GUARD, BLIND, Invariant.LOST_WRITE),
                arguments(Mutation.ENFORCE_WITHOUT_INTENT, ONE, Invariant.FAILED_WRITE),
                arguments(Mutation.CONTRACT_WITHOUT_INTENT, ONE, Invariant.MISSING_COLUMN),
                arguments(Mutation.UNEXPAND_WITHOUT_INTENT, ONE, Invariant.MISSING_COLUMN),
                arguments(Mutation.CONTRACT_WHILE_SOME_NAME_OLD, ONE, Invariant.MISSING_COLUMN),
                arguments(Mutation.UNEXPAND_WHILE_SOME_NAME_NEW, ONE, Invariant.MISSING_COLUMN),
                arguments(Mutation.GUARD_DROPPED_BEFORE_COLUMN, JAVA, Invariant.LOST_WRITE),
                arguments(Mutation.CONTRACT_WITHOUT_NODE, NOBODY, Invariant.MISSING_COLUMN),
                arguments(Mutation.VERIFICATION_ALWAYS, ONE, Invariant.NO_TRUTH),
                arguments(Mutation.DEFAULT_ON_NEW, SQL, Invariant.UNSEALED_ROW),
                arguments(Mutation.WITHOUT_FLEET_CLAUSE, TWO.to(Kind.INTRODUCE), Invariant.WRONG_READ),
                arguments(Mutation.WITHOUT_TRUTH_CLAUSE, TWO.to(Kind.INTRODUCE), Invariant.WRONG_READ),
                arguments(Mutation.WITHOUT_VOIDING, TWO.to(Kind.INTRODUCE), Invariant.UNSEALED_ROW),
                arguments(Mutation.NEW_ONLY_BEFORE_RELAX, INTRODUCE_SQL, Invariant.LOST_WRITE),
                arguments(Mutation.RELAX_VOIDS_NOTHING, INTRODUCE_SQL, Invariant.UNSEALED_ROW),
                arguments(Mutation.RELAX_WHILE_SOME_READ_OLD, INTRODUCE_SQL, Invariant.WRONG_READ),
                arguments(Mutation.RELAX_WITHOUT_SEAL, INTRODUCE, Invariant.NO_TRUTH),
                arguments(Mutation.DISCARD_WITHOUT_BARRIER, INTRODUCE_SQL, Invariant.UNSEALED_ROW),
                arguments(Mutation.DISCARD_WHILE_SOME_SET_NEW, INTRODUCE_SQL, Invariant.LOST_WRITE),
                arguments(Mutation.DISCARD_BEFORE_RELAX_IS_REVERTED, INTRODUCE_SQL, Invariant.UNSEALED_ROW),
                arguments(Mutation.DISCARD_UNASKED, INTRODUCE, Invariant.LOST_WRITE),
                arguments(Mutation.NEW_ONLY_BEFORE_RELAX, RETIRE, Invariant.FAILED_WRITE),
                arguments(Mutation.UNRELAX_WHILE_SOME_OMIT_OLD, RETIRE, Invariant.FAILED_WRITE),
                arguments(Mutation.CONTRACT_WHILE_SOME_NAME_OLD, RETIRE, Invariant.MISSING_COLUMN),
                arguments(Mutation.CONTRACT_WITHOUT_INTENT, RETIRE, Invariant.MISSING_COLUMN),
                arguments(Mutation.WITHOUT_CHECK, TWO.to(Kind.RETIRE), Invariant.MISSING_COLUMN),
                arguments(Mutation.PHASE_NOT_PINNED, ONE.withSnapshots(), Invariant.WRONG_READ));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("clauses")
    void aClauseThatIsLeftOutIsMissed(Mutation mutation, Bounds bounds, Invariant broken) {
        Search.Result result =
                new Search(bounds, mutation, NO_LIMIT).seeking(broken).run();

        System.out.printf(
                "%s: %s in %d steps%n",
                mutation, result.violated(), result.trace().size() - 1);
        assertThat(result.violated()).isEqualTo(broken);
    }
}
