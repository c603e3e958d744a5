package dev.segue.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.lifecycle.Agenda.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AgendaTest {

    /** Walks one node to its goal, doing whatever the agenda says, and returns what was done. */
    private static List<Work> walk(Situation from, Phase goal, boolean mayContract) {
        List<Work> done = new ArrayList<>();
        Situation s = from;
        for (int i = 0; i < 100; i++) {
            Participant n1 = s.participants().get(0);
            Phase next = Walk.next(s, n1.phase(), goal, true).phase();
            Optional<Work> work = Agenda.next(s, mayContract);
            if (next != null && next != n1.phase()) {
                s = s.occupied(n1, next).drained("n1", Phases.NONE);
            } else if (work.isPresent()) {
                done.add(work.get());
                s = after(s, work.get());
            } else {
                return done;
            }
        }
        throw new AssertionError("No end after 100 steps: " + done);
    }

    private static Situation after(Situation s, Work work) {
        if (work instanceof Work.Apply apply) {
            Situation next = s.stage(apply.stage(), Progress.DONE);
            return apply.stage() == Stage.GUARD ? next.guarded(Side.NEW, true) : next;
        }
        if (work instanceof Work.Revert revert) {
            return s.stage(revert.stage(), Progress.PENDING);
        }
        if (work instanceof Work.SwitchGuard change) {
            return s.refusing(change.refuses() ? Progress.APPLYING : Progress.REVERTING)
                    .refusing(change.refuses() ? Progress.DONE : Progress.PENDING);
        }
        return work instanceof Work.Seal seal ? s.proven(seal.side()) : s.guarded(Side.OLD, true);
    }

    private static Situation node(Guard.Form form, Phase requested) {
        return Situations.requesting(
                Situations.with(Situation.initial(Kind.REPLACE, form), "n1", Phase.OLD_ONLY), requested);
    }

    @Test
    void withAGuardTheStagesComeInTheirOrder() {
        assertThat(walk(node(Guard.Form.SQL, Phase.NEW_ONLY), Phase.NEW_ONLY, true))
                .containsExactly(
                        new Work.Apply(Stage.EXPAND),
                        new Work.Apply(Stage.GUARD),
                        new Work.Seal(Side.NEW),
                        new Work.Apply(Stage.ENFORCE),
                        new Work.Apply(Stage.RELAX),
                        new Work.GuardBack(),
                        new Work.Apply(Stage.CONTRACT));
    }

    @Test
    void withoutAGuardNoTriggerIsAskedFor() {
        assertThat(walk(node(Guard.Form.NONE, Phase.NEW_ONLY), Phase.NEW_ONLY, false))
                .containsExactly(
                        new Work.Apply(Stage.EXPAND),
                        new Work.Seal(Side.NEW),
                        new Work.Apply(Stage.ENFORCE),
                        new Work.Apply(Stage.RELAX));
    }

    @Test
    void dualWriteFillsAndProvesButDoesNotEnforce() {
        assertThat(walk(node(Guard.Form.SQL, Phase.DUAL_WRITE), Phase.DUAL_WRITE, true))
                .containsExactly(new Work.Apply(Stage.EXPAND), new Work.Apply(Stage.GUARD), new Work.Seal(Side.NEW));
    }

    @Test
    void oldOnlyAsksForNothing() {
        assertThat(walk(node(Guard.Form.SQL, Phase.OLD_ONLY), Phase.OLD_ONLY, true))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Stage.class)
    void anIntentThatStandsIsFinishedFirst(Stage stage) {
        Situation s = node(Guard.Form.SQL, Phase.DUAL_WRITE).stage(stage, Progress.APPLYING);

        assertThat(Agenda.next(s, false)).contains(new Work.Apply(stage));
        assertThat(Agenda.next(s.stage(stage, Progress.REVERTING), false)).contains(new Work.Revert(stage));
    }

    @ParameterizedTest
    @EnumSource(
            value = Stage.class,
            names = {"GUARD", "ENFORCE", "RELAX"})
    void aStageThatCannotBeAppliedIsTakenBackWhenNobodyIsToldToGoWhereItIsNeeded(Stage stage) {
        Situation s = Situations.with(
                Situations.open(Guard.Form.SQL).stage(stage, Progress.APPLYING), "n1", Phase.DUAL_WRITE);

        assertThat(Agenda.next(Situations.requesting(s, Phase.OLD_ONLY), false)).contains(new Work.Revert(stage));
        assertThat(Agenda.next(Situations.requesting(s, Phase.READ_NEW), false)).contains(new Work.Apply(stage));
        assertThat(Agenda.next(s.gone("n1"), false))
                .as("nobody is told anything")
                .contains(new Work.Apply(stage));
    }

    @Test
    void aRevertOfRelaxThatCannotRunIsGivenUpWhenEverybodyIsToldToGoForward() {
        Situation s = Situations.with(
                Situations.open(Guard.Form.NONE).stage(Stage.RELAX, Progress.REVERTING), "n1", Phase.READ_NEW);

        assertThat(Agenda.next(Situations.requesting(s, Phase.NEW_ONLY), false)).contains(new Work.Apply(Stage.RELAX));
        assertThat(Agenda.next(Situations.requesting(s, Phase.READ_NEW), false)).contains(new Work.Revert(Stage.RELAX));
        assertThat(Agenda.next(
                        Situations.requesting(s, Phase.NEW_ONLY)
                                .stage(Stage.RELAX, Progress.DONE)
                                .stage(Stage.EXPAND, Progress.REVERTING),
                        false))
                .as("what is being dropped is not brought back")
                .contains(new Work.Revert(Stage.EXPAND));
    }

    @Test
    void whatHasBeenAbandonedIsNotBroughtToItsEndFirst() {
        for (Stage stage : Stage.values()) {
            Situation s = node(Guard.Form.SQL, Phase.OLD_ONLY).stage(stage, Progress.APPLYING);

            assertThat(Abandonment.next(s))
                    .contains(stage == Stage.CONTRACT ? new Work.Apply(stage) : new Work.Revert(stage));
        }
    }

    @Test
    void aGuardInJavaFormRefusesBeforeNewIsSealedAndRecordsBeforeOldOnly() {
        assertThat(walk(node(Guard.Form.JAVA, Phase.READ_NEW), Phase.READ_NEW, false))
                .containsExactly(
                        new Work.Apply(Stage.EXPAND),
                        new Work.Apply(Stage.GUARD),
                        new Work.SwitchGuard(true),
                        new Work.Seal(Side.NEW),
                        new Work.Apply(Stage.ENFORCE));

        Situation up = Situations.with(
                Situations.open(Guard.Form.JAVA)
                        .stage(Stage.GUARD, Progress.DONE)
                        .stage(Stage.ENFORCE, Progress.DONE)
                        .guarded(Side.NEW, true)
                        .refusing(Progress.DONE),
                "n1",
                Phase.READ_NEW);
        assertThat(walk(Situations.requesting(up, Phase.OLD_ONLY), Phase.OLD_ONLY, false))
                .containsExactly(new Work.Revert(Stage.ENFORCE), new Work.SwitchGuard(false));
    }

    @Test
    void aSwitchThatStandsIsFinishedFirstUnlessNobodyNeedsIt() {
        Situation s = Situations.with(
                Situations.open(Guard.Form.JAVA).guarded(Side.NEW, true).refusing(Progress.APPLYING),
                "n1",
                Phase.DUAL_WRITE);

        assertThat(Agenda.next(s, false)).contains(new Work.SwitchGuard(true));
        assertThat(Agenda.next(s.refusing(Progress.REVERTING), false)).contains(new Work.SwitchGuard(false));
        assertThat(Agenda.next(Situations.requesting(s, Phase.OLD_ONLY), false)).contains(new Work.SwitchGuard(false));
    }

    @ParameterizedTest
    @EnumSource(
            value = Guard.Form.class,
            names = {"SQL", "JAVA"})
    void theGuardWatchesTheWayBackBeforeOldIsSealed(Guard.Form form) {
        Situation s = Situations.with(
                Situations.open(form)
                        .stage(Stage.GUARD, Progress.DONE)
                        .stage(Stage.ENFORCE, Progress.DONE)
                        .guarded(Side.NEW, true)
                        .refusing(form == Guard.Form.JAVA ? Progress.DONE : Progress.PENDING)
                        .voided(Side.OLD),
                "n1",
                Phase.READ_NEW);

        assertThat(walk(Situations.requesting(s, Phase.DUAL_WRITE), Phase.DUAL_WRITE, false))
                .containsExactly(new Work.GuardBack(), new Work.Seal(Side.OLD));
    }

    @Test
    void theDropWaitsForItsPermission() {
        Situation s = Situations.requesting(
                Situations.with(
                        Situations.open(Guard.Form.NONE).stage(Stage.ENFORCE, Progress.DONE), "n1", Phase.NEW_ONLY),
                Phase.NEW_ONLY);

        assertThat(Agenda.next(s, false)).isEmpty();
        assertThat(Agenda.next(s, true)).contains(new Work.Apply(Stage.CONTRACT));
    }

    @Test
    void goingBackToOldOnlyRevertsEnforce() {
        Situation s = Situations.with(
                Situations.open(Guard.Form.NONE).stage(Stage.ENFORCE, Progress.DONE), "n1", Phase.DUAL_WRITE);

        assertThat(walk(Situations.requesting(s, Phase.OLD_ONLY), Phase.OLD_ONLY, false))
                .containsExactly(new Work.Revert(Stage.ENFORCE));
    }

    @Test
    void goingBackFromNewOnlySealsOldFirst() {
        Situation s = Situations.with(
                Situations.open(Guard.Form.NONE)
                        .stage(Stage.ENFORCE, Progress.DONE)
                        .voided(Side.OLD),
                "n1",
                Phase.NEW_ONLY);

        assertThat(walk(Situations.requesting(s, Phase.DUAL_WRITE), Phase.DUAL_WRITE, false))
                .containsExactly(new Work.Seal(Side.OLD));
    }

    @Test
    void anAbandonedChangeIsNotBegunAgainForANodeThatHasNotHeardOfIt() {
        Situation begun = Situations.requesting(
                Situations.with(Situation.initial(Kind.REPLACE, Guard.Form.SQL), "n1", Phase.OLD_ONLY), Phase.NEW_ONLY);

        assertThat(Agenda.next(begun, false)).contains(new Agenda.Work.Apply(Stage.EXPAND));
        assertThat(Abandonment.next(begun)).isEmpty();
        assertThat(Abandonment.next(begun.stage(Stage.EXPAND, Progress.DONE)))
                .contains(new Agenda.Work.Revert(Stage.EXPAND));
    }
}
