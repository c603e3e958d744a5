package dev.segue.sample.fleet;

import dev.segue.test.database.DatabaseServer;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** The database of the shop, and the account that nodes and audit use. */
public record ShopDatabase(String description, String url, String username, String password, Runnable closing)
        implements AutoCloseable {

    private static final String SERVERS = "segue.test.databases";

    /**
     * Starts a server, or checks that the given one answers.
     *
     * @throws StoppedException if there is none; the message names the remedy
     */
    public static ShopDatabase open(Target target) {
        if (target instanceof Target.Given given) {
            // What follows the question mark may be a password.
            String shown = given.url().replaceFirst("\\?.*", "");
            ShopDatabase database = new ShopDatabase(shown, given.url(), given.username(), given.password(), () -> {});
            try {
                database.connect().close();
                return database;
            } catch (SQLException e) {
                throw new StoppedException("Cannot connect to " + shown + ": " + e.getMessage()
                        + ". Check --spring.datasource.url, .username and .password.");
            }
        }
        DatabaseServer server = start(((Target.Embedded) target).engine());
        return of(server, server.createDatabase(), server::close);
    }

    /** A database of a server that was {@link #start started}. */
    public static ShopDatabase of(DatabaseServer server, TestDatabase database, Runnable closing) {
        return new ShopDatabase(
                server.description(), database.url(), database.username(), database.password(), closing);
    }

    /**
     * Starts a server; an embedded one, unless something else is asked for.
     *
     * @throws StoppedException if there is none; the message names the remedy
     */
    public static DatabaseServer start(Engine engine) {
        if (System.getProperty(SERVERS) == null) {
            // Tests prefer Docker; a show should not have to wait for an image.
            System.setProperty(SERVERS, "embedded");
        }
        try {
            return DatabaseServers.start(engine);
        } catch (IllegalStateException e) {
            throw new StoppedException(e.getMessage() + " Or give a database with --spring.datasource.url.");
        }
    }

    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url, username, password);
    }

    @Override
    public void close() {
        closing.run();
    }
}
