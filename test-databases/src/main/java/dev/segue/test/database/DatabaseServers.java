package dev.segue.test.database;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Starts real database servers for tests.
 *
 * <p>The system property {@code segue.test.databases} says which: {@code embedded} (binaries from Maven artifacts, run
 * as children of this JVM), {@code docker}, or {@code auto}, the default: Docker if an engine answers at once, else
 * embedded. The images are {@code postgres:18} and {@code mysql:8.4}, or what {@code segue.test.postgresql-image} and
 * {@code segue.test.mysql-image} name. Each start prints a line that says what was taken.
 *
 * <p>Where no server can be had, the methods fail and say what would help; no test is skipped for want of a database.
 *
 * <p>Safe for use by several threads. What a test leaves open is closed when the JVM ends.
 */
public final class DatabaseServers {

    private static final Set<DatabaseServer> STARTED = ConcurrentHashMap.newKeySet();
    private static final Shared POSTGRESQL = new Shared(Engine.POSTGRESQL);
    private static final Shared MYSQL = new Shared(Engine.MYSQL);

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(DatabaseServers::closeAll, "test-databases-closer"));
    }

    private DatabaseServers() {}

    /**
     * The server that all tests of this JVM share, started by the first call. It cannot be stopped or closed; each
     * test takes a database of its own from it.
     *
     * @throws IllegalStateException if none can be started; the message names the remedy
     * @throws IllegalArgumentException if {@code segue.test.databases} has an unknown value, or contradicts {@code
     *     segue.test.mysql}
     */
    public static DatabaseServer shared(Engine engine) {
        return switch (engine) {
            case POSTGRESQL -> POSTGRESQL.get();
            case MYSQL -> MYSQL.get();
        };
    }

    /**
     * Starts a server of the caller's own on a free port, for tests that stop it or change its settings.
     *
     * @throws IllegalStateException if it does not start; the message names the remedy
     * @throws IllegalArgumentException if {@code segue.test.databases} has an unknown value, or contradicts {@code
     *     segue.test.mysql}
     */
    public static DatabaseServer start(Engine engine) {
        return start(engine, FreePort.find());
    }

    /**
     * Like {@link #start(Engine)}, on the given TCP port.
     *
     * @throws IllegalStateException if it does not start, as when the port is taken
     * @throws IllegalArgumentException if {@code segue.test.databases} has an unknown value, or contradicts {@code
     *     segue.test.mysql}
     */
    public static DatabaseServer start(Engine engine, int port) {
        long began = System.nanoTime();
        DatabaseServer server = started(launch(engine, port));
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        System.out.println("Test database: " + server + ", started in " + millis + " ms");
        return server;
    }

    /** Sees to it that the server ends with the JVM. */
    static DatabaseServer started(OwnServer server) {
        STARTED.add(server);
        return server;
    }

    private static OwnServer launch(Engine engine, int port) {
        return switch (ServerKind.of(engine)) {
            case EMBEDDED -> embedded(engine, port);
            case DOCKER -> docker(engine, port);
            case AUTO -> DockerEngine.answers() ? dockerElseEmbedded(engine, port) : embedded(engine, port);
        };
    }

    private static OwnServer embedded(Engine engine, int port) {
        return OwnServer.start(
                switch (engine) {
                    case POSTGRESQL -> new EmbeddedPostgreSql(port);
                    case MYSQL -> new EmbeddedMySql(port);
                });
    }

    private static OwnServer docker(Engine engine, int port) {
        return OwnServer.start(new DockerContainer(engine, port));
    }

    /** An engine may answer and yet have no way to the image: no registry, no rights. */
    private static OwnServer dockerElseEmbedded(Engine engine, int port) {
        try {
            return docker(engine, port);
        } catch (RuntimeException withDocker) {
            System.out.println("Test database: taking embedded " + engine.product() + ", as Docker failed: "
                    + withDocker.getMessage());
            try {
                return embedded(engine, port);
            } catch (RuntimeException e) {
                e.addSuppressed(withDocker);
                throw e;
            }
        }
    }

    private static void closeAll() {
        STARTED.forEach(DatabaseServer::close);
    }

    /** One lock for each engine, so that both can start at the same time. */
    static final class Shared {

        private final Engine engine;
        private @Nullable DatabaseServer server;

        Shared(Engine engine) {
            this.engine = engine;
        }

        synchronized DatabaseServer get() {
            if (server == null) {
                server = new SharedServer(start(engine));
            }
            return server;
        }
    }
}
