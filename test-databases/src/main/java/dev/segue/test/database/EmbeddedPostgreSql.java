package dev.segue.test.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** PostgreSQL from the binaries of zonky's artifacts. */
final class EmbeddedPostgreSql implements ServerProcess {

    /** Whether this JVM has unpacked the binaries or found them unpacked. */
    private static final AtomicBoolean UNPACKED = new AtomicBoolean();

    private static final Duration START_LIMIT = Duration.ofSeconds(60);

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
    public ServerProcess replica(int port) {
        return new EmbeddedPostgreSql(port, new StandbyCopy(login, "standby_" + port));
    }

    private void launch() {
        Path data = directory.resolve("data");
        try {
            if (origin != null && !Files.exists(data)) {
                origin.into(data);
            }
            postgres = EmbeddedPostgres.builder()
                    .setOverrideWorkingDirectory(
                            Cache.directory().resolve("postgresql").toFile())
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setRegisterShutdownHook(false)
                    .setPort(login.port())
                    .setPGStartupWait(START_LIMIT)
                    .setOutputRedirector(
                            ProcessBuilder.Redirect.appendTo(log.file().toFile()))
                    // The same order and case rules on every machine, whatever its locale.
                    .setLocaleConfig("locale", "C")
                    .setLocaleConfig("locale-provider", "builtin")
                    .setLocaleConfig("builtin-locale", "C.UTF-8")
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
