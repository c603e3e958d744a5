package dev.segue.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.segue.change.Column;
import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.change.SqlForm;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import dev.segue.fleet.NodeClock;
import dev.segue.fleet.Registry;
import dev.segue.fleet.RegistryTables;
import dev.segue.lifecycle.Guard;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Side;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A pass repairs every row that disagrees, whatever its key is, whoever works at it and whatever stands in the way. */
@EachDatabase
class PassesTest {

    private static final Duration CLAIM = Duration.ofSeconds(2);

    private static final String COLUMNS =
            "id bigint PRIMARY KEY, name varchar(200), full_name varchar(200), version int";

    /** Small, so that there are many batches. */
    private static final Pace PACE = new Pace(Duration.ofMillis(20), 100, 500, 0);

    private final Engine engine;
    private final Database dialect;
    private final TestDatabase database;
    private final Registry registry;

    PassesTest(Engine engine) {
        this.engine = engine;
        dialect = engine == Engine.POSTGRESQL ? Database.POSTGRESQL : Database.MYSQL;
        database = DatabaseServers.shared(engine).createDatabase();
        registry = new Registry(database.dataSource(), dialect, "n1", NodeClock.SYSTEM);
    }

    @BeforeEach
    void registry() throws SQLException {
        RegistryTables.migrate(database.dataSource(), dialect);
    }

    @AfterEach
    void drop() {
        database.close();
    }

    private Passes passes(String node) {
        return new Passes(database.dataSource(), dialect, registry, node, CLAIM);
    }

    private Passes passes(Hands hands) {
        return new Passes(database.dataSource(), dialect, registry, "n1", CLAIM, hands);
    }

    private ColumnChange change(String table, Column... key) throws SQLException {
        Column before = new Column("name", "varchar(200)", true);
        Column after = new Column("full_name", "varchar(200)", true);
        ColumnChange change = new ColumnChange(
                table,
                Kind.REPLACE,
                List.of(new Site(TableName.of(table), List.of(key), List.of(before), List.of(after), SqlForm.SAME)));
        registry.declare(change.id(), change.definition(), Kind.REPLACE, Guard.Form.SQL);
        return change;
    }

    /** A table with that many rows, of which none agrees. */
    private ColumnChange customers(int rows) throws SQLException {
        database.execute("CREATE TABLE customer (" + COLUMNS + ")");
        insert(1, rows);
        return change("customer", new Column("id", "bigint", false));
    }

    /** The same, in partitions. */
    private ColumnChange customers(int rows, Partitions partitions) throws SQLException {
        database.execute(partitions.create(engine, COLUMNS, rows));
        insert(1, rows);
        analyze("customer");
        return change("customer", new Column("id", "bigint", false));
    }

    private void analyze(String table) {
        database.execute((engine == Engine.POSTGRESQL ? "ANALYZE " : "ANALYZE TABLE ") + table);
    }

    private void insert(int first, int last) {
        database.execute(
                engine == Engine.POSTGRESQL
                        ? "INSERT INTO customer SELECT g, 'name ' || g, NULL, 7 FROM generate_series(" + first + ", "
                                + last + ") g"
                        : "INSERT INTO customer WITH RECURSIVE g (n) AS (SELECT /*+ SET_VAR(cte_max_recursion_depth = 1000000) */ "
                                + first + " UNION ALL SELECT n + 1 FROM g WHERE n < " + last
                                + ") SELECT n, CONCAT('name ', n), NULL, 7 FROM g");
    }

    private long count(String what) {
        return database.value("SELECT count(*) FROM " + what, Long.class);
    }

    private long disagreeing(String table) {
        return count(table + " WHERE NOT ("
                + (engine == Engine.POSTGRESQL ? "name IS NOT DISTINCT FROM full_name" : "name <=> full_name") + ")");
    }

