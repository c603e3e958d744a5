package dev.segue.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.database.Database;
import dev.segue.lifecycle.Clause;
import dev.segue.lifecycle.Guard;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Phases;
import dev.segue.lifecycle.Progress;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Situation;
import dev.segue.lifecycle.Stage;
import dev.segue.lifecycle.Walk;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@EachDatabase
class RegistryTest {

    private static final String CHANGE = "customer-full-name";
    private static final Duration LEASE = Duration.ofSeconds(30);

    private final Engine engine;
    private final AtomicLong clock = new AtomicLong();
    private TestDatabase database;

    RegistryTest(Engine engine) {
        this.engine = engine;
        this.database = DatabaseServers.shared(engine).createDatabase();
    }

    @BeforeEach
    void registry() throws SQLException {
        RegistryTables.migrate(database.dataSource(), dialect());
        registry("first").declare(CHANGE, "customer(name)->(full_name)", Guard.Form.NONE);
    }

    @AfterEach
    void drop() {
        database.close();
    }

    private Database dialect() {
        return engine == Engine.POSTGRESQL ? Database.POSTGRESQL : Database.MYSQL;
    }

    private Registry registry(String node) {
        return new Registry(database.dataSource(), dialect(), node);
    }

    private Membership node(String node) {
        return node(node, LEASE);
    }

    private Membership node(String node, Duration lease) {
        return new Membership(registry(node), new NodeIdentity(node, "shop", "1"), lease, clock::get);
    }

    private Situation situation() throws SQLException {
        return registry("reader").read(CHANGE).orElseThrow().situation();
    }

    private void save(Situation next) throws SQLException {
        registry("test").underLock(CHANGE, locked -> {
            locked.save(next);
            return locked.situation();
        });
    }

    @Test
    void makesItsTablesOnceAndAgain() {
        RegistryTables.migrate(database.dataSource(), dialect());

        assertThat(database.value("SELECT count(*) FROM segue_change", Long.class))
                .isEqualTo(1L);
    }

    @Test
    void keepsTheFirstDefinitionAndTellsOfAnother() throws SQLException {
        assertThat(registry("n1").declare(CHANGE, "customer(name)->(full_name)", Guard.Form.NONE))
                .isEmpty();
        assertThat(registry("n1").declare(CHANGE, "customer(nick)->(full_name)", Guard.Form.NONE))
                .contains("customer(name)->(full_name)");
    }

