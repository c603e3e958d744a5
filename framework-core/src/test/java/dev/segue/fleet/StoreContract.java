package dev.segue.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.fleet.Request.Source;
import dev.segue.lifecycle.Clause;
import dev.segue.lifecycle.Guard;
import dev.segue.lifecycle.Held;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Phases;
import dev.segue.lifecycle.Progress;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Situation;
import dev.segue.lifecycle.Stage;
import dev.segue.lifecycle.Walk;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store promises, and what the fleet does on top of it. */
abstract class StoreContract {

    static final String CHANGE = "customer-full-name";
    static final Duration LEASE = Duration.ofSeconds(30);

    final TestClock clock = new TestClock();
    private final Map<String, ChangeStore<?>> stores = new HashMap<>();

    /** Opens the store as that node uses it, with the test's clock. */
    abstract ChangeStore<?> open(String node);

    /** Moves the store's own clock, as far as the leases that are there are concerned. */
    abstract void moveStoresClock(Duration by);

    /** What the journal says, in order. */
    abstract List<String> journal();

    /** How often two nodes race for incompatible moves. */
    abstract int races();

    @BeforeEach
    void declare() throws SQLException {
        store("first").declare(CHANGE, "customer(name)->(full_name)", Kind.REPLACE, Guard.Form.NONE);
    }

    ChangeStore<?> store(String node) {
        return stores.computeIfAbsent(node, this::open);
    }

    /** All nodes look, and look again after the time of a lease in which nobody has renewed. */
    void fallSilent() throws SQLException {
        for (String observer : List.of("reader", "test", "n1", "n2")) {
            store(observer).read(CHANGE);
        }
        clock.advance(LEASE.plusMillis(1));
    }

    Membership node(String node) {
        return new Membership(store(node), new NodeIdentity(node, "shop", "1"), LEASE, clock);
    }

    Situation situation() throws SQLException {
        return store("reader").read(CHANGE).orElseThrow().situation();
    }

    void save(Situation next) throws SQLException {
        store("test").underLock(CHANGE, locked -> {
            locked.save(next);
            return locked.situation();
        });
    }

    boolean renewed(Membership node, Permit permit) throws SQLException {
        try (ChangeStore.Renewals renewals = store("n1").renewals()) {
            return node.renew(renewals, permit, 1);
        }
    }

    @Test
    void keepsTheFirstDefinitionAndTellsOfAnother() throws SQLException {
        assertThat(store("n1").declare(CHANGE, "customer(name)->(full_name)", Kind.REPLACE, Guard.Form.NONE))
                .isEmpty();
        assertThat(store("n1").declare(CHANGE, "customer(nick)->(full_name)", Kind.REPLACE, Guard.Form.NONE))
                .contains("customer(name)->(full_name)");
    }

    @Test
    void startsWithOldAsTheTruth() throws SQLException {
        assertThat(situation()).isEqualTo(Situation.initial(Kind.REPLACE, Guard.Form.NONE));
    }

    @Test
    void keepsTheKindAndTheOperatorsWordThatValuesMayBeLost() throws SQLException {
        for (Kind kind : Kind.values()) {
            String change = "a-" + kind.id();
            store("n1").declare(change, "customer(name)->(full_name)", kind, Guard.Form.NONE);
            assertThat(store("n1").situation(change)).isEqualTo(Situation.initial(kind, Guard.Form.NONE));
        }

        Situation letGo = Situation.initial(Kind.INTRODUCE, Guard.Form.NONE)
                .proven(Side.NEW)
                .voided(Side.OLD);
        store("n1").underLock("a-introduce", locked -> {
            locked.save(letGo);
            return letGo;
        });
        assertThat(new Operator(store("n2")).discard("a-introduce", "anna")).isEmpty();
        assertThat(store("n1").situation("a-introduce")).isEqualTo(letGo.discarding());
    }

    @Test
    void writesDownWhatTheRuleAllowed() throws SQLException {
        Situation next = situation()
                .stage(Stage.EXPAND, Progress.DONE)
                .stage(Stage.ENFORCE, Progress.APPLYING)
                .proven(Side.NEW)
                .guarded(Side.NEW, true);

        save(next);

        assertThat(situation()).isEqualTo(next);
    }