    private boolean isComplete(ColumnChange change, long epoch) throws SQLException {
        try (Connection connection = database.connect()) {
            return passes("n1").isComplete(connection, change, Side.NEW, epoch);
        }
    }

    /** A kind of key: its columns with their types, and rows of literals. */
    private record KindOfKey(String name, List<Column> columns, List<String> literals) {

        static KindOfKey of(String type, Stream<String> literals) {
            return new KindOfKey(type, List.of(new Column("id", type, false)), literals.toList());
        }
    }

    private static Stream<String> numbered(String format) {
        return IntStream.range(0, 700).mapToObj(i -> format.formatted(i));
    }

    private List<KindOfKey> kindsOfKeys() {
        List<KindOfKey> both = List.of(
                KindOfKey.of("bigint", IntStream.range(-350, 350).mapToObj(i -> String.valueOf(i * 1_000_003L))),
                KindOfKey.of("bigint", Stream.of("-9223372036854775808", "0", "9223372036854775807")),
                KindOfKey.of("smallint", numbered("%d")),
                KindOfKey.of("numeric(12,3)", IntStream.range(-350, 350).mapToObj(i -> i + ".125")),
                KindOfKey.of(
                        "varchar(100)",
                        Stream.concat(
                                numbered("'key %03d'"),
                                Stream.of("''", "'a,b'", "'%'", "'ä\u00a0ß'", "'🙂'", "'line\nbreak'", "'it''s'"))),
                KindOfKey.of(
                        "date", IntStream.range(0, 700).mapToObj(i -> "DATE '" + LocalDate.EPOCH.plusDays(i) + "'")),
                new KindOfKey(
                        "composite of number and text",
                        List.of(new Column("region", "int", false), new Column("code", "varchar(20)", false)),
                        IntStream.range(0, 700)
                                .mapToObj(i -> (i / 50) + ", 'c" + (i % 50) + "'")
                                .toList()),
                new KindOfKey(
                        "composite of three",
                        List.of(
                                new Column("a", "int", false),
                                new Column("b", "int", false),
                                new Column("c", "int", false)),
                        IntStream.range(0, 700)
                                .mapToObj(i -> (i / 100) + ", " + (i / 10 % 10) + ", " + (i % 10))
                                .toList()));
        List<KindOfKey> own = engine == Engine.POSTGRESQL
                ? List.of(
                        KindOfKey.of("double precision", numbered("%d / 7.0")),
                        KindOfKey.of("uuid", numbered("gen_random_uuid()")),
                        KindOfKey.of("timestamp with time zone", numbered("now() + interval '1.000001 s' * %d")),
                        KindOfKey.of("bytea", numbered("decode(lpad(to_hex(%d), 8, '0'), 'hex')")),
                        KindOfKey.of("character varying(50) COLLATE \"C\"", numbered("'K%d'")))
                : List.of(
                        KindOfKey.of("binary(16)", numbered("UUID_TO_BIN(UUID()) /* %d */")),
                        KindOfKey.of("bigint unsigned", Stream.of("0", "5", "18446744073709551615")),
                        KindOfKey.of(
                                "datetime(6)", numbered("TIMESTAMP'2026-03-01 00:00:00.000001' + INTERVAL %d MINUTE")),
                        KindOfKey.of("timestamp(6)", numbered("TIMESTAMP'2026-10-24 23:00:00' + INTERVAL %d MINUTE")),
                        KindOfKey.of("varchar(50) CHARACTER SET latin1 COLLATE latin1_german1_ci", numbered("'K%d'")));
        return Stream.concat(both.stream(), own.stream()).toList();
    }

    @TestFactory
    Stream<DynamicTest> everyKindOfKeyIsWalked() {
        List<KindOfKey> kinds = kindsOfKeys();
        return IntStream.range(0, kinds.size())
                .mapToObj(i -> DynamicTest.dynamicTest(kinds.get(i).name(), () -> walk("keys" + i, kinds.get(i))));
    }

