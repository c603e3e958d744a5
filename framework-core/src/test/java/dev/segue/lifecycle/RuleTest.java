package dev.segue.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RuleTest {

    private static final Situation FRESH = Situation.initial(Kind.REPLACE, Guard.Form.NONE);

    @Test
    void nothingButOldOnlyIsLegalBeforeExpand() {
        assertThat(Rule.occupy(FRESH, Phase.OLD_ONLY)).isEmpty();
        assertThat(Rule.occupy(FRESH, Phase.DUAL_WRITE))
                .containsExactly(new Held.Missing(Side.NEW, Stage.EXPAND, Progress.PENDING));
    }

    @Test
    void anIntentToExpandIsNotYetAColumnAndAnIntentToRevertItIsNoneAnyMore() {
        assertThat(Rule.occupy(FRESH.stage(Stage.EXPAND, Progress.APPLYING), Phase.DUAL_WRITE))
                .isNotEmpty();
        assertThat(Rule.occupy(FRESH.stage(Stage.EXPAND, Progress.DONE), Phase.DUAL_WRITE))
                .isEmpty();
        assertThat(Rule.occupy(FRESH.stage(Stage.EXPAND, Progress.REVERTING), Phase.DUAL_WRITE))
                .isNotEmpty();
    }

    @Test
    void theGuardGoesWithTheColumnsThatItFills() {
        Situation s = Situation.initial(Kind.REPLACE, Guard.Form.SQL)
                .stage(Stage.EXPAND, Progress.DONE)
                .stage(Stage.GUARD, Progress.DONE)
                .guarded(Side.NEW, true)
                .stage(Stage.EXPAND, Progress.PENDING);

        assertThat(s.guard().stands(Side.NEW)).isFalse();
        assertThat(s.stages().pending(Stage.GUARD)).isTrue();
    }

    @Test
    void readingASideNeedsItsSeal() {
        Situation expanded = FRESH.stage(Stage.EXPAND, Progress.DONE);

        assertThat(Rule.occupy(expanded, Phase.READ_NEW)).containsExactly(new Held.NotSealed(Side.NEW));
        assertThat(Rule.occupy(expanded.proven(Side.NEW), Phase.READ_NEW)).isEmpty();
    }

    @Test
    void aNodesOwnOpenSessionsCount() {
        Situation s = Situations.with(Situations.open(Guard.Form.NONE), "n1", Phase.DUAL_WRITE, Phase.READ_NEW);

        assertThat(Rule.occupy(s, Phase.OLD_ONLY))
                .anyMatch(held -> held instanceof Held.ReadByOthers reader && reader.readerPhase() == Phase.READ_NEW);
        assertThat(Rule.occupy(s.drained("n1", Phases.NONE), Phase.OLD_ONLY)).isEmpty();
    }

    @Test
    void oldOnlyIsHeldFromTheIntentToEnforceUntilItIsReverted() {
        Situation s = Situations.open(Guard.Form.NONE);

        for (Progress progress : new Progress[] {Progress.APPLYING, Progress.DONE, Progress.REVERTING}) {
            assertThat(Rule.occupy(s.stage(Stage.ENFORCE, progress), Phase.OLD_ONLY))
                    .containsExactly(new Held.NotOmittable(Side.NEW, Stage.ENFORCE, progress));
        }
        assertThat(Rule.occupy(s.stage(Stage.ENFORCE, Progress.PENDING), Phase.OLD_ONLY))
                .isEmpty();
    }

    @Test
    void newOnlyNeedsOldToBeOmittable() {
        Situation s = Situations.open(Guard.Form.NONE);

        assertThat(Rule.occupy(s, Phase.NEW_ONLY)).isEmpty();
        assertThat(Rule.occupy(s.stage(Stage.RELAX, Progress.PENDING), Phase.NEW_ONLY))
                .containsExactly(new Held.NotOmittable(Side.OLD, Stage.RELAX, Progress.PENDING));
    }

    @Test
    void newOnlyBesideUnregisteredWritersNeedsTheGuardThatKeepsOldCurrent() {
        Situation s = Situations.open(Guard.Form.SQL).guarded(Side.NEW, true);

        assertThat(Rule.occupy(s, Phase.NEW_ONLY)).containsExactly(new Held.Unguarded(Side.OLD, s.guard()));
        assertThat(Rule.occupy(s.guarded(Side.OLD, true), Phase.NEW_ONLY)).isEmpty();
    }

    @Test
    void afterTheDropOnlyNewOnlyIsLegal() {
        Situation s = Situations.open(Guard.Form.NONE).stage(Stage.CONTRACT, Progress.DONE);

        assertThat(Rule.occupy(s, Phase.NEW_ONLY)).isEmpty();
        for (Phase phase : new Phase[] {Phase.OLD_ONLY, Phase.DUAL_WRITE, Phase.SHADOW_READ, Phase.READ_NEW}) {
            assertThat(Rule.occupy(s, phase)).as(phase.id()).isNotEmpty();
        }
    }

    @Test
    void occupyingAPhaseVoidsTheSealsItDoesNotKeep() {
        Situation s = Situations.with(Situations.open(Guard.Form.NONE), "n1", Phase.DUAL_WRITE);
        Participant n1 = s.participants().get(0);

        Situation back = s.occupied(n1, Phase.OLD_ONLY);
        assertThat(back.sealedNew()).isFalse();
        assertThat(back.sealedOld()).isTrue();
        assertThat(back.epoch()).isEqualTo(s.epoch() + 1);
        assertThat(back.participants().get(0).draining()).isEqualTo(Phases.of(Phase.DUAL_WRITE));

        Situation beside = s.occupied(n1, Phase.READ_NEW);
        assertThat(beside.epoch()).isEqualTo(s.epoch());
    }

    @Test
    void theEpochGoesUpEvenIfThereWasNoSealToVoid() {
        Situation unsealed = FRESH.stage(Stage.EXPAND, Progress.DONE);

        assertThat(unsealed.occupied(
                                new Participant("n1", "shop", Phase.OLD_ONLY, Phases.NONE, Phase.OLD_ONLY),
                                Phase.OLD_ONLY)
                        .epoch())
                .isGreaterThan(unsealed.epoch());
    }

    @Test
    void aStandingGuardKeepsTheSealForThoseWhoWriteOneSide() {
        Situation s = Situations.open(Guard.Form.SQL).guarded(Side.NEW, true).guarded(Side.OLD, true);
        Participant joining = new Participant("n1", "shop", Phase.NEW_ONLY, Phases.NONE, Phase.NEW_ONLY);

        assertThat(s.occupied(joining, Phase.NEW_ONLY).sealedOld()).isTrue();
        assertThat(s.occupied(joining, Phase.NEW_ONLY).epoch()).isEqualTo(s.epoch());
    }

    @Test
    void removingAGuardVoidsThePassThatCountedOnIt() {
        Situation s = Situations.open(Guard.Form.SQL).guarded(Side.NEW, true);

        assertThat(s.guarded(Side.NEW, false).epoch()).isEqualTo(s.epoch() + 1);
    }

    @Test
    void aSealNeedsEverybodyToWriteBothSides() {
        Situation s = FRESH.stage(Stage.EXPAND, Progress.DONE);

        assertThat(Rule.seal(Situations.with(s, "n1", Phase.DUAL_WRITE), Side.NEW))
                .isEmpty();
        assertThat(Rule.seal(Situations.with(s, "n1", Phase.DUAL_WRITE, Phase.OLD_ONLY), Side.NEW))
                .singleElement()
                .isInstanceOf(Held.Occupied.class);
    }

    @Test
    void aSealNeedsTheGuardAndThenAcceptsItsOneSidedWriters() {
        Situation s = Situations.with(
                Situation.initial(Kind.REPLACE, Guard.Form.SQL).stage(Stage.EXPAND, Progress.DONE),
                "n1",
                Phase.OLD_ONLY);

        assertThat(Rule.seal(s, Side.NEW)).isNotEmpty();
        assertThat(Rule.seal(s.guarded(Side.NEW, true), Side.NEW)).isEmpty();
    }

    @Test
    void aSealNeedsTheOtherSideAsItsSource() {
        Situation s = FRESH.stage(Stage.EXPAND, Progress.DONE);

        assertThat(Rule.seal(s.voided(Side.OLD), Side.NEW)).isNotEmpty();
    }

    @Test
    void enforceWaitsForTheSealAndForEveryNodeThatDoesNotWriteNew() {
        Situation s = Situations.open(Guard.Form.NONE);

        assertThat(Rule.apply(Situations.with(s, "n1", Phase.DUAL_WRITE), Stage.ENFORCE))
                .isEmpty();
        assertThat(Rule.apply(Situations.with(s, "n1", Phase.DUAL_WRITE, Phase.OLD_ONLY), Stage.ENFORCE))
                .isNotEmpty();
        assertThat(Rule.apply(Situations.with(s.voided(Side.NEW), "n1", Phase.DUAL_WRITE), Stage.ENFORCE))
                .isNotEmpty();
    }

    @Test
    void contractNeedsANodeAndEveryNodeInNewOnly() {
        Situation s = Situations.open(Guard.Form.NONE).stage(Stage.ENFORCE, Progress.DONE);

        assertThat(Rule.apply(s, Stage.CONTRACT)).isNotEmpty();
        assertThat(Rule.apply(Situations.with(s, "n1", Phase.NEW_ONLY), Stage.CONTRACT))
                .isEmpty();
        assertThat(Rule.apply(Situations.with(s, "n1", Phase.NEW_ONLY, Phase.READ_NEW), Stage.CONTRACT))
                .isNotEmpty();
    }

    @Test
    void theDropIsFinal() {
        Situation s = Situations.open(Guard.Form.NONE).stage(Stage.CONTRACT, Progress.APPLYING);

        for (Stage stage : Stage.values()) {
            assertThat(Rule.revert(s, stage)).as(stage.id()).isNotEmpty();
        }
    }

    @Test
    void aMismatchUnsealsASideThatNobodyReads() {
        Situation both = Situations.open(Guard.Form.NONE);

        assertThat(Rule.disproven(both)).contains(Side.NEW);
        assertThat(Rule.disproven(Situations.with(both, "n1", Phase.SHADOW_READ)))
                .contains(Side.NEW);
        assertThat(Rule.disproven(Situations.with(both, "n1", Phase.READ_NEW))).contains(Side.OLD);
        assertThat(Rule.disproven(Situations.with(both, "n1", Phase.DUAL_WRITE, Phase.READ_NEW)))
                .as("an open session reads the other side")
                .isEmpty();
    }

    @Test
    void theOnlySealedSideStaysSealed() {
        Situation both = Situations.open(Guard.Form.NONE);

        assertThat(Rule.disproven(both.voided(Side.NEW))).isEmpty();
        assertThat(Rule.disproven(both.voided(Side.OLD))).isEmpty();
    }

    @Test
    void sidesAreComparedOnlyWhileBothAreProvenAndStay() {
        Situation both = Situations.open(Guard.Form.NONE);

        assertThat(Rule.comparable(both)).isTrue();
        assertThat(Rule.comparable(both.voided(Side.OLD))).isFalse();
        assertThat(Rule.comparable(both.stage(Stage.CONTRACT, Progress.APPLYING)))
                .isFalse();
        assertThat(Rule.comparable(both.stage(Stage.EXPAND, Progress.REVERTING)))
                .isFalse();
        assertThat(Rule.comparable(Situation.initial(Kind.RETIRE, Guard.Form.NONE)))
                .isFalse();
    }

    @Test
    void theSourcesOfANewAttributeAreNotDisproven() {
        Situation introduced = Situation.initial(Kind.INTRODUCE, Guard.Form.NONE)
                .stage(Stage.EXPAND, Progress.DONE)
                .proven(Side.NEW);

        assertThat(Rule.disproven(Situations.with(introduced, "n1", Phase.READ_NEW)))
                .isEmpty();
        assertThat(Rule.disproven(Situations.with(introduced, "n1", Phase.DUAL_WRITE)))
                .contains(Side.NEW);
    }

    private static Situation guardedInJava() {
        return Situations.open(Guard.Form.JAVA)
                .stage(Stage.GUARD, Progress.DONE)
                .guarded(Side.NEW, true)
                .voided(Side.NEW);
    }

    @Test
    void aGuardInJavaFormRefusesOnceEverybodyWritesNew() {
        Situation s = guardedInJava();

        assertThat(Rule.refuse(Situations.with(s, "n1", Phase.DUAL_WRITE))).isEmpty();
        assertThat(Rule.refuse(Situations.with(s, "n1", Phase.DUAL_WRITE, Phase.OLD_ONLY)))
                .singleElement()
                .isInstanceOf(Held.Occupied.class);
        assertThat(Rule.refuse(s.guarded(Side.NEW, false)))
                .as("it does not stand")
                .hasSize(1);
        assertThat(Rule.refuse(s.stage(Stage.CONTRACT, Progress.DONE)))
                .as("it has gone with OLD")
                .isNotEmpty();
        assertThat(Rule.refuse(Situations.open(Guard.Form.SQL)
                        .stage(Stage.GUARD, Progress.DONE)
                        .guarded(Side.NEW, true)))
                .as("a guard in SQL form fills")
                .hasSize(1);
    }

    @Test
    void aGuardInJavaFormRecordsAgainOnceNobodyNeedsNew() {
        Situation s = guardedInJava().refusing(Progress.DONE).proven(Side.NEW);

        assertThat(Rule.record(Situations.with(s, "n1", Phase.DUAL_WRITE))).isEmpty();
        assertThat(Rule.record(Situations.with(s, "n1", Phase.DUAL_WRITE, Phase.READ_NEW)))
                .singleElement()
                .isInstanceOf(Held.Occupied.class);
        assertThat(Rule.record(s.voided(Side.OLD))).as("NEW is the truth").hasSize(1);
        assertThat(Rule.record(s.stage(Stage.ENFORCE, Progress.DONE)))
                .as("NEW is mandatory")
                .hasSize(1);
        assertThat(Rule.record(s.refusing(Progress.PENDING)))
                .as("it records already")
                .hasSize(1);
        assertThat(s.refusing(Progress.REVERTING).sealedNew()).isFalse();
        assertThat(s.refusing(Progress.REVERTING).epoch()).isGreaterThan(s.epoch());
    }

    @Test
    void nobodyOmitsNewWhileAGuardMayRefuseIt() {
        Situation s = Situations.with(guardedInJava(), "n1", Phase.DUAL_WRITE);

        for (Progress refusal : new Progress[] {Progress.APPLYING, Progress.DONE, Progress.REVERTING}) {
            assertThat(Rule.occupy(s.refusing(refusal), Phase.OLD_ONLY))
                    .as(refusal.id())
                    .hasSize(1)
                    .first()
                    .isInstanceOf(Held.Unguarded.class);
        }
        assertThat(Rule.occupy(s, Phase.OLD_ONLY)).isEmpty();
    }

    @Test
    void aGuardInJavaFormRefusesBeforeNewIsSealed() {
        Situation s = guardedInJava();

        assertThat(Rule.seal(s, Side.NEW)).hasSize(1);
        assertThat(Rule.seal(s.refusing(Progress.APPLYING), Side.NEW)).hasSize(1);
        assertThat(Rule.seal(s.refusing(Progress.DONE), Side.NEW)).isEmpty();
    }

    @Test
    void oneThingAtATime() {
        Situation idle = guardedInJava().stage(Stage.RELAX, Progress.PENDING);
        Situation refusing = idle.refusing(Progress.DONE).proven(Side.NEW);
        assertThat(Rule.apply(idle, Stage.RELAX)).isEmpty();
        assertThat(Rule.revert(idle, Stage.GUARD)).isEmpty();
        assertThat(Rule.refuse(idle)).isEmpty();
        assertThat(Rule.record(refusing)).isEmpty();

        for (Progress underWay : new Progress[] {Progress.APPLYING, Progress.REVERTING}) {
            assertThat(Rule.apply(idle.refusing(underWay), Stage.RELAX)).hasSize(1);
            assertThat(Rule.revert(idle.refusing(underWay), Stage.ENFORCE)).hasSize(1);
            for (Stage stage : new Stage[] {Stage.ENFORCE, Stage.EXPAND}) {
                assertThat(Rule.apply(idle.stage(stage, underWay), Stage.RELAX)).isNotEmpty();
                assertThat(Rule.revert(idle.stage(stage, underWay), Stage.GUARD))
                        .isNotEmpty();
                assertThat(Rule.refuse(idle.stage(stage, underWay))).hasSize(1);
                assertThat(Rule.record(refusing.stage(stage, underWay))).isNotEmpty();
            }
        }
    }

    @Test
    void whatHasNotBeenDoneYetCanBeTakenBack() {
        Situation s = Situations.with(Situations.open(Guard.Form.SQL), "n1", Phase.DUAL_WRITE);

        for (Stage stage : Stage.values()) {
            assertThat(Rule.revert(s.stage(stage, Progress.APPLYING), stage).isEmpty())
                    .as(stage.id())
                    .isEqualTo(stage != Stage.CONTRACT);
            assertThat(Rule.apply(s.stage(stage, Progress.REVERTING), stage).isEmpty())
                    .as("reverting " + stage.id())
                    .isEqualTo(stage == Stage.RELAX);
        }
        assertThat(Rule.record(guardedInJava().refusing(Progress.APPLYING))).isEmpty();
        assertThat(Rule.record(guardedInJava().proven(Side.NEW).voided(Side.OLD).refusing(Progress.APPLYING)))
                .as("NEW is the only truth")
                .isNotEmpty();
        assertThat(Rule.refuse(guardedInJava().refusing(Progress.REVERTING))).isNotEmpty();
    }
}
