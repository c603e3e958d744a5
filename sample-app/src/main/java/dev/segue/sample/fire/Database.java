package dev.segue.sample.fire;

import dev.segue.sample.fleet.ShopDatabase;
import dev.segue.sample.fleet.StoppedException;
import dev.segue.test.database.DatabaseServer;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import dev.segue.test.network.TcpProxy;
import java.util.List;
import java.util.stream.IntStream;

/** The database of the shop on its server, with a line to each node, and what may be done to them. For one thread. */
final class Database implements AutoCloseable {

    private final DatabaseServer server;
    private final TestDatabase original;
    private final TestDatabase database;
    private final TcpProxy direct;
    private final List<TcpProxy> lines;

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
        original.close();
        lines.forEach(TcpProxy::close);
        direct.close();
    }
}
