package dev.segue.sample.fire;

import dev.segue.sample.fleet.ShopDatabase;
import dev.segue.sample.fleet.StoppedException;
import dev.segue.test.database.DatabaseServer;
import dev.segue.test.database.Engine;
import dev.segue.test.database.Replica;
import dev.segue.test.database.TestDatabase;
import dev.segue.test.network.TcpProxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The database of the shop on its server, with a line to each node, and what may be done to them. For one thread. */
final class Database implements AutoCloseable {

    private final DatabaseServer server;
    private final TestDatabase original;
    private final TestDatabase database;
    private final TcpProxy direct;
    private final List<TcpProxy> lines;
    private @Nullable Replica replica;

    private Database(DatabaseServer server, List<TcpProxy> lines) {
        this.server = server;
        this.direct = TcpProxy.to(server.port());
        this.original = server.createDatabase();
        this.database = original.through(direct.port());
        this.lines = lines;
    }

    /** A new database on that server. */
    static Database on(DatabaseServer server, int nodes) {
        return new Database(
                server,
                IntStream.range(0, nodes)
                        .mapToObj(i -> TcpProxy.to(server.port()))
                        .toList());
    }

    /** The way of the legacy application, of the oracle and of scripts: a line that nothing is done to. */
    ShopDatabase direct() {
        return ShopDatabase.of(server, database, () -> {});
    }

    /** The way of each node. */
    List<ShopDatabase> ways() {
        return lines.stream()
                .map(line -> ShopDatabase.of(server, database.through(line.port()), () -> {}))
                .toList();
    }

    TcpProxy line(int node) {
        return lines.get(node);
    }

    DatabaseServer server() {
        return server;
    }

    boolean isPostgres() {
        return server.engine() == Engine.POSTGRESQL;
    }

    void execute(String... sql) {
        try {
            database.execute(sql);
        } catch (IllegalStateException e) {
            throw new StoppedException(String.valueOf(e.getMessage()));
        }
    }

    /** Starts a server that follows this one; it ends with the database. */
    Replica startReplica() {
        Replica started = server.startReplica();
        replica = started;
        return started;
    }

    /** The same database on a replica. */
    String url(Replica of) {
        return of.of(original).url();
    }

    /** Whether that query has a row there; not where it has not even heard of the table. */
    boolean holds(Replica of, String sql) {
        try (Connection connection = of.of(original).connect();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            return found.next();
        } catch (SQLException e) {
            return false;
        }
    }

    /** The server is lost, and the replica takes its place: everybody's connections are broken and lead there from now on. */
    void failOver() {
        Replica next = Objects.requireNonNull(replica, "There is no replica");
        server.stop();
        next.promote();
        List<TcpProxy> all = new ArrayList<>(lines);
        all.add(direct);
        all.forEach(line -> line.leadTo(next.port()));
        all.forEach(TcpProxy::cut);
        all.forEach(TcpProxy::restore);
    }

    /** Ends every connection to the database, in the middle of whatever it does. */
    void cutConnections() {
        try (Connection connection = direct().connect()) {
            cutConnections(connection);
        } catch (SQLException e) {
            throw new StoppedException("Cannot cut the connections: " + e.getMessage());
        }
    }

    /** Ends every other connection to the database, by this one. */
    private void cutConnections(Connection by) throws SQLException {
        try (Statement statement = by.createStatement()) {
            for (String session : sessions(by)) {
                try {
                    statement.execute(
                            isPostgres() ? "select pg_terminate_backend(" + session + ")" : "kill " + session);
                } catch (SQLException e) {
                    // That one has ended by itself.
                }
            }
        }
    }

    /** The other connections to the database. */
    private List<String> sessions(Connection by) throws SQLException {
        String sql = isPostgres()
                ? "select pid from pg_stat_activity where pid <> pg_backend_pid() and datname = '"
                : "select id from information_schema.processlist where id <> connection_id() and db = '";
        try (Statement select = by.createStatement();
                ResultSet found = select.executeQuery(sql + database.name() + "'")) {
            List<String> sessions = new ArrayList<>();
            while (found.next()) {
                sessions.add(found.getString(1));
            }
            return sessions;
        }
    }

    /** Lets nobody write from now on, or everybody again; sessions that would not notice are cut. */
    void readOnly(boolean wanted) {
        String value = wanted ? "on" : "off";
        if (isPostgres()) {
            execute("alter system set default_transaction_read_only = " + value, "select pg_reload_conf()");
        } else if (wanted) {
            // It takes the global lock. An open transaction, a stage that waits for it, and its
            // next statement would be a deadlock then, of the server's own making.
            cutConnections();
            execute("set global super_read_only = on");
        } else {
            execute("set global super_read_only = off", "set global read_only = off");
        }
        cutConnections();
    }

    /** Takes all connections. */
    Siege besiege() {
        return new Siege();
    }

    /** Holds every connection that the server gives, so that the shop has none, until it is closed. */
    final class Siege implements AutoCloseable {

        private final TestDatabase elsewhere = server.createDatabase();
        private final List<Connection> taken = new ArrayList<>();

        private Siege() {
            try {
                Connection first = elsewhere.connect();
                taken.add(first);
                do {
                    cutConnections(first);
                    takeTheRest();
                } while (!sessions(first).isEmpty());
            } catch (SQLException e) {
                close();
                throw new StoppedException("Cannot take all connections: " + e.getMessage());
            }
        }

        private void takeTheRest() {
            try {
                while (true) {
                    taken.add(elsewhere.connect());
                }
            } catch (SQLException e) {
                // That was the last one.
            }
        }

        @Override
        public void close() {
            for (Connection each : taken) {
                try {
                    each.close();
                } catch (SQLException e) {
                    // Then the server has it back.
                }
            }
            elsewhere.close();
        }
    }

    /** Drops every trigger of a table, whoever made it. */
    void dropTriggers(String table) {
        String names = isPostgres()
                ? "select tgname from pg_trigger where not tgisinternal and tgrelid = '" + table + "'::regclass"
                : "select trigger_name from information_schema.triggers where event_object_schema = database()"
                        + " and event_object_table = '" + table + "'";
        database.rows(names).forEach(row -> {
            String quote = isPostgres() ? "\"" : "`";
            String name = quote + row.values().iterator().next() + quote;
            database.execute("drop trigger " + name + (isPostgres() ? " on " + table : ""));
        });
    }

    @Override
    public void close() {
        if (replica != null) {
            replica.close();
            // For whoever plays on this server next.
            server.start();
        }
        original.close();
        lines.forEach(TcpProxy::close);
        direct.close();
    }
}