    @Test
    void aNodeJoinsAtTheBestLegalPhaseAndIsToldWhatHoldsIt() throws SQLException {
        Membership n1 = node("n1");
        Walk.Step step = n1.join(n1.nextGeneration(1), CHANGE, Phase.READ_NEW, false, false);

        assertThat(step.phase()).isEqualTo(Phase.OLD_ONLY);
        assertThat(step.held()).anyMatch(held -> held.clause() == Clause.SCHEMA);
        assertThat(situation().participant("n1")).hasValueSatisfying(self -> {
            assertThat(self.phase()).isEqualTo(Phase.OLD_ONLY);
            assertThat(self.requested()).isEqualTo(Phase.READ_NEW);
        });
    }

    @Test
    void aMoveLeavesTheOldPhaseDrainingUntilItsSessionsHaveEnded() throws SQLException {
        save(situation().stage(Stage.EXPAND, Progress.DONE));
        Membership n1 = node("n1");
        n1.join(n1.nextGeneration(1), CHANGE, Phase.OLD_ONLY, false, false);

        assertThat(n1.move(CHANGE, Phase.DUAL_WRITE)).isEmpty();
        assertThat(situation().participant("n1").orElseThrow().occupied())
                .isEqualTo(Phases.of(Phase.OLD_ONLY, Phase.DUAL_WRITE));

        n1.drained(CHANGE, Phases.NONE);
        assertThat(situation().participant("n1").orElseThrow().occupied()).isEqualTo(Phases.of(Phase.DUAL_WRITE));
    }

    @Test
    void aMoveThatTheRuleHoldsChangesNothing() throws SQLException {
        Membership n1 = node("n1");
        n1.join(n1.nextGeneration(1), CHANGE, Phase.OLD_ONLY, false, false);
        Situation before = situation();

        assertThat(n1.move(CHANGE, Phase.READ_NEW)).isNotEmpty();
        assertThat(situation()).isEqualTo(before);
    }

