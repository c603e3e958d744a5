package dev.segue.sample.show;

import dev.segue.test.database.DatabaseServer;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** The database of the shop, and the account that nodes and audit use. */
record ShopDatabase(String description, String url, String username, String password, Runnable closing)
        implements AutoCloseable {

    private static final String SERVERS = "segue.test.databases";

    /**
     * Starts a server, or checks that the given one answers.
     *
     * @throws StoppedException if there is none; the message names the remedy
     */
    static ShopDatabase open(Options.Target target) {
        if (target instanceof Options.Target.Given given) {
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
        return start(((Options.Target.Embedded) target).engine());
    }

    private static ShopDatabase start(Engine engine) {
        if (System.getProperty(SERVERS) == null) {
            // Tests prefer Docker; a show should not have to wait for an image.
            System.setProperty(SERVERS, "embedded");
        }
        try {
            DatabaseServer server = DatabaseServers.start(engine);
            TestDatabase database = server.createDatabase();
            return new ShopDatabase(
                    server.description(), database.url(), database.username(), database.password(), server::close);
        } catch (IllegalStateException e) {
            throw new StoppedException(e.getMessage() + " Or give a database with --spring.datasource.url.");
        }
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url, username, password);
    }

    @Override
    public void close() {
        closing.run();
    }
}
