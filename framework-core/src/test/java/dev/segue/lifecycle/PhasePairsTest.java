package dev.segue.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every pair of phases against the definition of the fleet clause, written down a second time. */
class PhasePairsTest {

    private record Definition(Side reads, Set<Side> writes) {}

    private static final Map<Phase, Definition> DEFINITIONS = Map.of(
            Phase.OLD_ONLY, new Definition(Side.OLD, Set.of(Side.OLD)),
            Phase.DUAL_WRITE, new Definition(Side.OLD, Set.of(Side.OLD, Side.NEW)),
            Phase.SHADOW_READ, new Definition(Side.OLD, Set.of(Side.OLD, Side.NEW)),
            Phase.READ_NEW, new Definition(Side.NEW, Set.of(Side.OLD, Side.NEW)),
            Phase.NEW_ONLY, new Definition(Side.NEW, Set.of(Side.NEW)));

    private static Definition definition(Phase phase) {
        return Objects.requireNonNull(DEFINITIONS.get(phase));
    }

    static Stream<Arguments> pairs() {
        return Stream.of(Phase.values()).flatMap(p -> Stream.of(Phase.values()).map(q -> Arguments.of(p, q)));
    }

    @ParameterizedTest(name = "{0} occupied, {1} wanted")
    @MethodSource("pairs")
    void withoutAGuardEachMustWriteWhatTheOtherReads(Phase occupied, Phase wanted) {
        boolean compatible = definition(wanted)
                        .writes()
                        .contains(definition(occupied).reads())
                && definition(occupied).writes().contains(definition(wanted).reads());

        assertThat(fleetHolds(Situations.open(Guard.Form.NONE), occupied, wanted))
                .isEqualTo(!compatible);
    }

    @ParameterizedTest(name = "{0} occupied, {1} wanted")
    @MethodSource("pairs")
    void aGuardThatFillsBothSidesMakesEveryPairCompatible(Phase occupied, Phase wanted) {
        Situation s = Situations.open(Guard.Form.SQL);

        assertThat(fleetHolds(s.guarded(Side.NEW, true).guarded(Side.OLD, true), occupied, wanted))
                .isFalse();
    }

    @ParameterizedTest(name = "{0} occupied, {1} wanted")
    @MethodSource("pairs")
    void aGuardThatOnlyRecordsChangesNothing(Phase occupied, Phase wanted) {
        Situation recording =
                Situations.open(Guard.Form.JAVA).guarded(Side.NEW, true).guarded(Side.OLD, true);

        assertThat(fleetHolds(recording, occupied, wanted))
                .isEqualTo(fleetHolds(Situations.open(Guard.Form.NONE), occupied, wanted));
    }

    @ParameterizedTest(name = "{0} occupied, {1} wanted")
    @MethodSource("pairs")
    void oneDirectionOfTheGuardFillsOnlyThatSide(Phase occupied, Phase wanted) {
        Situation s = Situations.open(Guard.Form.SQL).guarded(Side.NEW, true);
        boolean held = Stream.of(List.of(occupied, wanted), List.of(wanted, occupied))
                .anyMatch(pair -> definition(pair.get(0)).reads() == Side.OLD
                        && !definition(pair.get(1)).writes().contains(Side.OLD));

        assertThat(fleetHolds(s, occupied, wanted)).isEqualTo(held);
    }

    private static boolean fleetHolds(Situation s, Phase occupied, Phase wanted) {
        return Rule.occupy(Situations.with(s, "other", occupied), wanted).stream()
                .anyMatch(held -> held.clause() == Clause.FLEET);
    }
}
