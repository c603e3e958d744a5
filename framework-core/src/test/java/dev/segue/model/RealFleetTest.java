package dev.segue.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.segue.lifecycle.Guard;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Participant;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Phases;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Situation;
import dev.segue.lifecycle.Stage;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The production classes do what the rule says, in every situation that two nodes can come into. So the worlds in which
 * a clause is left out, which ask the rule by themselves, differ from production by that clause alone.
 */
class RealFleetTest {

    private static final int NODES = 2;

    private final Fleet real = new RealFleet();
    private final Fleet rule = new MutatedFleet(Mutation.NONE);
    private final Set<Situation> seen = new HashSet<>();
    private final Deque<Situation> next = new ArrayDeque<>();

    static Stream<Arguments> changes() {
        return Stream.of(
                arguments(Kind.REPLACE, Guard.Form.SQL),
                arguments(Kind.REPLACE, Guard.Form.JAVA),
                arguments(Kind.REPLACE, Guard.Form.JAVA_BLIND),
                arguments(Kind.REPLACE, Guard.Form.NONE),
                arguments(Kind.INTRODUCE, Guard.Form.SQL),
                arguments(Kind.INTRODUCE, Guard.Form.JAVA),
                arguments(Kind.RETIRE, Guard.Form.NONE));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void doesWhatTheRuleSaysInEverySituation(Kind kind, Guard.Form form) {
        reach(Situation.initial(kind, form));
        while (!next.isEmpty()) {
            Situation s = next.remove();
            for (Participant participant : s.participants()) {
                membership(s, participant);
            }
            if (s.participants().size() < NODES) {
                joins(s, "n" + s.participants().size());
            }
            work(s);
        }
        System.out.printf("%s, guard %s: %d situations%n", kind.id(), form, seen.size());
        assertThat(seen).hasSizeGreaterThan(20);
    }

    /** Which of the nodes is where makes no difference. */
    private void reach(@Nullable Situation s) {
        if (s == null) {
            return;
        }
        List<Participant> sorted = s.participants().stream()
                .sorted(Comparator.comparing(Participant::phase)
                        .thenComparing(participant -> participant.draining().bits()))
                .toList();
        List<Participant> renamed = IntStream.range(0, sorted.size())
                .mapToObj(i -> new Participant(
                        "n" + i,
                        "model",
                        sorted.get(i).phase(),
                        sorted.get(i).draining(),
                        sorted.get(i).phase()))
                .toList();
        Situation plain =
                new Situation(s.kind(), 0, s.sealedOld(), s.sealedNew(), s.discards(), s.guard(), s.stages(), renamed);
        if (seen.add(plain)) {
            next.add(plain);
        }
    }

    private void agree(Situation s, String what, @Nullable Situation byProduction, @Nullable Situation byRule) {
        if (!Objects.equals(byProduction, byRule)) {
            assertThat(byProduction).as("%s in %s", what, s).isEqualTo(byRule);
        }
        reach(byProduction);
    }

    /** A node keeps the order of the way up if it can, and else takes what the rule allows; it finds something always. */
    private void joins(Situation s, String node) {
        boolean any = false;
        for (Phase phase : Phase.values()) {
            Situation joined = real.joins(s, node, phase);
            if (joined != null) {
                any = true;
                agree(s, node + " joins in " + phase, joined, rule.joins(s, node, phase));
            }
        }
        if (!any) {
            assertThat(any).as("%s finds a phase in %s", node, s).isTrue();
        }
    }

    private void membership(Situation s, Participant self) {
        String node = self.node();
        for (Phase phase : Phase.values()) {
            if (phase != self.phase()) {
                agree(s, node + " moves to " + phase, real.moves(s, node, phase), rule.moves(s, node, phase));
            }
            if (self.draining().contains(phase)) {
                Phases open = self.draining().without(phase);
                agree(s, node + " has drained " + phase, real.drained(s, node, open), rule.drained(s, node, open));
            }
        }
        agree(s, node + " leaves", real.leaves(s, node), rule.leaves(s, node));
        agree(s, node + " lapses", real.lapses(s, node), rule.lapses(s, node));
    }

    private void work(Situation s) {
        for (boolean forth : new boolean[] {true, false}) {
            for (Stage stage : Stage.values()) {
                agree(s, stage + " begins, apply " + forth, real.begins(s, stage, forth), rule.begins(s, stage, forth));
                agree(s, stage + " ends, apply " + forth, real.ends(s, stage, forth), rule.ends(s, stage, forth));
            }
            agree(s, "switch begins, refuse " + forth, real.beginsSwitch(s, forth), rule.beginsSwitch(s, forth));
            agree(s, "switch ends, refuse " + forth, real.endsSwitch(s, forth), rule.endsSwitch(s, forth));
        }
        for (Side side : Side.values()) {
            agree(s, "a pass begins for " + side, real.notes(s, side), rule.notes(s, side));
            agree(s, side + " is proven", real.seals(s, side), rule.seals(s, side));
        }
        agree(s, "the guard fills OLD", real.guardedBack(s), rule.guardedBack(s));
        agree(s, "the operator confirms", real.discards(s), rule.discards(s));
        if (s.guard().form() == Guard.Form.JAVA_BLIND) {
            agree(s, "the operator vouches", real.vouches(s), rule.vouches(s));
        }
    }
}