    @Test
    void ofTwoIncompatibleMovesAtOnceExactlyOneWins() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < races(); round++) {
                raceOnce(threads, "a" + round, "b" + round);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aRenewalMovesTheDeadline() throws SQLException {
        Membership n1 = node("n1");
        Permit permit = n1.nextGeneration(1);
        n1.join(permit, CHANGE, Phase.OLD_ONLY, false, false);
        clock.advance(LEASE.minusMillis(1));
        assertThat(permit.isFresh()).isTrue();

        assertThat(renewed(n1, permit)).isTrue();

        clock.advance(LEASE.minusMillis(1));
        assertThat(permit.isFresh()).isTrue();
        clock.advance(Duration.ofMillis(1));
        assertThat(permit.isFresh()).isFalse();
    }

    @Test
    void anExpiredLeaseIsNotRenewedEvenIfNobodyHasNoticed() throws SQLException {
        Membership n1 = node("n1");
        Permit permit = n1.nextGeneration(1);
        n1.join(permit, CHANGE, Phase.OLD_ONLY, false, false);
        moveStoresClock(LEASE.plusMillis(1));

        assertThat(renewed(n1, permit)).isFalse();
        assertThat(permit.isFresh()).isFalse();
    }

    @Test
    void aNodeThatLeavesIsInNobodysWay() throws SQLException {
        Membership n1 = node("n1");
        Permit permit = n1.nextGeneration(1);
        n1.join(permit, CHANGE, Phase.OLD_ONLY, false, false);

        n1.leave(permit, CHANGE);

        assertThat(situation().participants()).isEmpty();
    }

    @Test
    void theHoldBeginsWhenEverybodyIsInNewOnlyAndEndsWhenSomebodyIsNot() throws SQLException {
        save(Situation.initial(Kind.REPLACE, Guard.Form.NONE)
                .stage(Stage.EXPAND, Progress.DONE)
                .stage(Stage.ENFORCE, Progress.DONE)
                .stage(Stage.RELAX, Progress.DONE)
                .proven(Side.NEW));
        Membership n1 = node("n1");
        n1.join(n1.nextGeneration(1), CHANGE, Phase.NEW_ONLY, true, true);
        ChangeRecord alone = store("reader").read(CHANGE).orElseThrow();
        assertThat(alone.heldFor()).isNotNull();
        assertThat(alone.permitsDrop()).isTrue();

        Membership n2 = node("n2");
        n2.join(n2.nextGeneration(1), CHANGE, Phase.READ_NEW, true, false);
        ChangeRecord mixed = store("reader").read(CHANGE).orElseThrow();
        assertThat(mixed.heldFor()).isNull();
        assertThat(mixed.permitsDrop()).isFalse();
    }

    /** One node goes down to OLD_ONLY while the other goes up to READ_NEW; together they would not be legal. */
    private void raceOnce(ExecutorService threads, String first, String second) throws Exception {
        save(Situation.initial(Kind.REPLACE, Guard.Form.NONE)
                .stage(Stage.EXPAND, Progress.DONE)
                .proven(Side.NEW));
        Membership down = node(first);
        Permit downPermit = down.nextGeneration(1);
        down.join(downPermit, CHANGE, Phase.DUAL_WRITE, true, false);
        Membership up = node(second);
        Permit upPermit = up.nextGeneration(1);
        up.join(upPermit, CHANGE, Phase.DUAL_WRITE, true, false);

        List<Callable<Boolean>> race = List.of(
                () -> down.move(CHANGE, Phase.OLD_ONLY).isEmpty(),
                () -> up.move(CHANGE, Phase.READ_NEW).isEmpty());
        int winners = 0;
        for (Future<Boolean> result : threads.invokeAll(race)) {
            winners += result.get() ? 1 : 0;
        }

        assertThat(winners).isEqualTo(1);
        down.leave(downPermit, CHANGE);
        up.leave(upPermit, CHANGE);
    }

    @Test
    void aChangeThatWasNeverDeclaredIsUnknown() throws SQLException {
        assertThat(store("n1").read("nothing")).isEmpty();
        assertThatThrownBy(() -> store("n1").situation("nothing"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("nothing");
    }

    @Test
    void workThatFailsLeavesNothingBehind() throws SQLException {
        Situation before = situation();
        List<String> told = journal();

        assertThatThrownBy(() -> store("n1").underLock(CHANGE, locked -> {
                    locked.request(Source.OPERATOR, Phase.NEW_ONLY, "ann", "a reason");
                    locked.abandon(true);
                    locked.save(before.stage(Stage.EXPAND, Progress.DONE).proven(Side.NEW));
                    locked.journal("moved", null, null, null);
                    throw new SQLException("refused");
                }))
                .hasMessage("refused");

        assertThat(situation()).isEqualTo(before);
        assertThat(journal()).isEqualTo(told);
        assertThat(store("n1").read(CHANGE).orElseThrow().requests()).isEmpty();
        assertThat(store("n1").read(CHANGE).orElseThrow().abandoned()).isFalse();
    }

    @Test
    void whoeverTakesTheLockDeclaresGoneWhoseLeaseHasRunOut() throws SQLException {
        Membership n1 = node("n1");
        Permit permit = n1.nextGeneration(1);
        n1.join(permit, CHANGE, Phase.OLD_ONLY, false, false);
        fallSilent();

        assertThat(store("n2").read(CHANGE).orElseThrow().hasLapsed()).isTrue();
        assertThat(store("n2").situation(CHANGE).participants()).isEmpty();

        assertThat(situation().participants()).isEmpty();
        assertThat(journal()).filteredOn(line -> line.contains("lapsed")).hasSize(1);
        assertThat(n1.move(CHANGE, Phase.OLD_ONLY)).isNotEmpty();
    }

    @Test
    void aGenerationThatIsOverIsNeitherRenewedNorEndedAgain() throws SQLException {
        Membership n1 = node("n1");
        Permit before = n1.nextGeneration(1);
        n1.join(before, CHANGE, Phase.OLD_ONLY, false, false);
        Permit after = n1.nextGeneration(1);
        n1.join(after, CHANGE, Phase.OLD_ONLY, false, false);

        assertThat(renewed(n1, before)).isFalse();
        assertThat(before.isFresh()).isFalse();
        n1.leave(before, CHANGE);
        assertThat(situation().participants()).hasSize(1);
        assertThat(renewed(n1, after)).isTrue();
    }

    @Test
    void anotherProcessUnderTheSameIdEndsTheFirst() throws SQLException {
        Membership first = node("same");
        Permit ofFirst = first.nextGeneration(1);
        first.join(ofFirst, CHANGE, Phase.OLD_ONLY, false, false);
        Membership second = node("same");
        Permit ofSecond = second.nextGeneration(1);
        second.join(ofSecond, CHANGE, Phase.OLD_ONLY, false, false);

        assertThat(renewed(first, ofFirst)).isFalse();
        assertThat(renewed(second, ofSecond)).isTrue();
        assertThat(situation().participants()).hasSize(1);
    }

    private List<String> told() throws SQLException {
        return store("n2").read(CHANGE).orElseThrow().requests().stream()
                .map(request -> request.phase().id() + " by " + request.origin())
                .toList();
    }

    private long lines(String... parts) {
        return journal().stream()
                .filter(line -> List.of(parts).stream().allMatch(line::contains))
                .count();
    }

    @Test
    void anOperatorsRequestIsKeptWithNameReasonAndTimeUntilItIsTakenBack() throws SQLException {
        Operator operator = new Operator(store("n1"));
        operator.request(CHANGE, Phase.READ_NEW, "ann", "the reports are done");
        operator.allowContract(CHANGE, "ann");

        assertThat(told()).containsExactly("read-new by operator ann: the reports are done");
        assertThat(store("n2").read(CHANGE).orElseThrow().contractAllowed()).isTrue();
        assertThat(lines("n1", "request", "read-new", "operator ann: the reports are done"))
                .isEqualTo(1);

        operator.request(CHANGE, Phase.DUAL_WRITE, "bob", null);
        assertThat(told()).containsExactly("dual-write by operator bob");
        assertThat(lines("n1", "request", "read-new", "dual-write", "operator bob"))
                .as("it says what was asked for before")
                .isEqualTo(1);

        assertThat(operator.clearRequests(CHANGE, "carl")).hasSize(1);
        assertThat(told()).isEmpty();
        assertThat(lines("n1", "clear-request", "dual-write", "operator carl")).isEqualTo(1);
        assertThat(operator.clearRequests(CHANGE, "carl")).isEmpty();
        assertThat(lines("clear-request"))
                .as("nothing to take back is nothing to tell")
                .isEqualTo(1);
    }

    @Test
    void theTimeOfARequestIsTheStoresOwn() throws SQLException {
        new Operator(store("n1")).request(CHANGE, Phase.READ_NEW, "ann", null);
        Instant first = store("n2").read(CHANGE).orElseThrow().requests().get(0).since();
        Membership n1 = node("n1");
        n1.join(n1.nextGeneration(1), CHANGE, Phase.OLD_ONLY, false, false);

        ChangeRecord record = store("n2").read(CHANGE).orElseThrow();
        assertThat(Duration.between(first.plus(LEASE), record.members().get(0).leaseUntil()))
                .isBetween(Duration.ZERO, Duration.ofMinutes(1));
        assertThat(record.requests().get(0).since())
                .as("what else is written does not renew it")
                .isEqualTo(first);
    }

    @Test
    void abandoningIsAnOperatorsRequestAndAnyLaterOneTakesItBack() throws SQLException {
        Operator operator = new Operator(store("n1"));

        operator.abandon(CHANGE, "ann", null);
        assertThat(store("n2").read(CHANGE).orElseThrow().abandoned()).isTrue();
        assertThat(told()).containsExactly("old-only by operator ann");
        operator.request(CHANGE, Phase.READ_NEW, "bob", null);
        assertThat(store("n2").read(CHANGE).orElseThrow().abandoned()).isFalse();

        operator.abandon(CHANGE, "ann", "a mistake");
        operator.clearRequests(CHANGE, "bob");
        assertThat(store("n2").read(CHANGE).orElseThrow().abandoned()).isFalse();
        assertThat(told()).isEmpty();
    }

    @Test
    void theWatchsRequestStandsBesideTheOperatorsUntilAnOperatorClearsBoth() throws SQLException {
        Operator operator = new Operator(store("n1"));
        WayBack watch = new WayBack(store("n2"));

        assertThat(watch.request(CHANGE, Phase.DUAL_WRITE, "n2", "12 mismatches"))
                .isTrue();
        operator.request(CHANGE, Phase.READ_NEW, "ann", null);
        assertThat(told()).containsExactly("read-new by operator ann", "dual-write by watch n2: 12 mismatches");
        operator.abandon(CHANGE, "ann", "a mistake");
        operator.request(CHANGE, Phase.SHADOW_READ, "ann", null);
        assertThat(told())
                .as("a new word of the operator leaves the watch's")
                .containsExactly("shadow-read by operator ann", "dual-write by watch n2: 12 mismatches");

        assertThat(operator.clearRequests(CHANGE, "bob"))
                .extracting(Request::source)
                .containsExactly(Source.OPERATOR, Source.WATCH);
        assertThat(told()).isEmpty();
        assertThat(lines("clear-request", "shadow-read", "of the operator", "bob"))
                .isEqualTo(1);
        assertThat(lines("clear-request", "dual-write", "of the watch", "bob")).isEqualTo(1);
    }

    @Test
    void ofSeveralWatchesTheOneCountsThatGoesBackFurthest() throws SQLException {
        WayBack watch = new WayBack(store("n1"));

        assertThat(watch.request(CHANGE, Phase.DUAL_WRITE, "n1", "errors")).isTrue();
        assertThat(watch.request(CHANGE, Phase.SHADOW_READ, "n2", "late")).isFalse();
        assertThat(watch.request(CHANGE, Phase.DUAL_WRITE, "n3", "errors too")).isFalse();
        assertThat(told()).containsExactly("dual-write by watch n1: errors");
        assertThat(watch.request(CHANGE, Phase.OLD_ONLY, "n4", "worse")).isTrue();
        assertThat(told()).containsExactly("old-only by watch n4: worse");

        assertThat(lines("request", "watch"))
                .as("only what counts is journaled")
                .isEqualTo(2);
    }

    @Test
    void aReasonThatIsTooLongIsRefusedAndChangesNothing() throws SQLException {
        Operator operator = new Operator(store("n1"));
        operator.request(CHANGE, Phase.READ_NEW, "ann", "é".repeat(1_000));

        assertThatThrownBy(() -> operator.request(CHANGE, Phase.OLD_ONLY, "ann", "é".repeat(1_001)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1000")
                .hasMessageContaining("1001");
        assertThat(told()).containsExactly("read-new by operator ann: " + "é".repeat(1_000));
    }

    @Test
    void theStoreKeepsNothingThatConcernsOneNodeAlone() {
        for (Source source : List.of(Source.FLAG, Source.CONFIGURATION)) {
            assertThatThrownBy(() -> store("n1").underLock(CHANGE, locked -> {
                        locked.request(source, Phase.READ_NEW, "somebody", null);
                        return locked.situation();
                    }))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void whatANodesOwnFlagSaysAnewIsJournaled() throws SQLException {
        Request before =
                new Request(Phase.OLD_ONLY, Source.CONFIGURATION, "segue.changes.x.phase", null, Instant.EPOCH);
        Request now = new Request(Phase.READ_NEW, Source.FLAG, "segue.x", null, Instant.EPOCH);

        node("n1").toldAnew(CHANGE, before, now);

        assertThat(lines("n1", "request", "old-only", "read-new", "by flag segue.x"))
                .isEqualTo(1);
    }

    @Test
    void aSealIsRecordedOnlyForTheEpochThatWasNoted() throws SQLException {
        save(situation().stage(Stage.EXPAND, Progress.DONE));
        Membership n1 = node("n1");
        n1.join(n1.nextGeneration(1), CHANGE, Phase.DUAL_WRITE, false, false);
        Seals<?> seals = new Seals<>(store("n1"));

        long epoch = seals.begin(CHANGE, Side.NEW).orElseThrow().epoch();
        save(situation().voided(Side.NEW));
        assertThat(seals.verdict(CHANGE, Side.NEW, epoch, locked -> true)).isFalse();
        long next = seals.begin(CHANGE, Side.NEW).orElseThrow().epoch();
        assertThat(seals.verdict(CHANGE, Side.NEW, next, locked -> false)).isFalse();
        assertThat(seals.verdict(CHANGE, Side.NEW, next, locked -> true)).isTrue();

        assertThat(situation().sealed(Side.NEW)).isTrue();
        assertThat(seals.begin(CHANGE, Side.NEW)).as("sealed already").isEmpty();
        assertThat(journal()).anyMatch(line -> line.contains("n1") && line.contains("sealed") && line.contains("NEW"));
    }

    @Test
    void aStageIsIntendedBeforeItRunsAndAnIntentThatStandsIsTakenUp() throws SQLException {
        Membership n1 = node("n1");
        n1.join(n1.nextGeneration(1), CHANGE, Phase.DUAL_WRITE, false, false);
        StageIntents intents = new StageIntents(store("n1"));

        assertThat(intents.begin(CHANGE, Stage.RELAX, true))
                .as("nothing is there yet")
                .isEmpty();
        long intent = intents.begin(CHANGE, Stage.EXPAND, true).orElseThrow();
        assertThat(situation().stages().of(Stage.EXPAND)).isEqualTo(Progress.APPLYING);
        assertThat(n1.move(CHANGE, Phase.DUAL_WRITE))
                .as("not there before it is done")
                .isNotEmpty();
        assertThat(new StageIntents(store("n2")).begin(CHANGE, Stage.EXPAND, true))
                .hasValue(intent);
        intents.end(CHANGE, Stage.EXPAND, true, intent);
        assertThat(n1.move(CHANGE, Phase.DUAL_WRITE)).isEmpty();
        assertThat(intents.begin(CHANGE, Stage.EXPAND, false))
                .as("somebody names the column")
                .isEmpty();
    }

    @Test
    void anIntentMayTakeThePlaceOfTheOppositeOneAsLongAsNobodyCountsOnIt() throws SQLException {
        save(situation().stage(Stage.EXPAND, Progress.DONE).proven(Side.NEW));
        Membership n1 = node("n1");
        n1.join(n1.nextGeneration(1), CHANGE, Phase.DUAL_WRITE, false, false);
        StageIntents intents = new StageIntents(store("n1"));

        long applying = intents.begin(CHANGE, Stage.ENFORCE, true).orElseThrow();
        long reverting = intents.begin(CHANGE, Stage.ENFORCE, false).orElseThrow();
        assertThat(situation().stages().enforce()).isEqualTo(Progress.REVERTING);
        intents.end(CHANGE, Stage.ENFORCE, true, applying);
        assertThat(situation().stages().enforce())
                .as("whoever was at it comes too late")
                .isEqualTo(Progress.REVERTING);
        assertThat(n1.move(CHANGE, Phase.OLD_ONLY))
                .as("some of it may have been done")
                .isNotEmpty();
        assertThat(intents.begin(CHANGE, Stage.ENFORCE, true)).isEmpty();
        intents.end(CHANGE, Stage.ENFORCE, false, reverting);
        assertThat(situation().stages().enforce()).isEqualTo(Progress.PENDING);

        save(situation().stage(Stage.RELAX, Progress.REVERTING));
        long relaxing = intents.begin(CHANGE, Stage.RELAX, true).orElseThrow();
        intents.end(CHANGE, Stage.RELAX, true, relaxing);
        assertThat(situation().stages().relax()).isEqualTo(Progress.DONE);
        assertThat(journal())
                .anyMatch(line -> told(line, "stage enforce", "applying", "reverting"))
                .anyMatch(line -> told(line, "stage relax", "reverting", "applying"));
    }

    @Test
    void aGuardIsSwitchedUnderAnIntentThatOthersTakeUp() throws SQLException {
        String change = "customer-credit";
        store("n1").declare(change, "customer(credit)->(cents)", Kind.REPLACE, Guard.Form.JAVA);
        StageIntents intents = new StageIntents(store("n1"));
        assertThat(intents.beginSwitch(change, true)).as("no guard stands yet").isEmpty();
        runs(intents, change, Stage.EXPAND, true);
        runs(intents, change, Stage.GUARD, true);

        long refusing = intents.beginSwitch(change, true).orElseThrow();
        assertThat(refusal(change)).isEqualTo(Progress.APPLYING);
        assertThat(new StageIntents(store("n2")).beginSwitch(change, true)).hasValue(refusing);
        assertThat(intents.begin(change, Stage.RELAX, true)).as("one at a time").isEmpty();
        intents.endSwitch(change, true, refusing);
        assertThat(refusal(change)).isEqualTo(Progress.DONE);
        assertThat(intents.beginSwitch(change, true)).as("it refuses").isEmpty();
        intents.endSwitch(change, false, refusing);
        assertThat(refusal(change)).as("nobody has begun that").isEqualTo(Progress.DONE);

        Seals<?> seals = new Seals<>(store("n1"));
        long epoch = seals.begin(change, Side.NEW).orElseThrow().epoch();
        assertThat(seals.verdict(change, Side.NEW, epoch, locked -> true)).isTrue();
        long recording = intents.beginSwitch(change, false).orElseThrow();
        assertThat(store("n2").situation(change).sealedNew())
                .as("from the intent on")
                .isFalse();
        intents.endSwitch(change, false, refusing);
        assertThat(refusal(change)).as("an earlier intent").isEqualTo(Progress.REVERTING);
        intents.endSwitch(change, false, recording);
        assertThat(refusal(change)).isEqualTo(Progress.PENDING);
        assertThat(journal())
                .anyMatch(line -> told(line, "guard refuses", "pending", "applying"))
                .anyMatch(line -> told(line, "guard refuses", "done", "reverting"));
    }

    private static void runs(StageIntents intents, String change, Stage stage, boolean apply) throws SQLException {
        intents.end(change, stage, apply, intents.begin(change, stage, apply).orElseThrow());
    }

    /** A node is stopped after its last statement; meanwhile others turn round, and then want the same again. */
    @Test
    void theEndOfAnEarlierIntentIsNotThatOfALaterOne() throws SQLException {
        StageIntents stopped = new StageIntents(store("n1"));
        StageIntents others = new StageIntents(store("n2"));
        long first = stopped.begin(CHANGE, Stage.EXPAND, true).orElseThrow();
        runs(others, CHANGE, Stage.EXPAND, false);
        long second = others.begin(CHANGE, Stage.EXPAND, true).orElseThrow();

        stopped.end(CHANGE, Stage.EXPAND, true, first);

        assertThat(situation().stages().expand())
                .as("no statement has run for the second intent")
                .isEqualTo(Progress.APPLYING);
        others.end(CHANGE, Stage.EXPAND, true, second);
        assertThat(situation().stages().expand()).isEqualTo(Progress.DONE);
    }

    @Test
    void aTriggerThatWasInstalledBeforeTheGuardWentAndCameAgainIsNotCountedOn() throws SQLException {
        StageIntents stopped = new StageIntents(store("n1"));
        runs(stopped, CHANGE, Stage.EXPAND, true);
        assertThat(stopped.beginBack(CHANGE)).as("there is no guard").isEmpty();
        runs(stopped, CHANGE, Stage.GUARD, true);
        long first = stopped.beginBack(CHANGE).orElseThrow();
        StageIntents others = new StageIntents(store("n2"));
        runs(others, CHANGE, Stage.GUARD, false);
        runs(others, CHANGE, Stage.GUARD, true);

        stopped.guardedBack(CHANGE, first);

        assertThat(situation().guard().newToOld()).isFalse();
        stopped.guardedBack(CHANGE, stopped.beginBack(CHANGE).orElseThrow());
        assertThat(situation().guard().newToOld()).isTrue();
    }

    @Test
    void aDryRunBeginsWhereNothingButTimeKeepsTheDropAndEndsAtAnyTime() throws SQLException {
        StageIntents intents = new StageIntents(store("n1"));
        save(situation().stage(Stage.EXPAND, Progress.DONE).proven(Side.NEW));
        assertThat(intents.beginDryRun(CHANGE, true)).as("nobody is there").isEmpty();
        assertThat(intents.beginDryRun(CHANGE, false)).as("there is none").isEmpty();
        save(situation()
                .stage(Stage.GUARD, Progress.DONE)
                .guarded(Side.NEW, true)
                .guarded(Side.OLD, true)
                .stage(Stage.ENFORCE, Progress.DONE)
                .stage(Stage.RELAX, Progress.DONE));
        Membership n1 = node("n1");
        n1.join(n1.nextGeneration(1), CHANGE, Phase.NEW_ONLY, true, true);

        long hiding = intents.beginDryRun(CHANGE, true).orElseThrow();
        assertThat(dryRun()).isEqualTo(Progress.APPLYING);
        assertThat(new StageIntents(store("n2")).beginDryRun(CHANGE, true)).hasValue(hiding);
        long showing = intents.beginDryRun(CHANGE, false).orElseThrow();
        intents.endDryRun(CHANGE, true, hiding);
        assertThat(dryRun()).as("others have turned round").isEqualTo(Progress.REVERTING);
        intents.endDryRun(CHANGE, false, showing);
        assertThat(dryRun()).isEqualTo(Progress.PENDING);

        long again = intents.beginDryRun(CHANGE, true).orElseThrow();
        intents.endDryRun(CHANGE, true, hiding);
        assertThat(dryRun()).as("an earlier intent").isEqualTo(Progress.APPLYING);
        intents.endDryRun(CHANGE, true, again);
        assertThat(dryRun()).isEqualTo(Progress.DONE);
        assertThat(intents.beginDryRun(CHANGE, true)).as("it is hidden").isEmpty();
        assertThat(intents.begin(CHANGE, Stage.CONTRACT, true)).isPresent();
        assertThat(intents.beginDryRun(CHANGE, false)).as("it goes").isEmpty();
        assertThat(journal()).anyMatch(line -> told(line, "dry run", "pending", "applying"));
    }

    private Progress dryRun() throws SQLException {
        return store("reader").read(CHANGE).orElseThrow().dryRun();
    }

    private static boolean told(String line, String what, String from, String to) {
        return line.contains(what) && line.contains(from) && line.indexOf(to) > line.indexOf(from);
    }

    private Progress refusal(String change) throws SQLException {
        return store("reader").situation(change).guard().refusal();
    }

    @Test
    void theJournalTellsEveryTurnWithNodeAndReason() throws SQLException {
        save(situation().stage(Stage.EXPAND, Progress.DONE).proven(Side.NEW));
        Membership n1 = node("n1");
        Permit permit = n1.nextGeneration(1);
        n1.join(permit, CHANGE, Phase.DUAL_WRITE, true, false);
        n1.move(CHANGE, Phase.OLD_ONLY);
        n1.drained(CHANGE, Phases.NONE);
        n1.leave(permit, CHANGE);

        assertThat(journal())
                .anyMatch(line -> line.contains("n1") && line.contains("joined") && line.contains("dual-write"))
                .anyMatch(line -> line.contains("n1") && line.contains("moved") && line.contains("old-only"))
                .anyMatch(line -> line.contains("n1") && line.contains("unsealed") && line.contains("NEW"))
                .anyMatch(line -> line.contains("n1") && line.contains("left"));
    }

    @Test
    void aRefusalIsAValueThatNamesClauseAndNode() throws SQLException {
        save(situation().stage(Stage.EXPAND, Progress.DONE).proven(Side.NEW));
        Membership reader = node("reader-of-old");
        reader.join(reader.nextGeneration(1), CHANGE, Phase.OLD_ONLY, true, false);
        Membership n1 = node("n1");
        n1.join(n1.nextGeneration(1), CHANGE, Phase.DUAL_WRITE, true, false);

        List<Held> held = n1.move(CHANGE, Phase.READ_NEW);

        assertThat(held).anySatisfy(why -> {
            assertThat(why.clause()).isEqualTo(Clause.FLEET);
            assertThat(why.message()).contains("reader-of-old").contains("old-only");
            assertThat(why.remedy()).isNotBlank();
        });
    }

    @Test
    void aNodeIsGoneOnlyForThoseWhoHaveSeenItSilentForAWholeLease() throws SQLException {
        Membership n1 = node("n1");
        Permit permit = n1.nextGeneration(1);
        n1.join(permit, CHANGE, Phase.OLD_ONLY, false, false);
        store("n2").read(CHANGE);
        clock.advance(LEASE.minusMillis(1));
        assertThat(store("n2").situation(CHANGE).participants()).hasSize(1);
        renewed(n1, permit);
        clock.advance(Duration.ofMillis(2));

        assertThat(store("n2").situation(CHANGE).participants())
                .as("it has renewed")
                .hasSize(1);
        clock.advance(LEASE.plusMillis(1));
        assertThat(store("n3").situation(CHANGE).participants())
                .as("who comes late has to wait")
                .hasSize(1);
        assertThat(store("n2").situation(CHANGE).participants()).isEmpty();
    }

    @Test
    void aClockOfTheStoreThatJumpsAheadEndsNoHealthyNode() throws SQLException {
        Membership n1 = node("n1");
        Permit permit = n1.nextGeneration(1);
        n1.join(permit, CHANGE, Phase.OLD_ONLY, false, false);
        store("n2").read(CHANGE);

        moveStoresClock(Duration.ofHours(1));

        assertThat(permit.isFresh()).as("its sessions may still commit").isTrue();
        assertThat(store("n2").situation(CHANGE).participants())
                .as("so nobody may move on")
                .hasSize(1);
        clock.advance(LEASE.minusMillis(1));
        assertThat(store("n2").situation(CHANGE).participants()).hasSize(1);
    }

    @Test
    void aClockOfTheStoreThatFallsBackKeepsNoDeadNode() throws SQLException {
        Membership n1 = node("n1");
        n1.join(n1.nextGeneration(1), CHANGE, Phase.OLD_ONLY, false, false);

        moveStoresClock(Duration.ofHours(-1));

        fallSilent();
        assertThat(store("n2").situation(CHANGE).participants()).isEmpty();
    }

    @Test
    void aNodeWhoseMachineWasSuspendedKnowsItByTheWallClock() throws SQLException {
        Membership n1 = node("n1");
        Permit permit = n1.nextGeneration(1);
        n1.join(permit, CHANGE, Phase.OLD_ONLY, false, false);

        clock.suspend(LEASE.plusMillis(1));
        assertThat(permit.isFresh()).as("the monotonic clock stood still").isFalse();
        clock.setWall(Duration.ofHours(-1));
        assertThat(permit.isFresh())
                .as("nor does a wall clock that falls back harm")
                .isTrue();
        clock.advance(LEASE);
        assertThat(permit.isFresh()).isFalse();
    }

    @Test
    void anOperatorLetsTheWorkRestAndGoOn() throws SQLException {
        Operator operator = new Operator(store("n1"));

        operator.pause(CHANGE, "ann");
        assertThat(store("n2").read(CHANGE).orElseThrow().pausedBy()).isEqualTo("ann");

        operator.resume(CHANGE, "ben");
        assertThat(store("n2").read(CHANGE).orElseThrow().pausedBy()).isNull();
    }
}
