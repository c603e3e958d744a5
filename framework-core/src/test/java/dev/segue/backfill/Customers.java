package dev.segue.backfill;

import static org.assertj.core.api.Assertions.assertThat;
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
import dev.segue.lifecycle.Progress;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Situation;
import dev.segue.lifecycle.Stage;
import dev.segue.schema.GuardMode;
import dev.segue.schema.LockPatience;
import dev.segue.schema.StageRunner;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/** A table of customers whose name becomes full_name, which the database can do by itself. */
final class Customers implements AutoCloseable {

    static final String ID = "customer-full-name";

    private static final String COLUMNS =
            "id bigint PRIMARY KEY, name varchar(200), full_name varchar(200), version int";

    /** Small, so that there are many batches. */
    static final Pace PACE = new Pace(Duration.ofMillis(20), 100, 500, 0);

    final Engine engine;
    final Database dialect;
    final TestDatabase database;
    final Registry registry;

    Customers(Engine engine) {
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

    Passes passes() {
        return new Passes(database.dataSource(), dialect, registry, "n1", Duration.ofSeconds(2));
    }

    ColumnChange change(SqlForm form, Guard.Form guard) throws SQLException {
        ColumnChange change = new ColumnChange(
                ID,
                Kind.REPLACE,
                List.of(new Site(
                        TableName.of("customer"),
                        List.of(new Column("id", "bigint", false)),
                        List.of(new Column("name", "varchar(200)", true)),
                        List.of(new Column("full_name", "varchar(200)", true)),
                        form)));
        registry.declare(change.id(), change.definition(), Kind.REPLACE, guard);
        become(s -> s.stage(Stage.EXPAND, Progress.DONE));
        return change;
    }

    /** A table with that many rows, numbered from 1, of which none agrees. */
    ColumnChange rows(int rows) throws SQLException {
        return rows(rows, Guard.Form.SQL);
    }

    ColumnChange rows(int rows, Guard.Form guard) throws SQLException {
        database.execute("CREATE TABLE customer (" + COLUMNS + ")");
        insert(rows);
        return change(SqlForm.SAME, guard);
    }

    private void insert(int rows) {
        database.execute(
                engine == Engine.POSTGRESQL
                        ? "INSERT INTO customer SELECT g, 'name ' || g, NULL, 7 FROM generate_series(1, " + rows + ") g"
                        : "INSERT INTO customer WITH RECURSIVE g (n) AS (SELECT /*+ SET_VAR(cte_max_recursion_depth = 1000000) */ 1"
                                + " UNION ALL SELECT n + 1 FROM g WHERE n < " + rows
                                + ") SELECT n, CONCAT('name ', n), NULL, 7 FROM g");
    }

    /** A table whose rows all agree, and both sides are sealed. */
    ColumnChange sealed(int rows) throws SQLException {
        return sealed(rows(rows));
    }

    /** The same, in partitions. */
    ColumnChange sealed(int rows, Partitions partitions) throws SQLException {
        database.execute(partitions.create(engine, COLUMNS, rows));
        insert(rows);
        return sealed(change(SqlForm.SAME, Guard.Form.SQL));
    }

    private ColumnChange sealed(ColumnChange change) {
        database.execute("UPDATE customer SET full_name = name");
        become(s -> s.proven(Side.NEW));
        return change;
    }

    Situation become(UnaryOperator<Situation> next) {
        try {
            return registry.underLock(ID, locked -> {
                locked.save(next.apply(locked.situation()));
                return locked.situation();
            });
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    void guard(ColumnChange change, Side side) throws Exception {
        new StageRunner(database.dataSource(), dialect, LockPatience.DEFAULT)
                .guard(change, side, GuardMode.FILLS, connection -> {});
    }

    long count(String what) {
        return database.value("SELECT count(*) FROM " + what, Long.class);
    }

    long disagreeing() {
        return count("customer WHERE NOT ("
                + (engine == Engine.POSTGRESQL ? "name IS NOT DISTINCT FROM full_name" : "name <=> full_name") + ")");
    }

    boolean isComplete(ColumnChange change, Side side, long epoch) throws SQLException {
        try (Connection connection = database.connect()) {
            return passes().isComplete(connection, change, side, epoch);
        }
    }

    /** Until the pass is complete. */
    void finish(ColumnChange change, Side side, long epoch) throws SQLException {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> passes().work(change, side, epoch, PACE, () -> true) == Outcome.FINISHED_ALL);
        assertThat(isComplete(change, side, epoch)).isTrue();
    }
}
