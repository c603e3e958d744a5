package dev.segue.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.lifecycle.Agenda.Work;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is special to a column that comes or goes without a counterpart. */
class KindTest {

    private static final Situation RETIRE = Situation.initial(Kind.RETIRE, Guard.Form.NONE);

    /** Everybody may read NEW, and nobody has let go of the sources yet. */
    private static Situation introduced(Guard.Form form) {
        Situation s = Situation.initial(Kind.INTRODUCE, form)
                .stage(Stage.EXPAND, Progress.DONE)
                .proven(Side.NEW)
                .stage(Stage.ENFORCE, Progress.DONE);
        return form == Guard.Form.NONE ? s : s.stage(Stage.GUARD, Progress.DONE).guarded(Side.NEW, true);
    }

    private static Situation relaxed(Guard.Form form) {
        return introduced(form).stage(Stage.RELAX, Progress.APPLYING).stage(Stage.RELAX, Progress.DONE);
    }

    private static Situation at(Situation s, Phase phase, Phase requested) {
        return Situations.requesting(Situations.with(s, "n1", phase), requested);
    }

    // ---- retire

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"DUAL_WRITE", "SHADOW_READ", "READ_NEW"})
    void aColumnThatGoesKnowsNoPhaseBetween(Phase phase) {
        assertThat(Rule.occupy(RETIRE, phase)).containsExactly(new Held.NoSuchPhase(Kind.RETIRE, phase));
    }

    @ParameterizedTest
    @EnumSource(
            value = Stage.class,
            names = {"EXPAND", "GUARD", "ENFORCE"})
    void aColumnThatGoesKnowsNoStageOfNewColumns(Stage stage) {
        assertThat(Rule.apply(RETIRE, stage)).isNotEmpty();
        assertThat(Rule.revert(RETIRE, stage)).isNotEmpty();
        assertThat(Rule.seal(RETIRE, Side.NEW)).isNotEmpty();
    }

    @Test
    void thoseWhoUseItAndThoseWhoDoNotLiveSideBySide() {
        Situation s = RETIRE.stage(Stage.RELAX, Progress.DONE);

        assertThat(Rule.occupy(Situations.with(s, "n1", Phase.OLD_ONLY), Phase.NEW_ONLY))
                .isEmpty();
        assertThat(Rule.occupy(Situations.with(s, "n1", Phase.NEW_ONLY), Phase.OLD_ONLY))
                .isEmpty();
    }

    @Test
    void aColumnThatGoesMayBeLeftOutAfterRelax() {
        assertThat(Rule.occupy(RETIRE, Phase.NEW_ONLY))
                .containsExactly(new Held.NotOmittable(Side.OLD, Stage.RELAX, Progress.PENDING));
    }

    @Test
    void theWayToTheDropIsTwoStagesAndOneStep() {
        Situation s = at(RETIRE, Phase.OLD_ONLY, Phase.NEW_ONLY);
        assertThat(Agenda.next(s, true)).contains(new Work.Apply(Stage.RELAX));

        Situation relaxed = s.stage(Stage.RELAX, Progress.DONE);
        assertThat(Agenda.next(relaxed, true)).isEmpty();
        assertThat(Walk.next(relaxed, Phase.OLD_ONLY, Phase.NEW_ONLY, false).phase())
                .isEqualTo(Phase.NEW_ONLY);

        Situation left = at(RETIRE.stage(Stage.RELAX, Progress.DONE), Phase.NEW_ONLY, Phase.NEW_ONLY);
        assertThat(Agenda.next(left, false)).isEmpty();
        assertThat(Agenda.next(left, true)).contains(new Work.Apply(Stage.CONTRACT));
    }

    @Test
    void aColumnIsNotDroppedWhileSomebodyUsesItOrNobodyIsThere() {
        Situation s = RETIRE.stage(Stage.RELAX, Progress.DONE);

        assertThat(Rule.apply(s, Stage.CONTRACT)).isNotEmpty();
        assertThat(Rule.apply(Situations.with(s, "n1", Phase.NEW_ONLY, Phase.OLD_ONLY), Stage.CONTRACT))
                .singleElement()
                .isInstanceOf(Held.Occupied.class);
    }

    @Test
    void itBecomesMandatoryAgainOnlyWhenEverybodyWritesIt() {
        Situation s = RETIRE.stage(Stage.RELAX, Progress.DONE);

        assertThat(Rule.revert(Situations.with(s, "n1", Phase.OLD_ONLY), Stage.RELAX))
                .isEmpty();
        assertThat(Rule.revert(Situations.with(s, "n1", Phase.NEW_ONLY), Stage.RELAX))
                .singleElement()
                .isInstanceOf(Held.Occupied.class);
    }

    @Test
    void aNodeThatWaitsForRelaxSaysSo() {
        Situation s = at(RETIRE, Phase.OLD_ONLY, Phase.NEW_ONLY);

        assertThat(Walk.next(s, Phase.OLD_ONLY, Phase.NEW_ONLY, true).held())
                .containsExactly(new Held.NotOmittable(Side.OLD, Stage.RELAX, Progress.PENDING));
    }

    // ---- introduce

    @Test
    void aNewColumnIsSetFreelyOnlyAfterRelax() {
        assertThat(Rule.occupy(introduced(Guard.Form.SQL), Phase.NEW_ONLY))
                .containsExactly(new Held.NotFree(Progress.PENDING));
        assertThat(Rule.occupy(relaxed(Guard.Form.SQL), Phase.NEW_ONLY)).isEmpty();
    }

    @Test
    void fromTheIntentToRelaxOnTheSourcesAreNotTheTruth() {
        Situation s = introduced(Guard.Form.SQL).stage(Stage.RELAX, Progress.APPLYING);

        assertThat(s.sealed(Side.OLD)).isFalse();
        assertThat(s.sealed(Side.NEW)).isTrue();
        assertThat(s.brings(Phase.OLD_ONLY, Side.NEW)).isFalse();
    }

    @Test
    void relaxWaitsUntilEverybodyReadsNew() {
        Situation s = introduced(Guard.Form.NONE);

        assertThat(Rule.apply(Situations.with(s, "n1", Phase.READ_NEW), Stage.RELAX))
                .isEmpty();
        assertThat(Rule.apply(Situations.with(s, "n1", Phase.READ_NEW, Phase.DUAL_WRITE), Stage.RELAX))
                .singleElement()
                .isInstanceOf(Held.Occupied.class);
        assertThat(Rule.apply(s.voided(Side.NEW), Stage.RELAX)).isNotEmpty();
    }

    @Test
    void noTriggerWritesTheSources() {
        Situation s = at(relaxed(Guard.Form.SQL), Phase.READ_NEW, Phase.NEW_ONLY);

        assertThat(Agenda.next(s, false)).isEmpty();
        assertThat(s.guarded(Side.OLD, true).brings(Phase.NEW_ONLY, Side.OLD)).isFalse();
    }

    @Test
    void theWayBackWaitsForTheOperatorsWord() {
        Situation s = at(relaxed(Guard.Form.SQL), Phase.READ_NEW, Phase.DUAL_WRITE);

        assertThat(Agenda.next(s, false)).isEmpty();
        assertThat(Walk.next(s, Phase.READ_NEW, Phase.DUAL_WRITE, true).held())
                .anyMatch(held -> held.message().contains("nobody has confirmed"));
        assertThat(Rule.discard(s)).isEmpty();
    }

    @Test
    void theWayBackStopsSettingThenBringsNewBackToItsSources() {
        Situation confirmed =
                at(relaxed(Guard.Form.SQL), Phase.READ_NEW, Phase.DUAL_WRITE).discarding();
        assertThat(Agenda.next(confirmed, false)).contains(new Work.Revert(Stage.RELAX));

        Situation following = confirmed.stage(Stage.RELAX, Progress.PENDING);
        assertThat(Agenda.next(following, false)).contains(new Work.Seal(Side.OLD));

        Situation proven = following.proven(Side.OLD);
        assertThat(Walk.next(proven, Phase.READ_NEW, Phase.DUAL_WRITE, true).phase())
                .isEqualTo(Phase.DUAL_WRITE);
    }

    @Test
    void nothingIsConfirmedWhileSomebodySetsValues() {
        assertThat(Rule.discard(Situations.with(relaxed(Guard.Form.SQL), "n1", Phase.READ_NEW, Phase.NEW_ONLY)))
                .singleElement()
                .isInstanceOf(Held.Occupied.class);
        assertThat(Rule.discard(introduced(Guard.Form.SQL))).isNotEmpty();
    }

    @Test
    void whoSetsValuesAgainTakesTheWordBack() {
        Situation s =
                Situations.with(relaxed(Guard.Form.SQL), "n1", Phase.READ_NEW).discarding();

        assertThat(s.occupied(s.participants().get(0), Phase.NEW_ONLY).discards())
                .isFalse();
    }

    @Test
    void theEndOfAnIntroductionDropsTheGuardUnderTheSameConditions() {
        Situation s = Situations.with(relaxed(Guard.Form.SQL), "n1", Phase.NEW_ONLY);

        assertThat(Rule.apply(s, Stage.CONTRACT)).isEmpty();
        assertThat(s.stage(Stage.CONTRACT, Progress.DONE).guard().stands(Side.NEW))
                .isFalse();
    }
}
