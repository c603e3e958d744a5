package dev.segue.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segue.change.Column;
import dev.segue.change.ColumnChange;
import dev.segue.change.Form;
import dev.segue.change.JavaForm;
import dev.segue.change.JavaForm.Converter;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import dev.segue.fleet.NodeClock;
import dev.segue.fleet.Registry;
import dev.segue.fleet.RegistryTables;
import dev.segue.lifecycle.Guard;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Progress;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Stage;
import dev.segue.schema.GuardMode;
import dev.segue.schema.LockPatience;
import dev.segue.schema.StageRunner;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A table of customers whose credit, a text, becomes cents by a conversion that exists only in Java. */
final class Credits implements AutoCloseable {

    private static final Duration CLAIM = Duration.ofSeconds(2);

    private static final String COLUMNS = "id bigint PRIMARY KEY, credit varchar(40), cents bigint, version int";

    static final Pace PACE = new Pace(Duration.ofMillis(20), 100, 500, 0);

    final Engine engine;
    final Database dialect;
    final TestDatabase database;
    final Registry registry;

    Credits(Engine engine) {
        this.engine = engine;
        dialect = engine == Engine.POSTGRESQL ? Database.POSTGRESQL : Database.MYSQL;
        database = DatabaseServers.shared(engine).createDatabase();
        RegistryTables.migrate(database.dataSource(), dialect);
        registry = new Registry(database.dataSource(), dialect, "n1", NodeClock.SYSTEM);
    }

    @Override
    public void close() {
        database.close();
    }

    static List<@Nullable Object> one(@Nullable Object value) {
        return Collections.singletonList(value);
    }

    /** Cents are a hundred times the credit, which is a text: {@code 12.34}. */
    static final Converter TO_CENTS = values -> one(
            values.get(0) == null
                    ? null
                    : new BigDecimal(values.get(0).toString()).movePointRight(2).longValueExact());

    static final Converter TO_EUROS = values -> one(
            values.get(0) instanceof Number cents
                    ? BigDecimal.valueOf(cents.longValue(), 2).toPlainString()
                    : null);

    static final JavaForm CENTS = JavaForm.lossless(TO_CENTS, TO_EUROS);

    Passes passes(String node) {
        return new Passes(database.dataSource(), dialect, registry, node, CLAIM);
    }

    Passes passes(Hands hands) {
        return new Passes(database.dataSource(), dialect, registry, "n1", CLAIM, hands);
    }

    ColumnChange change(Form form, String oldType, String newType) throws SQLException {
        ColumnChange change = new ColumnChange(
                "customer-cents",
                Kind.REPLACE,
                List.of(new Site(
                        TableName.of("customer"),
                        List.of(new Column("id", "bigint", false)),
                        List.of(new Column("credit", oldType, false)),
                        List.of(new Column("cents", newType, false)),
                        form)));
        registry.declare(
                change.id(), change.definition(), Kind.REPLACE, change.isSql() ? Guard.Form.SQL : Guard.Form.JAVA);
        registry.underLock(change.id(), locked -> {
            locked.save(locked.situation().stage(Stage.EXPAND, Progress.DONE));
            return locked.situation();
        });
        return change;
    }

    /** A table with that many rows, of which none has cents. */
    ColumnChange customers(int rows) throws SQLException {
        return customers(rows, CENTS);
    }

    ColumnChange customers(int rows, Form form) throws SQLException {
        table(rows);
        return change(form, "varchar(40)", "bigint");
    }

    /** The same, in partitions. */
    ColumnChange customers(int rows, Partitions partitions) throws SQLException {
        database.execute(partitions.create(engine, COLUMNS, rows));
        insert(rows);
        analyze();
        return change(CENTS, "varchar(40)", "bigint");
    }

    void table(int rows) {
        database.execute("CREATE TABLE customer (" + COLUMNS + ")");
        insert(rows);
    }

    private void insert(int rows) {
        database.execute(
                engine == Engine.POSTGRESQL
                        ? "INSERT INTO customer SELECT g, (g * 0.01)::numeric(12,2)::text, NULL, 7 FROM generate_series(1, "
                                + rows + ") g"
                        : "INSERT INTO customer WITH RECURSIVE g (n) AS (SELECT /*+ SET_VAR(cte_max_recursion_depth = 1000000) */ 1"
                                + " UNION ALL SELECT n + 1 FROM g WHERE n < " + rows
                                + ") SELECT n, CAST(CAST(n * 0.01 AS DECIMAL(12,2)) AS CHAR), NULL, 7 FROM g");
    }

    void analyze() {
        database.execute(engine == Engine.POSTGRESQL ? "ANALYZE customer" : "ANALYZE TABLE customer");
    }

    StageRunner runner() {
        return new StageRunner(database.dataSource(), dialect, LockPatience.DEFAULT);
    }

    void guard(ColumnChange change, Side side, GuardMode mode) throws Exception {
        runner().guard(change, side, mode, connection -> {});
    }

    long count(String what) {
        return database.value("SELECT count(*) FROM " + what, Long.class);
    }

    long disagreeing() {
        return count("customer WHERE cents IS NULL OR cents <> CAST(credit AS decimal(30, 4)) * 100");
    }

    boolean isComplete(ColumnChange change, Side side, long epoch) throws SQLException {
        try (Connection connection = database.connect()) {
            return passes("n1").isComplete(connection, change, side, epoch);
        }
    }

    dev.segue.backfill.Progress progress(ColumnChange change, Side side, long epoch) throws SQLException {
        return passes("n1").progress(change, side, epoch).orElseThrow();
    }

    Outcome pass(ColumnChange change, Side side, long epoch) throws SQLException {
        assertThat(passes("n1").open(change, side, epoch)).isTrue();
        return passes("n1").work(change, side, epoch, PACE, () -> true);
    }

    void finish(ColumnChange change, Side side, long epoch) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(passes("n1").work(change, side, epoch, PACE, () -> true))
                        .as("the pass: %s", passes("n1").progress(change, side, epoch))
                        .isEqualTo(Outcome.FINISHED_ALL));
    }

    /** NEW is the truth, in a new epoch. */
    long onlyNewIsSealed(ColumnChange change) throws SQLException {
        return registry.underLock(change.id(), locked -> {
            locked.save(locked.situation().proven(Side.NEW).voided(Side.OLD));
            return locked.situation().epoch();
        });
    }

    void raiseEpoch(ColumnChange change) {
        try {
            registry.underLock(change.id(), locked -> {
                locked.save(locked.situation().voided(Side.NEW));
                return locked.situation();
            });
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