    private void walk(String table, KindOfKey kind) throws SQLException {
        String columns = String.join(
                ", ",
                kind.columns().stream()
                        .map(c -> c.name() + " " + c.type() + " NOT NULL")
                        .toList());
        String key = String.join(", ", kind.columns().stream().map(Column::name).toList());
        database.execute("CREATE TABLE " + table + " (" + columns
                + ", name varchar(200), full_name varchar(200), PRIMARY KEY (" + key + "))");
        for (int from = 0; from < kind.literals().size(); from += 100) {
            List<String> some =
                    kind.literals().subList(from, Math.min(kind.literals().size(), from + 100));
            database.execute("INSERT INTO " + table + " VALUES "
                    + String.join(
                            ", ",
                            some.stream()
                                    .map(literal -> "(" + literal + ", 'a name', NULL)")
                                    .toList()));
        }
        ColumnChange change = change(table, kind.columns().toArray(new Column[0]));

        assertThat(passes("n1").open(change, Side.NEW, 0)).isTrue();
        assertThat(passes("n1").work(change, Side.NEW, 0, PACE, () -> true)).isEqualTo(Outcome.FINISHED_ALL);

        assertThat(disagreeing(table)).isZero();
        assertThat(count(table + " WHERE full_name = 'a name'"))
                .isEqualTo(kind.literals().size());
        assertThat(database.value(
                        "SELECT sum(rows_read) FROM segue_range WHERE change_id = '" + table + "'", Long.class))
                .isEqualTo(kind.literals().size());
        assertThat(isComplete(change, 0)).isTrue();
    }

    @Test
    void anEmptyTableIsDoneAtOnce() throws SQLException {
        ColumnChange change = customers(0);
        database.execute("DELETE FROM customer");

        passes("n1").open(change, Side.NEW, 0);

        assertThat(isComplete(change, 0)).isTrue();
        assertThat(passes("n1").progress(change, Side.NEW, 0).orElseThrow().finished())
                .isTrue();
    }

    @Test
    void aPassThatNobodyHasOpenedIsNotComplete() throws SQLException {
        ColumnChange change = customers(10);

        assertThat(isComplete(change, 0)).isFalse();
        assertThat(passes("n1").work(change, Side.NEW, 0, PACE, () -> true)).isEqualTo(Outcome.VOID);
        assertThat(disagreeing("customer")).isEqualTo(10);
    }

    @Test
    void bothSidesAreRepairedAndNothingElseIsTouched() throws SQLException {
        ColumnChange change = customers(1_000);
        if (engine == Engine.MYSQL) {
            database.execute(
                    "ALTER TABLE customer ADD COLUMN changed timestamp(6) NOT NULL DEFAULT '2020-01-01 00:00:00'"
                            + " ON UPDATE CURRENT_TIMESTAMP(6)");
        }
        passes("n1").open(change, Side.NEW, 0);
        passes("n1").work(change, Side.NEW, 0, PACE, () -> true);
        database.execute("UPDATE customer SET full_name = 'by a new writer'"
                + (engine == Engine.MYSQL ? ", changed = '2020-01-01 00:00:00'" : "") + " WHERE id <= 100");

        passes("n1").open(change, Side.OLD, 0);
        assertThat(passes("n1").work(change, Side.OLD, 0, PACE, () -> true)).isEqualTo(Outcome.FINISHED_ALL);

        assertThat(count("customer WHERE name = 'by a new writer'")).isEqualTo(100);
        assertThat(disagreeing("customer")).isZero();
        assertThat(count("customer WHERE version <> 7")).isZero();
        if (engine == Engine.MYSQL) {
            assertThat(count("customer WHERE changed <> '2020-01-01 00:00:00'")).isZero();
        }
        assertThat(database.value("SELECT sum(rows_repaired) FROM segue_range WHERE side = 'OLD'", Long.class))
                .as("rows that agree are left alone")
                .isEqualTo(100);
    }

