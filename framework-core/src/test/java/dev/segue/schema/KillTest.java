package dev.segue.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.segue.change.ColumnChange;
import dev.segue.lifecycle.Stage;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A process dies before any statement of a stage, or within one, and another one runs the stage again. */
@EachDatabase
@Execution(ExecutionMode.CONCURRENT)
class KillTest {

    private static final List<Stage> REVERTIBLE = List.of(Stage.EXPAND, Stage.GUARD, Stage.ENFORCE, Stage.RELAX);

    private final Shop shop;

    KillTest(Engine engine) {
        this.shop = new Shop(engine);
    }

    @AfterEach
    void drop() {
        shop.close();
    }

    /** Counts the statements that change something, and cuts the connection instead of sending the last one. */
    private final class Mortal {

        private int left;

        /** @param statements that it may send */
        Mortal(int statements) {
            this.left = statements;
        }

        DataSource dataSource() {
            return proxy(DataSource.class, shop.pool, null);
        }

        <T> T proxy(Class<T> type, Object target, @Nullable Connection of) {
            return type.cast(Proxy.newProxyInstance(
                    KillTest.class.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> {
                        if (method.getName().equals("execute")
                                && !args[0].toString().matches("(RE)?SET .*")
                                && left-- == 0) {
                            Objects.requireNonNull(of).abort(Runnable::run);
                            throw new SQLException("killed", "XX999");
                        }
                        try {
                            Object result = method.invoke(target, args);
                            if (result instanceof Connection connection && type == DataSource.class) {
                                return proxy(Connection.class, connection, connection);
                            }
                            return result instanceof Statement statement && type == Connection.class
                                    ? proxy(Statement.class, statement, of)
                                    : result;
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    }));
        }

        boolean isDead() {
            return left < 0;
        }
    }

    /** What is done and undone, planned from the catalog as it is. */
    private interface Turn {
        List<Step> steps(boolean apply) throws SQLException;
    }

    private Turn stage(ColumnChange change, Stage stage) {
        return apply -> {
            StagePlan plan = shop.plans().plan(change, stage, true);
            return apply ? plan.apply() : plan.revert();
        };
    }

    private void run(Turn turn, boolean apply) throws Exception {
        shop.steps().run(turn.steps(apply), Shop.CERTAIN);
    }

    private void run(ColumnChange change, Stage stage, boolean apply) throws Exception {
        run(stage(change, stage), apply);
    }

    /** @return whether it has died */
    private boolean dies(List<Step> steps, int statements) throws Exception {
        Mortal mortal = new Mortal(statements);
        StepRunner runner = new StepRunner(mortal.dataSource(), shop.dialect, Shop.QUICK);
        try {
            runner.run(steps, Shop.CERTAIN);
        } catch (SQLException e) {
            assertThat(mortal.isDead()).as("%s", e).isTrue();
        }
        return mortal.isDead();
    }

    @ParameterizedTest
    @EnumSource
    void endsTheSameWhereverItIsKilled(Kinds kind) throws Exception {
        kind.create(shop);
        ColumnChange change = shop.resolve(kind.declaration());
        for (Stage stage : REVERTIBLE) {
            if (kind.kind.has(stage)) {
                // The triggers are the same for each of those that replace a column.
                boolean same = stage == Stage.GUARD && kind != Kinds.RENAME && kind != Kinds.INTRODUCE;
                // On PostgreSQL all of them come in one transaction.
                int stride = stage == Stage.GUARD && shop.postgres() ? 4 : 1;
                endsTheSame(stage.id(), stage(change, stage), !same, stride);
                shop.database.execute(stage == Stage.EXPAND ? kind.backfill : "SELECT 1");
            }
        }
        if (!shop.postgres() && kind != Kinds.INTRODUCE) {
            endsTheSame("dry run", apply -> shop.plans().dryRun(change, apply), true, 1);
        }
        if (kind == Kinds.RENAME || kind == Kinds.RETIRE) {
            contracts(kind);
        }
    }

