package dev.segue;

import com.mysql.cj.jdbc.MysqlDataSource;
import dev.segue.change.Form;
import dev.segue.change.JavaForm;
import dev.segue.change.SqlForm;
import dev.segue.lifecycle.Phase;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** A node in a process of its own, which can be killed as the operating system kills: without a last word. */
final class NodeProcess implements AutoCloseable {

    /** The row at which {@link Conversion#BRACKETS_STOPPING} stops. */
    static final int STOPS_AT = 15_000;

    private static final AtomicBoolean stopped = new AtomicBoolean();

    private final Process process;

    private NodeProcess(Process process) {
        this.process = process;
    }

    /** How the process makes the new column from the old one. */
    enum Conversion {
        SAME,
        /** As {@link Fleet#BRACKETS}. At the row {@link #STOPS_AT}, in the middle of a batch, the process stops itself. */
        BRACKETS_STOPPING;

        private Form form() {
            return this == SAME ? SqlForm.SAME : JavaForm.lossless(Conversion::stopping, Fleet.BRACKETS.toOld());
        }

        private static List<@Nullable Object> stopping(List<@Nullable Object> values) {
            if (("name " + STOPS_AT).equals(values.get(0)) && !stopped.getAndSet(true)) {
                try {
                    signal("STOP", ProcessHandle.current().pid());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return Fleet.BRACKETS.toNew().convert(values);
        }
    }

    static NodeProcess start(TestDatabase database, String node, Phase phase) throws IOException {
        return start(database, node, phase, Conversion.SAME);
    }

    static NodeProcess start(TestDatabase database, String node, Phase phase, Conversion conversion)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        NodeProcess.class.getName(),
                        database.engine().name(),
                        database.url(),
                        database.username(),
                        node,
                        phase.id(),
                        conversion.name())
                .redirectErrorStream(true)
                .redirectOutput(
                        Path.of("target", "node-" + database.name() + ".log").toFile());
        builder.environment().put("NODE_PASSWORD", database.password());
        return new NodeProcess(builder.start());
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Stops it where it is, as a long garbage collection or a busy host does. */
    void pause() throws IOException {
        signal("STOP", process.pid());
    }

    /** Lets it go on. */
    void resume() throws IOException {
        signal("CONT", process.pid());
    }

    private static void signal(String name, long pid) throws IOException {
        Process signal = new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).start();
        if (signal.onExit().orTimeout(10, TimeUnit.SECONDS).join().exitValue() != 0) {
            throw new IOException("kill -" + name + " has failed");
        }
    }

    /** Whether it stands where it is. */
    boolean isStopped() throws IOException {
        Process state = new ProcessBuilder("ps", "-o", "state=", "-p", String.valueOf(process.pid())).start();
        return new String(state.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).startsWith("T");
    }

    /** Lets it leave the fleet and end by itself. */
    void leave() throws IOException {
        process.getOutputStream().close();
        process.onExit().orTimeout(30, TimeUnit.SECONDS).join();
    }

    void kill() {
        process.destroyForcibly();
        process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        kill();
    }

    /** Runs until the parent is gone. */
    public static void main(String[] args) throws SQLException, IOException {
        Phase phase = Phase.of(args[4]).orElseThrow();
        Form form = Conversion.valueOf(args[5]).form();
        try (Segue node = Fleet.start(
                        dataSource(Engine.valueOf(args[0]), args[1], args[2]), args[3], form, phase, Fleet.LEASE);
                InputStream parent = System.in) {
            System.out.println(node.node() + " has joined");
            while (parent.read() >= 0) {
                System.out.println("nobody says anything here");
            }
        }
    }

    private static DataSource dataSource(Engine engine, String url, String user) throws SQLException {
        String password = System.getenv().getOrDefault("NODE_PASSWORD", "");
        switch (engine) {
            case POSTGRESQL -> {
                PGSimpleDataSource postgresql = new PGSimpleDataSource();
                postgresql.setUrl(url);
                postgresql.setUser(user);
                postgresql.setPassword(password);
                return postgresql;
            }
            case MYSQL -> {
                MysqlDataSource mysql = new MysqlDataSource();
                mysql.setUrl(url);
                mysql.setUser(user);
                mysql.setPassword(password);
                return mysql;
            }
        }
        throw new IllegalArgumentException(engine.toString());
    }
}
