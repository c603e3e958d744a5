package dev.segue.test.database;

/**
 * A running database server for tests. Safe for use by several threads.
 *
 * <p>It ends with {@link #close()} or with the JVM, whichever comes first, also when the JVM is killed.
 */
public interface DatabaseServer extends AutoCloseable {

    Engine engine();

    /** The version as the server says it, for example {@code 18.6}. */
    String version();

    /** Engine, version and how it runs, for example {@code PostgreSQL 18.6, embedded}. */
    String description();

    /** The TCP port; the same before and after a restart. */
    int port();

    /**
     * Creates a fresh empty database with a name of its own.
     *
     * @throws IllegalStateException if the server does not answer
     */
    TestDatabase createDatabase();

    /**
     * Starts a server that follows this one, with everything that is there, and returns when it can be read from.
     *
     * @throws IllegalStateException if it does not come up
     * @throws UnsupportedOperationException if this is the shared server, or one in a container
     */
    Replica startReplica();

    /**
     * Like {@link #startReplica()}, but it hears of this server through another port of this machine, as of a {@link
     * dev.segue.test.network.TcpProxy} that leads to it.
     */
    Replica startReplica(int through);

    /** Shuts the server down in order and keeps its data. Does nothing if it is stopped. */
    void stop();

    /**
     * Starts the server on the data and the port it had, and returns when it accepts connections. Does nothing if it
     * runs.
     *
     * @throws IllegalStateException if it does not come up, or was closed
     */
    void start();

    /** Ends the server and deletes its data. Does nothing if it is closed. */
    @Override
    void close();
}