    @Test
    void startsWithOldAsTheTruth() throws SQLException {
        assertThat(situation()).isEqualTo(Situation.initial(Guard.Form.NONE));
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
            for (int round = 0; round < 20; round++) {
                raceOnce(threads, "a" + round, "b" + round);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** One node goes down to OLD_ONLY while the other goes up to READ_NEW; together they would not be legal. */
    private void raceOnce(ExecutorService threads, String first, String second) throws Exception {
        save(Situation.initial(Guard.Form.NONE)
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
    void raisingTheEpochVoidsThePassesUnderWay() throws SQLException {
        String insert =
                "INSERT INTO segue_range (change_id, side, epoch, site, rows_read, rows_repaired, rows_skipped, state,"
                        + " claim, updated_at) VALUES ('" + CHANGE + "', 'NEW', 0, 'customer', 0, 0, 0, '%s', 0, "
                        + dialect().clock() + ")";
        database.execute(insert.formatted("open"), insert.formatted("done"));

        save(situation().voided(Side.NEW));

        assertThat(database.value("SELECT count(*) FROM segue_range WHERE state = 'open'", Long.class))
                .isZero();
        assertThat(database.value("SELECT count(*) FROM segue_range WHERE state = 'void'", Long.class))
                .isEqualTo(1L);
    }

    @Test
    void oneStatementRenewsTheLease() throws SQLException {
        Membership n1 = node("n1");
        Permit permit = n1.nextGeneration(1);
        n1.join(permit, CHANGE, Phase.OLD_ONLY, false, false);
        clock.addAndGet(LEASE.toNanos() - 1);
        assertThat(permit.isFresh()).isTrue();

        try (Connection connection = database.connect()) {
            assertThat(n1.renew(connection, permit, 1)).isTrue();
        }

        clock.addAndGet(LEASE.toNanos() - 1);
        assertThat(permit.isFresh()).isTrue();
        clock.addAndGet(1);
        assertThat(permit.isFresh()).isFalse();
    }

    @Test
    void pastItsDeadlineANodeCommitsAsLongAsItsRowStands() throws SQLException {
        Membership n1 = node("n1");
        Permit permit = n1.nextGeneration(1);
        n1.join(permit, CHANGE, Phase.OLD_ONLY, false, false);
        clock.addAndGet(LEASE.toNanos() * 2);

        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            permit.confirm(connection);
            connection.commit();
        }
    }

    @Test
    void aNodeThatWasDeclaredGoneCannotCommitRenewOrMove() throws SQLException {
        Membership n1 = node("n1");
        Permit permit = n1.nextGeneration(1);
        n1.join(permit, CHANGE, Phase.OLD_ONLY, false, false);
        endLeaseInTheDatabase("n1");
        save(situation());
        clock.addAndGet(LEASE.toNanos() * 2);

        assertThat(situation().participants()).isEmpty();
        try (Connection connection = database.connect()) {
            Assertions.assertThatThrownBy(() -> permit.confirm(connection)).isInstanceOf(LeaseLostException.class);
            assertThat(n1.renew(connection, permit, 1)).isFalse();
        }
        assertThat(n1.move(CHANGE, Phase.OLD_ONLY)).isNotEmpty();
        assertThat(database.value("SELECT count(*) FROM segue_journal WHERE what = 'lapsed'", Long.class))
                .isEqualTo(1L);
    }

    @Test
    void anExpiredLeaseIsNotRenewedEvenIfNobodyHasNoticed() throws SQLException {
        Membership n1 = node("n1");
        Permit permit = n1.nextGeneration(1);
        n1.join(permit, CHANGE, Phase.OLD_ONLY, false, false);
        endLeaseInTheDatabase("n1");

        try (Connection connection = database.connect()) {
            assertThat(n1.renew(connection, permit, 1)).isFalse();
        }
        assertThat(permit.isFresh()).isFalse();
    }

    @Test
    void aNodeThatJoinsAgainHasANewGenerationAndTheOldOneStaysDead() throws SQLException {
        Membership n1 = node("n1");
        Permit before = n1.nextGeneration(1);
        n1.join(before, CHANGE, Phase.OLD_ONLY, false, false);
        Permit after = n1.nextGeneration(1);
        n1.join(after, CHANGE, Phase.OLD_ONLY, false, false);
        clock.addAndGet(LEASE.toNanos() * 2);

        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            after.confirm(connection);
            Assertions.assertThatThrownBy(() -> before.confirm(connection)).isInstanceOf(LeaseLostException.class);
        }
        assertThat(situation().participants()).hasSize(1);
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
        save(Situation.initial(Guard.Form.NONE)
                .stage(Stage.EXPAND, Progress.DONE)
                .stage(Stage.ENFORCE, Progress.DONE)
                .stage(Stage.RELAX, Progress.DONE)
                .proven(Side.NEW));
        Membership n1 = node("n1");
        n1.join(n1.nextGeneration(1), CHANGE, Phase.NEW_ONLY, true, true);
        ChangeRecord alone = registry("reader").read(CHANGE).orElseThrow();
        assertThat(alone.heldFor()).isNotNull();
        assertThat(alone.permitsDrop()).isTrue();

        Membership n2 = node("n2");
        n2.join(n2.nextGeneration(1), CHANGE, Phase.READ_NEW, true, false);
        ChangeRecord mixed = registry("reader").read(CHANGE).orElseThrow();
        assertThat(mixed.heldFor()).isNull();
        assertThat(mixed.permitsDrop()).isFalse();
    }

    @Test
    void whatTheGuardHasCaughtIsCountedExactlyOnce() throws SQLException {
        String hit = "INSERT INTO segue_guard_hit (change_id, site, writer, written_at) VALUES ('" + CHANGE
                + "', 'customer', '%s', " + dialect().clock() + ")";
        database.execute(hit.formatted("report"), hit.formatted("legacy"), hit.formatted("legacy"));

        GuardReports reports = new GuardReports(registry("n1"));
        assertThat(registry("n1").read(CHANGE).orElseThrow().uncountedHits()).isTrue();
        assertThat(reports.collect(CHANGE)).containsEntry("report", 1L).containsEntry("legacy", 2L);
        assertThat(reports.collect(CHANGE)).isEmpty();

        ChangeRecord record = registry("n1").read(CHANGE).orElseThrow();
        assertThat(record.guardHits()).isEqualTo(3);
        assertThat(record.guardLastWriter()).isEqualTo("legacy");
    }

    @Test
    void onlyOneNodeHasTheWorkLock() throws SQLException {
        try (WorkLock held =
                WorkLock.tryAcquire(database.dataSource(), dialect(), CHANGE).orElseThrow()) {
            assertThat(held).isNotNull();
            assertThat(WorkLock.tryAcquire(database.dataSource(), dialect(), CHANGE))
                    .isEmpty();
        }
        try (WorkLock again =
                WorkLock.tryAcquire(database.dataSource(), dialect(), CHANGE).orElseThrow()) {
            assertThat(again).isNotNull();
        }
    }

    private void endLeaseInTheDatabase(String node) {
        String past = engine == Engine.POSTGRESQL
                ? "clock_timestamp() - interval '1 second'"
                : "UTC_TIMESTAMP(6) - INTERVAL 1 SECOND";
        database.execute("UPDATE segue_participant SET lease_until = " + past + " WHERE node = '" + node + "'");
    }
}