    @Test
    void lockedRowsAreNamedAndTriedAgainWithoutWaitingForThem() throws SQLException {
        ColumnChange change = customers(3_000);
        passes("n1").open(change, Side.NEW, 0);
        try (Connection other = database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.executeUpdate("UPDATE customer SET version = 8 WHERE id IN (5, 1500)");

            assertThat(passes("n1").work(change, Side.NEW, 0, PACE, () -> true)).isEqualTo(Outcome.NOTHING_TO_CLAIM);

            assertThat(disagreeing("customer")).isEqualTo(2);
            assertThat(isComplete(change, 0)).isFalse();
            Progress progress = passes("n1").progress(change, Side.NEW, 0).orElseThrow();
            assertThat(progress.waitingFor()).contains("customer").contains("locked");
            assertThat(progress.rowsDone()).isEqualTo(2_998);
            other.commit();
        }
        await().atMost(Duration.ofSeconds(20))
                .until(() -> passes("n1").work(change, Side.NEW, 0, PACE, () -> true) == Outcome.FINISHED_ALL);
        assertThat(disagreeing("customer")).isZero();
        assertThat(passes("n1").progress(change, Side.NEW, 0).orElseThrow().rowsDone())
                .isEqualTo(3_000);
    }

    /** Of so small a table the database would rather read all rows than look for those that may be written. */
    @Test
    void lockedRowsOfASmallTableAreNotWaitedForEither() throws SQLException {
        ColumnChange change = customers(2);
        passes("n1").open(change, Side.NEW, 0);
        try (Connection other = database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.executeUpdate("UPDATE customer SET version = 8");

            assertThat(passes("n1").work(change, Side.NEW, 0, PACE, () -> true)).isEqualTo(Outcome.NOTHING_TO_CLAIM);

            Progress progress = passes("n1").progress(change, Side.NEW, 0).orElseThrow();
            assertThat(progress.waitingFor()).contains("2 row(s) of customer that other transactions have locked");
            other.rollback();
        }
    }

    @Test
    void manyWorkersShareTheRowsAndNoneIsReadTwice() throws Exception {
        int rows = 100_000;
        ColumnChange change = customers(rows);
        analyze("customer");
        passes("n1").open(change, Side.NEW, 0);
        CountDownLatch claimed = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            // It asks before it claims, and then before each batch.
            Future<Outcome> one = other.submit(() -> passes("n1").work(change, Side.NEW, 0, PACE.withWorkers(1), () -> {
                if (asked.incrementAndGet() == 2) {
                    claimed.countDown();
                }
                return true;
            }));
            assertThat(claimed.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(untilItEnds("n2", change, PACE.withWorkers(4), () -> true))
                    .isEqualTo(Outcome.FINISHED_ALL);
            assertThat(one.get(60, TimeUnit.SECONDS)).isNotEqualTo(Outcome.VOID);
        } finally {
            other.shutdownNow();
        }

        assertThat(disagreeing("customer")).isZero();
        assertThat(isComplete(change, 0)).isTrue();
        assertThat(database.value("SELECT sum(rows_read) FROM segue_range", Long.class))
                .isEqualTo(rows);
        assertThat(database.value("SELECT count(DISTINCT claimed_by) FROM segue_range", Long.class))
                .isEqualTo(2);
    }

