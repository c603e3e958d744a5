package dev.segue.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.segue.database.Database;
import dev.segue.lifecycle.Guard;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Progress;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Stage;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationVersion;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@EachDatabase
@Execution(ExecutionMode.CONCURRENT)
class RegistryTest extends StoreContract {

    private final Engine engine;
    private final TestDatabase database;
    private final HikariDataSource pool = new HikariDataSource();

    RegistryTest(Engine engine) {
        this.engine = engine;
        this.database = DatabaseServers.shared(engine).createDatabase();
        pool.setDataSource(database.dataSource());
    }

    @BeforeEach
    @Override
    void declare() throws SQLException {
        RegistryTables.migrate(database.dataSource(), dialect());
        super.declare();
    }

    @Override
    ChangeStore<?> open(String node) {
        return registry(node);
    }

    @Override
    int races() {
        return 500;
    }

    @Override
    List<String> journal() {
        return database.rows("SELECT node, what, from_value, to_value, why FROM segue_journal ORDER BY id").stream()
                .map(row -> String.join(
                        " ", row.values().stream().map(String::valueOf).toList()))
                .toList();
    }

    @AfterEach
    void drop() {
        pool.close();
        database.close();
    }

    private Database dialect() {
        return engine == Engine.POSTGRESQL ? Database.POSTGRESQL : Database.MYSQL;
    }

    private Registry registry(String node) {
        return new Registry(pool, dialect(), node, clock);
    }

    @Test
    void makesItsTablesOnceAndAgain() {
        RegistryTables.migrate(database.dataSource(), dialect());

        assertThat(database.value("SELECT count(*) FROM segue_change", Long.class))
                .isEqualTo(1L);
    }

