package dev.segue;

import dev.segue.backfill.Pace;
import dev.segue.backfill.Throttle;
import dev.segue.change.Declaration;
import dev.segue.change.Form;
import dev.segue.change.JavaForm;
import dev.segue.change.SqlForm;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import dev.segue.fleet.Layout;
import dev.segue.fleet.NodeIdentity;
import dev.segue.fleet.OpenSession;
import dev.segue.fleet.Permit;
import dev.segue.fleet.SessionHost;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Phases;
import dev.segue.schema.LockPatience;
import dev.segue.test.database.DatabaseServer;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import dev.segue.watch.StatementWatch;
import dev.segue.watch.Watch;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A table whose column is renamed, and nodes that do it. */
final class Fleet implements AutoCloseable {

    static final String CHANGE = "customer-full-name";
    static final Duration LEASE = Duration.ofSeconds(3);

    /** By a conversion that exists only in Java: full names are names in brackets. */
    static final JavaForm BRACKETS = JavaForm.lossless(
            values -> one(values.get(0) == null ? null : "<" + values.get(0) + ">"),
            values -> one(values.get(0) instanceof String name ? name.substring(1, name.length() - 1) : null));

    private final Engine engine;
    private final DatabaseServer server;
    private final List<Declaration> declared;
    final TestDatabase database;
    private final List<Segue> nodes = new ArrayList<>();

    Fleet(Engine engine, int rows) {
        this(engine, rows, declaration(SqlForm.SAME));
    }

    /** Something else is done to the table. */
    Fleet(Engine engine, int rows, Declaration declared) {
        this(DatabaseServers.shared(engine), rows, List.of(declared));
    }

    Fleet(DatabaseServer server, int rows) {
        this(server, rows, List.of(declaration(SqlForm.SAME)));
    }

    private Fleet(DatabaseServer server, int rows, List<Declaration> declared) {
        this.declared = declared;
        this.engine = server.engine();
        this.server = server;
        this.database = server.createDatabase();
        for (Declaration one : declared) {
            create(one.table().toString(), rows);
        }
    }

    /** The attribute is one of a mapped superclass: each of these tables has its columns. */
    static Fleet of(Engine engine, int rows, String... tables) {
        List<Declaration> declared =
                Stream.of(tables).map(table -> declaration(table, SqlForm.SAME)).toList();
        return new Fleet(DatabaseServers.shared(engine), rows, declared);
    }

    private void create(String table, int rows) {
        database.execute(
                "CREATE TABLE " + table + " (id bigint PRIMARY KEY, name varchar(200) NOT NULL, note varchar(200))",
                "CREATE INDEX " + table + "_name ON " + table + " (name)");
        database.execute(
                engine == Engine.POSTGRESQL
                        ? "INSERT INTO " + table + " SELECT g, 'name ' || g FROM generate_series(1, " + rows + ") g"
                        : "INSERT INTO " + table
                                + " (id, name) WITH RECURSIVE g (n) AS (SELECT /*+ SET_VAR(cte_max_recursion_depth = 1000000) */ 1 UNION ALL SELECT n + 1 FROM g WHERE n < "
                                + rows + ") SELECT n, CONCAT('name ', n) FROM g");
    }

    /** Of the database server. */
    int port() {
        return server.port();
    }

    Database dialect() {
        return engine == Engine.POSTGRESQL ? Database.POSTGRESQL : Database.MYSQL;
    }

    /** An application without Hibernate: it has no sessions, so what it opens is drained at once. */
    static class Host implements SessionHost {

        @Override
        public void prepare(Layout next) {
            // There is nothing to build.
        }

        @Override
        public void open(Layout next, Permit permit) {
            // There are no sessions to begin.
        }

        @Override
        public void brace(String change, Set<TableName> tables) {
            // There are no transactions to begin.
        }

        @Override
        public boolean isBraced() {
            return true;
        }

        @Override
        public Phases occupied(String change, Permit permit) {
            return Phases.NONE;
        }

        @Override
        public List<OpenSession> openSessions() {
            return List.of();
        }
    }

    static ChangeSettings settings(Phase phase) {
        return new ChangeSettings(phase, true, Duration.ZERO, Duration.ZERO, true, Pace.DEFAULT);
    }

    Segue start(String node, ChangeSettings settings) throws SQLException {
        return start(node, settings, SegueSettings.Unmet.HOLD, new Host());
    }

    Segue start(String node, ChangeSettings settings, SegueSettings.Unmet unmet, SessionHost host) throws SQLException {
        return start(new NodeIdentity(node, "shop", "1"), settings, unmet, host, Surroundings.NONE);
    }

