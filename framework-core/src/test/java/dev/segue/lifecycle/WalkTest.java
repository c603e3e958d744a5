package dev.segue.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WalkTest {

    @Test
    void aFirstNodeStartsAtOldOnlyWhateverItWants() {
        Walk.Step step = Walk.next(Situation.initial(Kind.REPLACE, Guard.Form.SQL), null, Phase.NEW_ONLY, false);

        assertThat(step.phase()).isEqualTo(Phase.OLD_ONLY);
        assertThat(step.held()).anyMatch(held -> held.clause() == Clause.SCHEMA);
    }

    @Test
    void aNodeThatWantsToReadNewIsHeldByAnOldOnlyNodeAndNamesIt() {
        Situation s = Situations.with(
                Situation.initial(Kind.REPLACE, Guard.Form.NONE).stage(Stage.EXPAND, Progress.DONE),
                "billing-1",
                Phase.OLD_ONLY);

        Walk.Step step = Walk.next(s, null, Phase.READ_NEW, false);

        assertThat(step.phase()).isEqualTo(Phase.DUAL_WRITE);
        assertThat(step.held())
                .anyMatch(
                        held -> held.clause() == Clause.FLEET && held.message().contains("billing-1"));
    }

    @Test
    void theWayUpWaitsForEnforceBeforeItReadsNew() {
        Situation s = Situations.with(Situations.open(Guard.Form.NONE), "n1", Phase.DUAL_WRITE);

        assertThat(Walk.next(s, Phase.DUAL_WRITE, Phase.READ_NEW, true).phase()).isEqualTo(Phase.DUAL_WRITE);
        assertThat(Walk.next(s.stage(Stage.ENFORCE, Progress.DONE), Phase.DUAL_WRITE, Phase.READ_NEW, true)
                        .phase())
                .isEqualTo(Phase.READ_NEW);
    }

    @Test
    void theWayUpStaysInTheShadowForAsLongAsItShould() {
        Situation s = Situations.with(
                Situations.open(Guard.Form.NONE).stage(Stage.ENFORCE, Progress.DONE), "n1", Phase.SHADOW_READ);

        assertThat(Walk.next(s, Phase.SHADOW_READ, Phase.NEW_ONLY, false).phase())
                .isEqualTo(Phase.SHADOW_READ);
        assertThat(Walk.next(s, Phase.SHADOW_READ, Phase.NEW_ONLY, true).phase())
                .isEqualTo(Phase.READ_NEW);
    }

    @Test
    void theWayBackFromReadNewGoesThroughDualWrite() {
        Situation s = Situations.with(Situations.open(Guard.Form.NONE), "n1", Phase.READ_NEW);

        assertThat(Walk.next(s, Phase.READ_NEW, Phase.OLD_ONLY, true).phase()).isEqualTo(Phase.DUAL_WRITE);

        Situation back = s.occupied(s.participants().get(0), Phase.DUAL_WRITE);
        assertThat(Walk.next(back, Phase.DUAL_WRITE, Phase.OLD_ONLY, true).phase())
                .isEqualTo(Phase.DUAL_WRITE);
        assertThat(Walk.next(back.drained("n1", Phases.NONE), Phase.DUAL_WRITE, Phase.OLD_ONLY, true)
                        .phase())
                .isEqualTo(Phase.OLD_ONLY);
    }

    @Test
    void theWayBackFromNewOnlyStopsWhereOldIsNotProven() {
        Situation s = Situations.with(Situations.open(Guard.Form.NONE).voided(Side.OLD), "n1", Phase.NEW_ONLY);

        Walk.Step step = Walk.next(s, Phase.NEW_ONLY, Phase.DUAL_WRITE, true);

        assertThat(step.phase()).isEqualTo(Phase.READ_NEW);
        assertThat(step.held()).contains(new Held.NotSealed(Side.OLD));
    }

    @Test
    void noPhaseIsLegalForAReaderOfOldAfterTheDropButNewOnly() {
        Situation s = Situations.open(Guard.Form.NONE).stage(Stage.CONTRACT, Progress.DONE);

        assertThat(Walk.next(s, null, Phase.OLD_ONLY, true).phase()).isEqualTo(Phase.NEW_ONLY);
    }

    @Test
    void aNodeThatIsWhereItWantsToBeIsHeldByNothing() {
        Situation s = Situations.with(Situation.initial(Kind.REPLACE, Guard.Form.NONE), "n1", Phase.OLD_ONLY);

        assertThat(Walk.next(s, Phase.OLD_ONLY, Phase.OLD_ONLY, false).held()).isEmpty();
    }

    @Test
    void aNodeThatComesWhileTheOthersGoBackTakesWhatTheRuleAllows() {
        Situation s = Situations.with(Situations.open(Guard.Form.NONE).voided(Side.OLD), "n1", Phase.READ_NEW);

        for (Phase requested : Phase.values()) {
            assertThat(Walk.next(s, null, requested, false).phase())
                    .as("it serves NEW without its indexes, as the other does; requested " + requested)
                    .isEqualTo(requested == Phase.NEW_ONLY ? Phase.NEW_ONLY : Phase.READ_NEW);
        }
    }
}