    /** In a schema with tables, and in an empty one, which is no longer empty for who comes a moment later. */
    @Test
    void theFirstNodesOfAFleetMakeThemAtTheSameTime() throws Exception {
        int nodes = 6;
        ExecutorService threads = Executors.newFixedThreadPool(nodes);
        try {
            for (int round = 0; round < 4; round++) {
                try (TestDatabase fresh = DatabaseServers.shared(engine).createDatabase()) {
                    if (round % 2 == 0) {
                        fresh.execute("CREATE TABLE customer (id bigint PRIMARY KEY)");
                    }

                    for (Future<Object> node : threads.invokeAll(Collections.nCopies(nodes, () -> {
                        RegistryTables.migrate(fresh.dataSource(), dialect());
                        return fresh;
                    }))) {
                        node.get();
                    }

                    assertThat(fresh.value("SELECT count(*) FROM segue_change", Long.class))
                            .isZero();
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void flywayIsAskedWhereItsHistoryDoesNotSayThatTheLastScriptHasRun() {
        database.execute("DELETE FROM " + RegistryTables.HISTORY + " WHERE version = '" + RegistryTables.LAST + "'");

        assertThatThrownBy(() -> RegistryTables.migrate(database.dataSource(), dialect()))
                .isInstanceOf(FlywayException.class);
    }

    @Test
    void theRegistryOfAnotherSchemaIsNotTakenForItsOwn() throws SQLException {
        // On MySQL a schema is a database, of which there is one at a time.
        String schema = engine == Engine.POSTGRESQL ? "billing" : database.name() + "_billing";
        database.execute("CREATE SCHEMA " + schema);
        try (HikariDataSource billing = new HikariDataSource()) {
            billing.setDataSource(database.dataSource());
            if (engine == Engine.POSTGRESQL) {
                billing.setConnectionInitSql("SET search_path = " + schema + ", public");
            } else {
                billing.setCatalog(schema);
            }

            RegistryTables.migrate(billing, dialect());

            assertThat(database.value("SELECT count(*) FROM " + schema + ".segue_change", Long.class))
                    .isZero();
        } finally {
            database.execute("DROP SCHEMA " + schema + (engine == Engine.POSTGRESQL ? " CASCADE" : ""));
        }
    }

    @Test
    void theVersionThatIsLookedForIsThatOfTheLastScript() throws IOException, URISyntaxException {
        URI scripts = Objects.requireNonNull(
                        RegistryTables.class.getResource(engine.name().toLowerCase(Locale.ROOT)))
                .toURI();
        try (Stream<Path> files = Files.list(Path.of(scripts))) {
            assertThat(files.map(file -> MigrationVersion.fromVersion(
                                    file.getFileName().toString().replaceFirst("V(.*?)__.*", "$1")))
                            .max(Comparator.naturalOrder()))
                    .contains(MigrationVersion.fromVersion(RegistryTables.LAST));
        }
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
    void pastItsDeadlineANodeCommitsAsLongAsItsRowStands() throws SQLException {
        Membership n1 = node("n1");
        Permit permit = n1.nextGeneration(1);
        n1.join(permit, CHANGE, Phase.OLD_ONLY, false, false);
        clock.advance(LEASE.multipliedBy(2));

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
        fallSilent();
        store("test").situation(CHANGE);

        assertThat(situation().participants()).isEmpty();
        try (Connection connection = database.connect()) {
            Assertions.assertThatThrownBy(() -> permit.confirm(connection)).isInstanceOf(LeaseLostException.class);
        }
        assertThat(renewed(n1, permit)).isFalse();
        assertThat(n1.move(CHANGE, Phase.OLD_ONLY)).isNotEmpty();
        assertThat(database.value("SELECT count(*) FROM segue_journal WHERE what = 'lapsed'", Long.class))
                .isEqualTo(1L);
    }

    @Test
    void aNodeThatJoinsAgainHasANewGenerationAndTheOldOneStaysDead() throws SQLException {
        Membership n1 = node("n1");
        Permit before = n1.nextGeneration(1);
        n1.join(before, CHANGE, Phase.OLD_ONLY, false, false);
        Permit after = n1.nextGeneration(1);
        n1.join(after, CHANGE, Phase.OLD_ONLY, false, false);
        clock.advance(LEASE.multipliedBy(2));

        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            after.confirm(connection);
            Assertions.assertThatThrownBy(() -> before.confirm(connection)).isInstanceOf(LeaseLostException.class);
        }
        assertThat(situation().participants()).hasSize(1);
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
            try (TestDatabase other = DatabaseServers.shared(engine).createDatabase();
                    WorkLock same = WorkLock.tryAcquire(other.dataSource(), dialect(), CHANGE)
                            .orElseThrow()) {
                assertThat(same)
                        .as("a change of that name in another database of the server")
                        .isNotNull();
            }
        }
        try (WorkLock again =
                WorkLock.tryAcquire(database.dataSource(), dialect(), CHANGE).orElseThrow()) {
            assertThat(again).isNotNull();
        }
    }

    @Test
    void aNodeThatStandsStillUnderTheLockKeepsTheOthersFromItForNoLongerThanTheServerAllows() throws Exception {
        ServerLimits limits = new ServerLimits(Duration.ofSeconds(1), Duration.ofSeconds(1));
        Registry still = new Registry(database.dataSource(), dialect(), "n1", clock, line -> {}, limits);
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            Future<Boolean> work = other.submit(() -> still.underLock(CHANGE, row -> {
                row.journal("moved", "by who stands still", null, null);
                locked.countDown();
                return awaited(over);
            }));
            assertThat(awaited(locked)).isTrue();

            registry("n2").underLock(CHANGE, row -> {
                row.journal("moved", "by the next", null, null);
                return row.situation();
            });

            over.countDown();
            Assertions.assertThatThrownBy(() -> work.get(1, TimeUnit.MINUTES)).hasCauseInstanceOf(SQLException.class);
            assertThat(journal())
                    .anyMatch(line -> line.contains("by the next"))
                    .noneMatch(line -> line.contains("by who stands still"));
        } finally {
            other.shutdownNow();
        }
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aConnectionComesBackAsItWas() throws SQLException {
        pool.setMaximumPoolSize(1);
        String limits = dialect() == Database.POSTGRESQL
                ? "SELECT current_setting('idle_in_transaction_session_timeout') || ' ' || current_setting('lock_timeout')"
                : "SELECT CONCAT(@@SESSION.wait_timeout, ' ', @@SESSION.innodb_lock_wait_timeout)";
        String before = setting(limits);

        registry("n1").underLock(CHANGE, LockedRow::situation);
        assertThat(setting(limits)).isEqualTo(before);
        Assertions.assertThatThrownBy(() -> registry("n1").underLock(CHANGE, row -> {
                    throw new IllegalStateException("for a test");
                }))
                .hasMessage("for a test");
        assertThat(setting(limits)).isEqualTo(before);
    }

    private String setting(String query) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    void aRenewalIsOneStatementForAllChangesAndAMoveAtMostSix() throws SQLException {
        Counted counted = new Counted();
        Registry registry = new Registry(counted.over(pool), dialect(), "n1", clock);
        Membership n1 = new Membership(registry, new NodeIdentity("n1", "shop", "1"), LEASE, clock);
        List<String> changes = List.of(CHANGE, "second", "third");
        for (String change : changes) {
            registry.declare(change, "definition", Kind.REPLACE, Guard.Form.NONE);
            registry.underLock(change, locked -> {
                locked.save(
                        locked.situation().stage(Stage.EXPAND, Progress.DONE).proven(Side.NEW));
                return locked.situation();
            });
        }
        Permit permit = n1.nextGeneration(changes.size());
        for (String change : changes) {
            n1.join(permit, change, Phase.DUAL_WRITE, true, false);
        }

        counted.statements.clear();
        try (ChangeStore.Renewals renewals = registry.renewals()) {
            assertThat(n1.renew(renewals, permit, changes.size())).isTrue();
        }
        assertThat(counted.statements).hasSize(1);

        counted.statements.clear();
        assertThat(n1.move(CHANGE, Phase.READ_NEW)).isEmpty();
        assertThat(counted.statements).hasSizeLessThanOrEqualTo(6);

        counted.statements.clear();
        assertThat(n1.move(CHANGE, Phase.NEW_ONLY)).isNotEmpty();
        assertThat(counted.statements).as("a refusal writes nothing").hasSize(2);
    }

    /** To a lease, an hour more on the clock is an hour less that it is good for. */
    @Override
    void moveStoresClock(Duration by) {
        String moved = engine == Engine.POSTGRESQL
                ? "lease_until - interval '1 millisecond' * %d"
                : "lease_until - INTERVAL %d * 1000 MICROSECOND";
        database.execute("UPDATE segue_participant SET lease_until = " + moved.formatted(by.toMillis()));
    }
}