    /** Starts a node of that application. */
    Segue start(String node, String application, ChangeSettings settings) throws SQLException {
        NodeIdentity identity = new NodeIdentity(node, application, "1");
        return start(identity, settings, SegueSettings.Unmet.HOLD, new Host(), Surroundings.NONE);
    }

    /** Starts a node that has flags. */
    Segue start(String node, ChangeSettings settings, SegueSettings.Unmet unmet, RequestSource flags)
            throws SQLException {
        return start(new NodeIdentity(node, "shop", "1"), settings, unmet, new Host(), flagged(flags));
    }

    /** Starts a node that has something around it. */
    Segue start(String node, ChangeSettings settings, Surroundings around) throws SQLException {
        return start(new NodeIdentity(node, "shop", "1"), settings, SegueSettings.Unmet.HOLD, new Host(), around);
    }

    private static Surroundings flagged(RequestSource flags) {
        return new Surroundings(flags, Throttle.NONE, List.of());
    }

    private Segue start(
            NodeIdentity identity,
            ChangeSettings settings,
            SegueSettings.Unmet unmet,
            SessionHost host,
            Surroundings around)
            throws SQLException {
        Segue segue = start(database.dataSource(), identity, declared, settings, LEASE, unmet, host, around);
        nodes.add(segue);
        return segue;
    }

    /** A node, and what it is told of the statements that its application runs. */
    record Watched(Segue node, StatementWatch statements) {}

    Watched startWatched(String node, ChangeSettings settings) throws SQLException {
        NodeIdentity identity = new NodeIdentity(node, "shop", "1");
        Segue.Checked checked =
                check(database.dataSource(), identity, declared, settings, LEASE, SegueSettings.Unmet.HOLD);
        Watch watch = Watch.of(checked.changes(), checked.database());
        Segue segue = Segue.start(checked, new Host(), Surroundings.NONE, watch);
        nodes.add(segue);
        return new Watched(segue, watch.statements());
    }

    static Segue start(DataSource direct, String node, Phase phase, Duration lease) throws SQLException {
        return start(direct, node, SqlForm.SAME, phase, lease);
    }

    static Segue start(DataSource direct, String node, Form form, Phase phase, Duration lease) throws SQLException {
        return start(
                direct,
                new NodeIdentity(node, "shop", "1"),
                List.of(declaration(form)),
                settings(phase),
                lease,
                SegueSettings.Unmet.HOLD,
                new Host(),
                Surroundings.NONE);
    }

    private static Segue start(
            DataSource direct,
            NodeIdentity identity,
            List<Declaration> declared,
            ChangeSettings settings,
            Duration lease,
            SegueSettings.Unmet unmet,
            SessionHost host,
            Surroundings around)
            throws SQLException {
        return Segue.start(check(direct, identity, declared, settings, lease, unmet), host, around);
    }

    private static Segue.Checked check(
            DataSource direct,
            NodeIdentity identity,
            List<Declaration> declared,
            ChangeSettings settings,
            Duration lease,
            SegueSettings.Unmet unmet)
            throws SQLException {
        SegueSettings all = new SegueSettings(
                identity,
                unmet,
                lease,
                Duration.ZERO,
                new LockPatience(Duration.ofMillis(300), Duration.ofMillis(50), Duration.ofMillis(200), 100),
                Map.of(CHANGE, settings));
        return Segue.check(all, declared, List.of(), direct);
    }

    /** The new column holds what the form makes of the old one. */
    static Declaration declaration(Form form) {
        return declaration("customer", form);
    }

    private static Declaration declaration(String table, Form form) {
        return new Declaration(
                CHANGE,
                "Named.fullName",
                Kind.REPLACE,
                TableName.of(table),
                List.of("name"),
                List.of(new Declaration.NewColumn("full_name", null, true)),
                form);
    }

    private static List<@Nullable Object> one(@Nullable Object value) {
        return Collections.singletonList(value);
    }

    List<String> columns() {
        return columns("customer");
    }

    List<String> columns(String table) {
        return database
                .rows("SELECT column_name AS c FROM information_schema.columns WHERE table_name = '" + table + "'"
                        + (engine == Engine.POSTGRESQL ? "" : " AND table_schema = DATABASE()"))
                .stream()
                .map(row -> String.valueOf(row.values().iterator().next()))
                .toList();
    }

    long disagreeing() {
        return database.value("SELECT count(*) FROM customer WHERE name <> full_name OR full_name IS NULL", Long.class);
    }

    /** Rows of which the full name is not the name in brackets. */
    long notInBrackets() {
        return database.value(
                "SELECT count(*) FROM customer WHERE full_name IS NULL OR full_name <> concat('<', name, '>')",
                Long.class);
    }

    void stop(Segue node) {
        node.close();
        nodes.remove(node);
    }

    @Override
    public void close() {
        nodes.forEach(Segue::close);
        database.close();
    }
}
