package dev.segue.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segue.change.ColumnChange;
import dev.segue.lifecycle.Stage;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What the statements of every stage lock, and how long the application waits for them, for changes of every kind. */
@EachDatabase
@Execution(ExecutionMode.CONCURRENT)
class StageLocksTest {

    /** The timeout of an attempt, in whole seconds on MySQL; and as much again for a busy machine. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(3);

    private static final LockPatience PATIENCE =
            new LockPatience(Duration.ofMillis(300), Duration.ofMillis(200), Duration.ofMillis(300), 100);

    /** The strongest lock on the table that a statement of PostgreSQL takes, by how it begins. */
    private static final Map<String, String> LOCKS = new LinkedHashMap<>();

    static {
        LOCKS.put("CREATE OR REPLACE FUNCTION|DROP FUNCTION|INSERT INTO|DELETE FROM|SELECT|ALTER SEQUENCE", "none");
        LOCKS.put("CREATE OR REPLACE TRIGGER", "ShareRowExclusiveLock");
        LOCKS.put("COMMENT ON TRIGGER|DROP TRIGGER IF EXISTS", "AccessExclusiveLock");
        LOCKS.put("COMMENT ON|CREATE STATISTICS", "ShareUpdateExclusiveLock");
        LOCKS.put("ALTER INDEX .* ATTACH PARTITION", "AccessShareLock");
        LOCKS.put("CREATE (UNIQUE )?INDEX .* ON ONLY ", "ShareLock");
        LOCKS.put("DROP INDEX", "AccessExclusiveLock");
        LOCKS.put("ALTER TABLE .* VALIDATE CONSTRAINT", "ShareUpdateExclusiveLock");
        LOCKS.put("ALTER TABLE .* FOREIGN KEY", "ShareRowExclusiveLock");
        LOCKS.put("ALTER TABLE", "AccessExclusiveLock");
    }

    private static final List<String> STRENGTH = List.of(
            "none",
            "AccessShareLock",
            "RowShareLock",
            "RowExclusiveLock",
            "ShareUpdateExclusiveLock",
            "ShareLock",
            "ShareRowExclusiveLock",
            "ExclusiveLock",
            "AccessExclusiveLock");

    private final Engine engine;
    private final List<Shop> shops = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    StageLocksTest(Engine engine) {
        this.engine = engine;
    }

    @AfterEach
    void drop() {
        threads.shutdownNow();
        shops.forEach(Shop::close);
    }

    private interface OfKind {
        void run(Shop shop, Kinds kind) throws Exception;
    }

    /** Each kind in a database of its own, side by side, because most of it is waiting. */
    private void forEachKind(OfKind work) throws Exception {
        List<Future<?>> all = new ArrayList<>();
        for (Kinds kind : Kinds.values()) {
            Shop shop = new Shop(engine);
            shops.add(shop);
            Callable<Void> task = () -> {
                kind.create(shop);
                work.run(shop, kind);
                return null;
            };
            all.add(threads.submit(task));
        }
        for (Future<?> each : all) {
            each.get(2, TimeUnit.MINUTES);
        }
    }

    private static List<Stage> stages(Kinds kind) {
        return List.of(Stage.values()).stream().filter(kind.kind::has).toList();
    }

    @Test
    void theApplicationWaitsNoLongerThanTheTimeout() throws Exception {
        forEachKind((shop, kind) -> {
            ColumnChange change = shop.resolve(kind.declaration());
            for (Stage stage : stages(kind)) {
                if (stage == Stage.CONTRACT) {
                    runsBesideOthers(shop, shop.plans().dryRun(change, true));
                }
                runsBesideOthers(shop, shop.plans().plan(change, stage, true).apply());
                if (stage == Stage.EXPAND) {
                    shop.database.execute(kind.backfill);
                }
                if (stage == Stage.ENFORCE) {
                    runsBesideOthers(
                            shop, shop.plans().plan(change, stage, true).revert());
                    shop.apply(change, stage, true);
                }
            }
        });
    }

    /** Runs the steps while somebody reads and somebody writes in transactions that stay open for a while. */
    private void runsBesideOthers(Shop shop, List<Step> steps) throws Exception {
        if (steps.isEmpty()) {
            return;
        }
        AtomicInteger attempts = new AtomicInteger();
        Future<?> run;
        try (Connection reader = shop.database.connect();
                Statement read = reader.createStatement();
                Connection writer = shop.database.connect();
                Statement write = writer.createStatement()) {
            reader.setAutoCommit(false);
            writer.setAutoCommit(false);
            read.executeQuery("SELECT id FROM customer").close();
            write.execute("UPDATE customer SET other = 2 WHERE id = 3");
            run = threads.submit(() -> {
                new StepRunner(shop.database.dataSource(), shop.dialect, PATIENCE)
                        .run(steps, connection -> attempts.incrementAndGet());
                return null;
            });
            await().atMost(Duration.ofMinutes(1)).until(() -> attempts.get() > 0 || run.isDone());
            for (int i = 0; i < 3; i++) {
                long begin = System.nanoTime();
                shop.database.execute("SELECT id FROM customer", "UPDATE customer SET other = 3 WHERE id = 1");
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(LONGEST_WAIT);
            }
            reader.rollback();
            writer.rollback();
        }
        run.get(1, TimeUnit.MINUTES);
    }

