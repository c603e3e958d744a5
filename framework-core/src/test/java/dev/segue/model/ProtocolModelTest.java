package dev.segue.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.segue.lifecycle.Guard.Form;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The production rule keeps every invariant in every state that can be reached, and each of its clauses is needed. */
class ProtocolModelTest {

    private static final int LIMIT = 3_000_000;

    private static final Bounds ONE = Bounds.of(1, 1, 1, Form.NONE);
    private static final Bounds TWO = Bounds.of(2, 1, 1, Form.NONE);
    private static final Bounds SQL = Bounds.of(1, 1, 1, Form.SQL).withLegacy();
    private static final Bounds JAVA = Bounds.of(1, 1, 1, Form.JAVA).withLegacy();

    static Stream<Bounds> worlds() {
        return Stream.of(ONE, SQL, JAVA);
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void noInvariantIsBroken(Bounds bounds) {
        Search.Result result = new Search(bounds, Mutation.NONE, LIMIT).run();

        System.out.printf(
                "%s: distinct states: %d, violations: %d%n",
                bounds, result.states(), result.violated() == null ? 0 : 1);
        assertThat(result.trace()).isEmpty();
        assertThat(result.exhausted()).isTrue();
    }

    static Stream<Arguments> clauses() {
        return Stream.of(
                arguments(Mutation.WITHOUT_FLEET_CLAUSE, TWO, Invariant.WRONG_READ),
                arguments(Mutation.WITHOUT_TRUTH_CLAUSE, TWO, Invariant.WRONG_READ),
                arguments(Mutation.WITHOUT_COLUMN_EXISTS, TWO, Invariant.MISSING_COLUMN),
                arguments(Mutation.WITHOUT_OMITTABLE, TWO, Invariant.FAILED_WRITE),
                arguments(
                        Mutation.WITHOUT_OWN_SESSIONS,
                        Bounds.of(1, 2, 1, Form.NONE).withoutInserts(),
                        Invariant.WRONG_READ),
                arguments(Mutation.FORGETS_OLDER_PHASES, TWO, Invariant.MISSING_COLUMN),
                arguments(Mutation.OPENS_BEFORE_REGISTERING, TWO, Invariant.MISSING_COLUMN),
                arguments(Mutation.WITHOUT_VOIDING, TWO, Invariant.UNSEALED_ROW),
                arguments(Mutation.WITHOUT_EPOCH, TWO, Invariant.UNSEALED_ROW),
                arguments(Mutation.WITHOUT_CHECK, TWO, Invariant.MISSING_COLUMN),
                arguments(Mutation.WITHOUT_GENERATION, TWO, Invariant.MISSING_COLUMN),
                arguments(Mutation.LATE_LOCAL_DEADLINE, TWO, Invariant.MISSING_COLUMN),
                arguments(Mutation.SEAL_WITHOUT_PRECONDITION, TWO, Invariant.UNSEALED_ROW),
                arguments(Mutation.SEAL_WITHOUT_BARRIER, TWO, Invariant.UNSEALED_ROW),
                arguments(Mutation.PASS_BEFORE_BARRIER, TWO, Invariant.UNSEALED_ROW),
                arguments(Mutation.PASS_FILLS_ONLY_NULLS, TWO, Invariant.UNSEALED_ROW),
                arguments(Mutation.SKIPPED_ROWS_NOT_COUNTED, TWO, Invariant.UNSEALED_ROW),
                arguments(Mutation.BATCH_WITHOUT_EPOCH_CHECK, TWO, Invariant.LOST_WRITE),
                arguments(Mutation.REPAIR_WITHOUT_ROW_LOCK, ONE.withoutInserts(), Invariant.UNSEALED_ROW),
                arguments(Mutation.JAVA_GUARD_NEVER_REFUSES, JAVA, Invariant.UNSEALED_ROW),
                arguments(Mutation.JAVA_GUARD_REFUSES_WITHOUT_BARRIER, JAVA, Invariant.UNSEALED_ROW),
                arguments(Mutation.DIRTY_ALWAYS_FROM_OLD, JAVA, Invariant.LOST_WRITE),
                arguments(Mutation.NEW_ONLY_WITHOUT_GUARD, SQL, Invariant.UNSEALED_ROW),
                arguments(Mutation.GUARD_DROPPED_BEFORE_COLUMN, SQL, Invariant.FAILED_WRITE),
                arguments(Mutation.VERIFICATION_ALWAYS, ONE, Invariant.NO_TRUTH),
                arguments(Mutation.DEFAULT_ON_NEW, SQL, Invariant.UNSEALED_ROW),
                arguments(Mutation.PHASE_NOT_PINNED, ONE.withSnapshots(), Invariant.WRONG_READ));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("clauses")
    void aClauseThatIsLeftOutIsMissed(Mutation mutation, Bounds bounds, Invariant broken) {
        Search.Result result = new Search(bounds, mutation, LIMIT).run();

        assertThat(result.violated())
                .as(() -> String.join("\n", result.trace()))
                .isEqualTo(broken);
    }
}
