package dev.segue;

import com.mysql.cj.jdbc.MysqlDataSource;
import dev.segue.lifecycle.Phase;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A node in a process of its own, which can be killed as the operating system kills: without a last word. */
final class NodeProcess implements AutoCloseable {

    private final Process process;

    private NodeProcess(Process process) {
        this.process = process;
    }

    static NodeProcess start(TestDatabase database, String node, Phase phase) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        NodeProcess.class.getName(),
                        database.engine().name(),
                        database.url(),
                        database.username(),
                        node,
                        phase.id())
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
        signal("STOP");
    }

    /** Lets it go on. */
    void resume() throws IOException {
        signal("CONT");
    }

    private void signal(String name) throws IOException {
        Process signal = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start();
        if (signal.onExit().orTimeout(10, TimeUnit.SECONDS).join().exitValue() != 0) {
            throw new IOException("kill -" + name + " has failed");
        }
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
        try (Segue node = Fleet.start(
                        dataSource(Engine.valueOf(args[0]), args[1], args[2]), args[3], phase, Fleet.LEASE);
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