    @Test
    void everyStatementTakesTheLockThatIsKnownOfItAndWritesNoTableAnew() throws Exception {
        forEachKind((shop, kind) -> {
            ColumnChange change = shop.resolve(kind.declaration());
            for (Stage stage : stages(kind)) {
                if (stage == Stage.CONTRACT) {
                    look(shop, shop.plans().dryRun(change, true));
                    shop.dryRun(change, true);
                    look(shop, shop.plans().dryRun(change, false));
                }
                look(shop, shop.plans().plan(change, stage, true).apply());
                shop.apply(change, stage, true);
                if (stage == Stage.EXPAND) {
                    shop.database.execute(kind.backfill);
                }
                look(shop, shop.plans().plan(change, stage, true).revert());
                if (stage != Stage.CONTRACT && stage != Stage.EXPAND) {
                    shop.revert(change, stage, true);
                    shop.apply(change, stage, true);
                }
            }
        });
    }

    private static void look(Shop shop, List<Step> steps) throws SQLException {
        for (Step step : steps) {
            if (shop.postgres()) {
                takesTheKnownLock(shop, step);
            } else {
                saysHow(step);
            }
        }
    }

    private static void takesTheKnownLock(Shop shop, Step step) throws SQLException {
        try (Connection connection = shop.database.connect()) {
            connection.setAutoCommit(false);
            Query query = new Query(connection);
            String file = "SELECT pg_relation_filenode('customer')::text";
            List<String> before = query.strings(file);
            String strongest = "none";
            for (String sql : step.sql()) {
                if (sql.contains(" CONCURRENTLY ")) {
                    assertThat(step.kind()).as(sql).isEqualTo(Step.Kind.LONG);
                    continue;
                }
                var savepoint = connection.setSavepoint();
                try {
                    query.run(sql);
                } catch (SQLException e) {
                    // It has been done, or waits for what comes before it.
                    connection.rollback(savepoint);
                    continue;
                }
                String known = LOCKS.entrySet().stream()
                        .filter(lock -> sql.lines().findFirst().orElse("").matches("(?s)(" + lock.getKey() + ").*"))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElse("unknown");
                assertThat(STRENGTH).as(sql).contains(known);
                strongest = stronger(strongest, known);
                String taken = query
                        .strings("SELECT mode FROM pg_locks WHERE pid = pg_backend_pid() AND granted"
                                + " AND relation = 'customer'::regclass")
                        .stream()
                        .reduce("none", StageLocksTest::stronger);
                assertThat(STRENGTH.indexOf(taken))
                        .as("%s took %s", sql, taken)
                        .isLessThanOrEqualTo(STRENGTH.indexOf(stronger(strongest, "AccessShareLock")));
                if (step.kind() == Step.Kind.LONG) {
                    assertThat(known).as(sql).isEqualTo("ShareUpdateExclusiveLock");
                }
            }
            assertThat(query.strings(file)).isEqualTo(before);
            connection.rollback();
        }
    }

    private static String stronger(String one, String other) {
        return STRENGTH.indexOf(one) >= STRENGTH.indexOf(other) ? one : other;
    }

    /** What MySQL is told, it does or refuses; only what is told to build beside others may build. */
    private static void saysHow(Step step) {
        for (String sql : step.sql()) {
            if (sql.startsWith("ALTER TABLE")) {
                assertThat(sql).containsPattern(", ALGORITHM=(INSTANT|INPLACE, LOCK=NONE)$");
            } else {
                assertThat(sql)
                        .matches(
                                "(?s)(CREATE TRIGGER|DROP TRIGGER|(UN)?LOCK TABLES|SET SESSION foreign_key_checks"
                                        + "|INSERT IGNORE INTO `[^`]+`.`segue_(relaxed|hidden)`|DELETE FROM `[^`]+`.`segue_(relaxed|hidden)`).*");
            }
        }
    }

    @Test
    void mysqlCountsOneRowVersionForEachColumnStage() throws Exception {
        if (engine == Engine.POSTGRESQL) {
            return;
        }
        Shop shop = new Shop(engine);
        shops.add(shop);
        shop.database.execute("CREATE TABLE customer (id int PRIMARY KEY, name varchar(40) DEFAULT 'x', other int)");
        ColumnChange change = shop.rename();
        String state = "SELECT CONCAT(table_id, ' ', total_row_versions) FROM information_schema.innodb_tables"
                + " WHERE name = CONCAT(DATABASE(), '/customer')";
        String id = shop.database.value(state, String.class).replaceFirst(" .*", "");
        for (Stage stage : Stage.values()) {
            shop.dryRun(change, stage == Stage.CONTRACT);
            shop.apply(change, stage, true);
            assertThat(shop.database.value(state, String.class))
                    .as("%s", stage)
                    .isEqualTo(id + (stage == Stage.CONTRACT ? " 2" : " 1"));
        }
    }
}