    private void endsTheSame(String what, Turn turn, boolean kill, int stride) throws Exception {
        List<String> before = state();
        List<Step> apply = turn.steps(true);
        shop.steps().run(apply, Shop.CERTAIN);
        List<String> after = state();
        List<Step> revert = turn.steps(false);
        boolean died = kill;
        for (int statements = 0; died; statements += stride) {
            died = dies(revert, statements);
            run(turn, false);
            assertThat(state())
                    .as("%s reverted, killed after %d", what, statements)
                    .isEqualTo(before);
            died |= dies(apply, statements);
            run(turn, true);
            assertThat(state()).as("%s, killed after %d", what, statements).isEqualTo(after);
        }
    }

    /** The catalog, and what is noted for the way back. */
    private List<String> state() throws SQLException {
        List<String> state = shop.catalog("customer");
        try (Connection connection = shop.pool.getConnection()) {
            for (String notes : shop.postgres() ? List.of("segue_relaxed") : List.of("segue_relaxed", "segue_hidden")) {
                new Query(connection)
                        .strings("SELECT column_name FROM " + notes + " ORDER BY 1")
                        .forEach(column -> state.add(notes + " " + column));
            }
        }
        return state;
    }

    private void contracts(Kinds kind) throws Exception {
        List<String> end = List.of();
        boolean died = true;
        for (int statements = 0; died; statements++) {
            kind.create(shop);
            ColumnChange change = shop.resolve(kind.declaration());
            for (Stage stage : REVERTIBLE) {
                if (kind.kind.has(stage)) {
                    run(change, stage, true);
                    shop.database.execute(stage == Stage.EXPAND ? kind.backfill : "SELECT 1");
                }
            }
            shop.dryRun(change, true);
            died = dies(stage(change, Stage.CONTRACT).steps(true), statements);
            run(change, Stage.CONTRACT, true);
            List<String> now = shop.catalog("customer");
            assertThat(now).as("contract killed after %d", statements).isEqualTo(end.isEmpty() ? now : end);
            end = now;
        }
        assertThat(end).noneMatch(line -> line.contains("segue_"));
    }

    @ParameterizedTest
    @EnumSource(names = "RENAME")
    void endsTheSameIfItIsKilledWhileItWaits(Kinds kind) throws Exception {
        kind.create(shop);
        ColumnChange change = shop.resolve(kind.declaration());
        for (Stage stage : REVERTIBLE) {
            List<String> before = shop.catalog("customer");
            run(change, stage, true);
            List<String> after = shop.catalog("customer");
            if (after.equals(before)) {
                // The guard of MySQL makes the old column omittable by itself.
                continue;
            }
            run(change, stage, false);
            AtomicReference<Throwable> end = new AtomicReference<>();
            try (Connection other = shop.database.connect();
                    Statement statement = other.createStatement()) {
                other.setAutoCommit(false);
                statement.execute("UPDATE customer SET other = 1 WHERE id = 3");
                LockPatience patient = new LockPatience(Duration.ofSeconds(30), Duration.ZERO, Duration.ZERO, 1);
                List<Step> steps = stage(change, stage).steps(true);
                Thread dying = new Thread(() -> {
                    try {
                        new StepRunner(shop.database.dataSource(), shop.dialect, patient).run(steps, Shop.CERTAIN);
                    } catch (Throwable e) {
                        end.set(e);
                    }
                });
                dying.start();
                await().until(() -> killed() == 1);
                dying.join(20_000);
                other.rollback();
            }
            assertThat(end.get()).isInstanceOf(SQLException.class);
            run(change, stage, true);
            assertThat(shop.catalog("customer"))
                    .as("%s", stage)
                    .isEqualTo(after)
                    .isNotEqualTo(before);
            shop.database.execute(stage == Stage.EXPAND ? kind.backfill : "SELECT 1");
        }
        assertThatThrownBy(() -> shop.database.execute("INSERT INTO customer (id, full_name) VALUES (9, NULL)"))
                .hasMessageContaining("ull");
    }

    /** Ends who waits for the table. */
    private long killed() {
        if (shop.postgres()) {
            return shop.database.value(
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database()"
                            + " AND wait_event_type = 'Lock'",
                    Long.class);
        }
        List<String> waiting = shop
                .database
                .rows("SELECT id AS waiting FROM information_schema.processlist WHERE db = DATABASE()"
                        + " AND state LIKE 'Waiting for table%'")
                .stream()
                .map(row -> String.valueOf(row.get("waiting")))
                .toList();
        waiting.forEach(id -> shop.database.execute("KILL " + id));
        return waiting.size();
    }
}