    /** A node comes back as long as others have what is left. */
    private Outcome untilItEnds(String node, ColumnChange change, Pace pace, BooleanSupplier goOn) {
        return await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(100))
                .until(
                        () -> passes(node).work(change, Side.NEW, 0, pace, goOn),
                        outcome -> outcome != Outcome.NOTHING_TO_CLAIM);
    }

    @Test
    void aLargeRangeIsSplitForAWorkerThatHasNothingToDo() throws Exception {
        int rows = 12_000;
        database.execute("CREATE TABLE named (id varchar(40) PRIMARY KEY, name varchar(200), full_name varchar(200))");
        database.execute(
                engine == Engine.POSTGRESQL
                        ? "INSERT INTO named SELECT 'k' || g, 'name ' || g, NULL FROM generate_series(1, " + rows
                                + ") g"
                        : "INSERT INTO named WITH RECURSIVE g (n) AS (SELECT /*+ SET_VAR(cte_max_recursion_depth = 1000000) */ 1"
                                + " UNION ALL SELECT n + 1 FROM g WHERE n < " + rows
                                + ") SELECT CONCAT('k', n), CONCAT('name ', n), NULL FROM g");
        analyze("named");
        ColumnChange change = change("named", new Column("id", "varchar(40)", false));
        passes("n1").open(change, Side.NEW, 0);
        assertThat(count("segue_range")).as("texts cannot be cut beforehand").isEqualTo(1);
        Pace pace = new Pace(Duration.ofMillis(20), 100, 100, 4_000).withWorkers(2);

        assertThat(passes("n1").work(change, Side.NEW, 0, pace, () -> true)).isEqualTo(Outcome.FINISHED_ALL);

        assertThat(count("segue_range")).isGreaterThan(1);
        assertThat(disagreeing("named")).isZero();
        assertThat(database.value("SELECT sum(rows_read) FROM segue_range", Long.class))
                .as("no row is seen twice, and none is left out")
                .isEqualTo(rows);
    }

    /** Nearly all rows are in a hundredth of the numbers, which is cut evenly: what is crowded is one worker's at first. */
    @Test
    void manyWorkersShareTheCrowdedPartOfTheKeys() throws SQLException {
        int rows = 20_000;
        int apart = 200;
        ColumnChange change = customers(rows);
        database.execute("UPDATE customer SET id = (id - " + (rows - apart) + ") * 10000 + " + rows + " WHERE id > "
                + (rows - apart));
        analyze("customer");
        passes("n1").open(change, Side.NEW, 0);
        Hands hands = new Hands(1);
        Pace pace = new Pace(Duration.ofMillis(20), 100, 100, 4_000).withWorkers(3);

        assertThat(passes(hands).work(change, Side.NEW, 0, pace, () -> true)).isEqualTo(Outcome.FINISHED_ALL);

        assertThat(disagreeing("customer")).isZero();
        assertThat(isComplete(change, 0)).isTrue();
        assertThat(database.value("SELECT sum(rows_read) FROM segue_range", Long.class))
                .isEqualTo(rows);
        assertThat(count("segue_range WHERE rows_read > " + apart))
                .as("ranges with more rows than there are elsewhere")
                .isGreaterThan(1);
        assertThat(hands.withMoreThan(20))
                .as("workers with more batches than there are elsewhere")
                .isGreaterThan(1);
    }

    private Progress progress(ColumnChange change) {
        try {
            return passes("n1").progress(change, Side.NEW, 0).orElseThrow();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aMomentBesideAKeyOfMomentsIsRefusedWhereItDependsOnTheZone() throws SQLException {
        String type = engine == Engine.POSTGRESQL ? "timestamp with time zone" : "timestamp";
        Column key = new Column("at", type, false);
        ColumnChange change = new ColumnChange(
                "visit",
                Kind.REPLACE,
                List.of(new Site(
                        TableName.of("visit"),
                        List.of(key),
                        List.of(new Column("began", type, true)),
                        List.of(new Column("begun_at", "varchar(40)", true)),
                        SqlForm.SAME)));

        if (engine == Engine.POSTGRESQL) {
            assertThat(Passes.problems(change, dialect)).isEmpty();
        } else {
            assertThat(Passes.problems(change, dialect))
                    .singleElement()
                    .satisfies(problem -> assertThat(problem.toString())
                            .contains("visit.began")
                            .contains("a key without a TIMESTAMP"));
        }
    }

    @Test
    void aKeyWithADateThatThereIsNotIsNamedInsteadOfPassedOver() throws SQLException {
        if (engine == Engine.POSTGRESQL) {
            // There is no such date there.
            return;
        }
        database.execute(
                "CREATE TABLE visit (day date, id int, name varchar(20), full_name varchar(20), PRIMARY KEY (day, id))");
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET SESSION sql_mode = ''");
            statement.execute("INSERT INTO visit SELECT '0000-00-00', g.n, 'Ann', NULL FROM (WITH RECURSIVE g (n) AS"
                    + " (SELECT 1 UNION ALL SELECT n + 1 FROM g WHERE n < 900) SELECT n FROM g) g");
            statement.execute("INSERT INTO visit VALUES ('2026-01-01', 1, 'Ann', NULL)");
        }
        ColumnChange change = change("visit", new Column("day", "date", false), new Column("id", "int", false));
        passes("n1").open(change, Side.NEW, 0);

        assertThatThrownBy(() -> passes("n1").work(change, Side.NEW, 0, PACE, () -> true))
                .hasMessageContaining("a date that there is not ('0000-00-00')")
                .hasMessageContaining("give these rows a date");

        assertThat(isComplete(change, 0)).isFalse();
    }

    /** Rows that nobody has expected in a part of the keys are missing in the others. */
    @Test
    void theTimeLeftIsThatOfAllRowsAlsoWhereTheKeysAreCrowded() throws SQLException {
        int rows = 40_000;
        int apart = 200;
        ColumnChange change = customers(rows);
        database.execute("UPDATE customer SET id = (id - " + (rows - apart) + ") * 10000 + " + rows + " WHERE id > "
                + (rows - apart));
        analyze("customer");
        passes("n1").open(change, Side.NEW, 0);
        // Slow enough to be seen on its way, and beyond what a quarter of the keys would have.
        Pace pace = new Pace(Duration.ofMillis(20), 500, 500, 20_000).withWorkers(2);
        AtomicReference<@Nullable Progress> beyond = new AtomicReference<>();

        passes("n1").work(change, Side.NEW, 0, pace, () -> {
            Progress now = progress(change);
            if (now.rowsDone() > rows / 2 && now.rowsPerSecond() > 0) {
                beyond.compareAndSet(null, now);
            }
            return beyond.get() == null;
        });

        assertThat(beyond.get()).isNotNull().satisfies(now -> {
            assertThat(now.rowsTotal()).isBetween(rows * 7L / 10, rows * 13L / 10);
            assertThat(now.timeLeft()).isGreaterThan(Duration.ofMillis(100));
        });
    }

    @ParameterizedTest
    @EnumSource
    void aTableOfPartitionsIsWalkedByItsKeysWhereverTheyLie(Partitions partitions) throws SQLException {
        int rows = 30_000;
        ColumnChange change = customers(rows, partitions);
        passes("n1").open(change, Side.NEW, 0);
        assertThat(count("segue_range")).as("the rows of all partitions count").isGreaterThan(1);
        Hands hands = new Hands(2);
        try (Connection other = database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.executeUpdate("UPDATE customer SET version = 8 WHERE id IN (5, 20001)");

            assertThat(passes(hands).work(change, Side.NEW, 0, PACE, () -> true))
                    .isEqualTo(Outcome.NOTHING_TO_CLAIM);

            assertThat(disagreeing("customer")).isEqualTo(2);
            other.rollback();
        }
        await().atMost(Duration.ofSeconds(20))
                .until(() -> passes("n1").work(change, Side.NEW, 0, PACE, () -> true) == Outcome.FINISHED_ALL);

        assertThat(disagreeing("customer")).isZero();
        assertThat(isComplete(change, 0)).isTrue();
        assertThat(database.value("SELECT sum(rows_read) FROM segue_range", Long.class))
                .isEqualTo(rows);
    }

    @Test
    void noMoreWorkAtOnceThanAreAllowedOverAllNodes() throws Exception {
        ColumnChange change = customers(30_000);
        analyze("customer");
        passes("n1").open(change, Side.NEW, 0);
        AtomicLong most = new AtomicLong();
        BooleanSupplier count = () -> {
            long now = database.value(
                    "SELECT count(*) FROM segue_range WHERE claimed_by IS NOT NULL AND state = 'open'", Long.class);
            most.accumulateAndGet(now, Math::max);
            return true;
        };
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Callable<Outcome>> nodes = IntStream.range(0, 3)
                    .<Callable<Outcome>>mapToObj(i -> () -> untilItEnds("n" + i, change, PACE.withWorkers(2), count))
                    .toList();
            for (Future<Outcome> node : threads.invokeAll(nodes)) {
                assertThat(node.get(3, TimeUnit.MINUTES)).isEqualTo(Outcome.FINISHED_ALL);
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(most.get()).isEqualTo(2);
        assertThat(disagreeing("customer")).isZero();
    }

    @Test
    void nothingIsRepairedAfterTheEpochHasGoneUp() throws SQLException {
        ColumnChange change = customers(2_000);
        passes("n1").open(change, Side.NEW, 0);
        AtomicInteger batches = new AtomicInteger();
        Outcome outcome = passes("n1").work(change, Side.NEW, 0, PACE, () -> {
            if (batches.incrementAndGet() == 4) {
                raiseEpoch(change);
            }
            return true;
        });

        assertThat(outcome).isEqualTo(Outcome.VOID);
        long left = disagreeing("customer");
        assertThat(left).isBetween(1L, 1_999L);
        assertThat(passes("n1").work(change, Side.NEW, 0, PACE, () -> true)).isEqualTo(Outcome.VOID);
        assertThat(disagreeing("customer")).isEqualTo(left);
        assertThat(isComplete(change, 0)).isFalse();
        assertThat(passes("n1").open(change, Side.NEW, 0))
                .as("the epoch is another one")
                .isFalse();
        assertThat(passes("n1").open(change, Side.NEW, 1)).isTrue();
        assertThat(passes("n1").work(change, Side.NEW, 1, PACE, () -> true)).isEqualTo(Outcome.FINISHED_ALL);
        assertThat(disagreeing("customer")).isZero();
    }

    private void raiseEpoch(ColumnChange change) {
        try {
            registry.underLock(change.id(), locked -> {
                locked.save(locked.situation().voided(Side.NEW));
                return locked.situation();
            });
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whoRaisesTheEpochWaitsForTheBatchesThatRunAndNoOthers() throws Exception {
        int workers = 8;
        ColumnChange change = customers(200_000);
        analyze("customer");
        passes("n1").open(change, Side.NEW, 0);
        Map<Thread, Integer> asked = new ConcurrentHashMap<>();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Pace pace = new Pace(Duration.ofMillis(200), 2_000, 2_000, 0).withWorkers(workers);
            Future<Outcome> work = thread.submit(() -> passes("n1").work(change, Side.NEW, 0, pace, () -> {
                asked.merge(Thread.currentThread(), 1, Integer::sum);
                return true;
            }));
            await().atMost(Duration.ofSeconds(30))
                    .until(() ->
                            asked.values().stream().filter(times -> times > 3).count() == workers);
            Map<Thread, Integer> before = new HashMap<>();
            List<Integer> batches = new ArrayList<>();
            registry.underLock(change.id(), locked -> {
                before.putAll(asked);
                locked.save(locked.situation().voided(Side.NEW));
                before.forEach((worker, times) -> batches.add(asked.getOrDefault(worker, 0) - times));
                return locked.situation();
            });
            assertThat(work.get(30, TimeUnit.SECONDS)).isEqualTo(Outcome.VOID);
            // Asked before the next batch and, at the end of a range, before the next range.
            assertThat(batches).as("questions of each worker meanwhile").allMatch(more -> more <= 2);
        } finally {
            thread.shutdownNow();
        }
        assertThat(disagreeing("customer")).isPositive();
    }

    @Test
    void aWorkerThatHasFallenSilentLosesItsRangeAndRepairsNothingMore() throws SQLException {
        ColumnChange change = customers(1_500);
        passes("n1").open(change, Side.NEW, 0);
        AtomicInteger batches = new AtomicInteger();
        // Between two of its batches, the first worker stands still until another has taken over and finished.
        Outcome first = passes("slow").work(change, Side.NEW, 0, PACE, () -> {
            if (batches.incrementAndGet() == 4) {
                takeOver(change);
            }
            return true;
        });

        assertThat(first).isEqualTo(Outcome.FINISHED_ALL);
        assertThat(count("segue_range WHERE claimed_by = 'heir'")).isEqualTo(1);
        assertThat(database.value("SELECT sum(rows_read) FROM segue_range", Long.class))
                .isEqualTo(1_500);
        assertThat(disagreeing("customer")).isZero();
    }

    private void takeOver(ColumnChange change) {
        await().atMost(CLAIM.multipliedBy(5))
                .until(() -> passes("heir").work(change, Side.NEW, 0, PACE, () -> true) == Outcome.FINISHED_ALL);
    }

    @Test
    void rowsThatComeAndGoMeanwhileDoNotDisturb() throws SQLException {
        ColumnChange change = customers(2_000);
        passes("n1").open(change, Side.NEW, 0);
        AtomicInteger batches = new AtomicInteger();
        Outcome outcome = passes("n1").work(change, Side.NEW, 0, PACE, () -> {
            if (batches.incrementAndGet() == 4) {
                // Behind the cursor, before it, above the last range; writers of now write both sides.
                database.execute(
                        "DELETE FROM customer WHERE id IN (1, 2, 1990, 2000)",
                        "INSERT INTO customer VALUES (-5, 'x', 'x', 7), (5000, 'y', 'y', 7)",
                        "UPDATE customer SET id = 6000, name = 'z', full_name = 'z' WHERE id = 1500",
                        "UPDATE customer SET id = -1500, name = 'z', full_name = 'z' WHERE id = 1501");
            }
            return true;
        });

        assertThat(outcome).isEqualTo(Outcome.FINISHED_ALL);
        assertThat(disagreeing("customer")).isZero();
        assertThat(isComplete(change, 0)).isTrue();
    }

    @Test
    void isStoppedBetweenBatchesAndGoesOnLater() throws SQLException {
        ColumnChange change = customers(2_000);
        passes("n1").open(change, Side.NEW, 0);
        AtomicInteger batches = new AtomicInteger();

        assertThat(passes("n1").work(change, Side.NEW, 0, PACE, () -> batches.incrementAndGet() < 4))
                .isEqualTo(Outcome.STOPPED);

        long left = disagreeing("customer");
        assertThat(left).isBetween(1L, 1_999L);
        assertThat(passes("n2").work(change, Side.NEW, 0, PACE, () -> true))
                .as("the range was given back")
                .isEqualTo(Outcome.FINISHED_ALL);
        assertThat(database.value("SELECT sum(rows_read) FROM segue_range", Long.class))
                .isEqualTo(2_000);
    }

    @Test
    void aKeyWhoseTextDoesNotSayItsOrderIsRefused() throws SQLException {
        ColumnChange change = change("anything", new Column("id", "float", false));

        if (engine == Engine.POSTGRESQL) {
            assertThat(Passes.problems(change, dialect)).isEmpty();
        } else {
            assertThat(Passes.problems(change, dialect))
                    .singleElement()
                    .satisfies(problem -> assertThat(problem.toString())
                            .contains("anything")
                            .contains("'id'")
                            .contains("float"));
            assertThatThrownBy(() -> passes("n1").open(change, Side.NEW, 0))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
