package dev.segue;

import dev.segue.change.Declaration;
import dev.segue.change.Form;
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
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;

/** A table whose column is renamed, and nodes that do it. */
final class Rename implements AutoCloseable {

    static final String CHANGE = "customer-full-name";
    static final Duration LEASE = Duration.ofSeconds(3);

    private final Engine engine;
    private final DatabaseServer server;
    private final Form form;
    final TestDatabase database;
    private final List<Segue> nodes = new ArrayList<>();

    Rename(Engine engine, int rows) {
        this(engine, rows, SqlForm.SAME);
    }

    /** The new column holds what the form makes of the old one. */
    Rename(Engine engine, int rows, Form form) {
        this(DatabaseServers.shared(engine), rows, form);
    }

    Rename(DatabaseServer server, int rows) {
        this(server, rows, SqlForm.SAME);
    }

    private Rename(DatabaseServer server, int rows, Form form) {
        this.form = form;
        this.engine = server.engine();
        this.server = server;
        this.database = server.createDatabase();
        database.execute(
                "CREATE TABLE customer (id bigint PRIMARY KEY, name varchar(200) NOT NULL, note varchar(200))",
                "CREATE INDEX customer_name ON customer (name)");
        database.execute(
                engine == Engine.POSTGRESQL
                        ? "INSERT INTO customer SELECT g, 'name ' || g FROM generate_series(1, " + rows + ") g"
                        : "INSERT INTO customer (id, name) WITH RECURSIVE g (n) AS (SELECT /*+ SET_VAR(cte_max_recursion_depth = 1000000) */ 1 UNION ALL SELECT n + 1 FROM g WHERE n < "
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
        return new ChangeSettings(phase, true, Duration.ZERO, Duration.ZERO, true, Duration.ofMillis(200));
    }

    Segue start(String node, ChangeSettings settings) throws SQLException {
        return start(node, settings, SegueSettings.Unmet.HOLD, new Host());
    }

    Segue start(String node, ChangeSettings settings, SegueSettings.Unmet unmet, SessionHost host) throws SQLException {
        Segue segue = start(database.dataSource(), node, form, settings, LEASE, unmet, host);
        nodes.add(segue);
        return segue;
    }

    static Segue start(DataSource direct, String node, Phase phase, Duration lease) throws SQLException {
        return start(direct, node, SqlForm.SAME, settings(phase), lease, SegueSettings.Unmet.HOLD, new Host());
    }

    private static Segue start(
            DataSource direct,
            String node,
            Form form,
            ChangeSettings settings,
            Duration lease,
            SegueSettings.Unmet unmet,
            SessionHost host)
            throws SQLException {
        SegueSettings all = new SegueSettings(
                new NodeIdentity(node, "shop", "1"),
                unmet,
                lease,
                Duration.ZERO,
                new LockPatience(Duration.ofMillis(300), Duration.ofMillis(50), Duration.ofMillis(200), 100),
                Map.of(CHANGE, settings));
        return Segue.start(Segue.check(all, List.of(declaration(form)), List.of(), direct), host);
    }

    static Declaration declaration() {
        return declaration(SqlForm.SAME);
    }

    private static Declaration declaration(Form form) {
        return new Declaration(
                CHANGE,
                "Customer.fullName",
                Kind.REPLACE,
                TableName.of("customer"),
                List.of("name"),
                List.of(new Declaration.NewColumn("full_name", null, true)),
                form);
    }

    List<String> columns() {
        return database
                .rows("SELECT column_name AS c FROM information_schema.columns WHERE table_name = 'customer'"
                        + (engine == Engine.POSTGRESQL ? "" : " AND table_schema = DATABASE()"))
                .stream()
                .map(row -> String.valueOf(row.values().iterator().next()))
                .toList();
    }

    long disagreeing() {
        return database.value("SELECT count(*) FROM customer WHERE name <> full_name OR full_name IS NULL", Long.class);
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
