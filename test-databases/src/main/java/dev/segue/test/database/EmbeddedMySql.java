package dev.segue.test.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * MySQL from the unpacked distribution.
 *
 * <ol>
 *   <li>The data directory is a copy of the distribution's initialised one: initialising takes seconds.
 *   <li>The server runs as a child of this JVM and writes to a file.
 *   <li>It is up when it answers the account, which its init file creates.
 * </ol>
 */
final class EmbeddedMySql implements ServerProcess {

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    /** Kept out of the binary log, lest a replica repeat it. */
    private static final String CREATE_ACCOUNT = """
            SET sql_log_bin = 0;
            CREATE USER IF NOT EXISTS 'segue'@'%' IDENTIFIED BY 'segue';
            GRANT ALL ON *.* TO 'segue'@'%' WITH GRANT OPTION;
            """;

    private final Login login;
    private final Path directory = Directories.temporary("segue-my-");
    private final @Nullable Login source;
    private final ServerLog log = new ServerLog(directory.resolve("server.log"));
    private final Path pidFile = directory.resolve("pid");
    private @Nullable Process process;
    private @Nullable Watchdog watchdog;

    EmbeddedMySql(int port) {
        this(port, null);
    }

    /** @param source that it follows, or null */
    private EmbeddedMySql(int port, @Nullable Login source) {
        this.source = source;
        this.login = new Login(Engine.MYSQL, "127.0.0.1", port, "segue", "segue");
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
    public ServerProcess replica(int port, int through) {
        return new EmbeddedMySql(port, login.through(through));
    }

    @Override
    public void start() {
        boolean isNew = !Files.exists(directory.resolve("data"));
        launch();
        if (source != null && isNew) {
            follow(source);
        }
    }

    /** From the beginning of its log, so with all that was ever done there. It does so after a restart as well. */
    private void follow(Login source) {
        try (Connection connection = login.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    change replication source to source_host = '%s', source_port = %d, source_user = '%s',
                    source_password = '%s', source_auto_position = 1, get_source_public_key = 1""".formatted(source.host(), source.port(), source.username(), source.password()));
            statement.execute("set global super_read_only = on");
            statement.execute("start replica");
        } catch (SQLException e) {
            throw failed("does not follow " + source.url(""), e);
        }
    }

    private void launch() {
        try {
            MySqlDistribution distribution = MySqlDistribution.chosen();
            Path data = directory.resolve("data");
            if (!Files.exists(data)) {
                Directories.copy(distribution.template(), data);
            }
            // Left behind by a server that was killed.
            Files.deleteIfExists(pidFile);
            Path accounts = Files.writeString(directory.resolve("accounts.sql"), CREATE_ACCOUNT);
            List<String> command = new ArrayList<>(distribution.command(data));
            command.addAll(List.of(
                    "--port=" + login.port(),
                    "--bind-address=127.0.0.1",
                    "--skip-name-resolve",
                    "--socket=" + directory.resolve("s"),
                    "--pid-file=" + pidFile,
                    "--init-file=" + accounts,
                    // Unique on this machine, for whoever sets up replication between two of them.
                    "--server-id=" + login.port(),
                    "--log-bin=binlog",
                    "--log-bin-trust-function-creators=ON",
                    "--sync-binlog=0",
                    "--gtid-mode=ON",
                    "--enforce-gtid-consistency=ON",
                    "--max-connections=300",
                    "--performance-schema=ON",
                    "--performance-schema-instrument=wait/lock/metadata/sql/mdl=ON"));
            process = new ProcessBuilder(command)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.file().toFile()))
                    .start();
            watchdog = Watchdog.over(process.pid(), directory);
            awaitAnswer(process);
        } catch (IOException e) {
            throw failed("does not start", e);
        }
    }

    /**
     * The server writes its process id when it holds the port, so what answers there from then on is not another
     * program's server; it answers when it has run the init file.
     */
    private void awaitAnswer(Process process) {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!Files.exists(pidFile)) {
            if (Command.waited(process, BETWEEN_LOOKS)) {
                throw failed("ended with exit code " + process.exitValue(), null);
            }
            if (System.nanoTime() > deadline) {
                throw failed("is not up after " + START_LIMIT.toSeconds() + " s", null);
            }
        }
        try {
            login.version();
        } catch (SQLException e) {
            throw failed("does not let its account in", e);
        }
    }

    @Override
    public void stop() {
        end(false);
    }

    /** At once, since the data that an orderly end would save are deleted. */
    @Override
    public void discard() {
        end(true);
        Directories.delete(directory);
    }

    private void end(boolean atOnce) {
        if (watchdog != null) {
            watchdog.dismiss();
            watchdog = null;
        }
        if (process == null) {
            return;
        }
        if (!atOnce) {
            process.destroy();
        }
        if (atOnce || !Command.waited(process, STOP_LIMIT)) {
            process.destroyForcibly();
            Command.waited(process, STOP_LIMIT);
        }
        process = null;
    }

    private IllegalStateException failed(String what, @Nullable Exception cause) {
        return new IllegalStateException(
                """
                Embedded MySQL %s on port %d. Its log ends with:
                %s
                If it keeps failing, delete %s, or start Docker and run with -D%s=docker.""".formatted(what, login.port(), log.tail(), Cache.directory(), ServerKind.PROPERTY), cause);
    }
}
