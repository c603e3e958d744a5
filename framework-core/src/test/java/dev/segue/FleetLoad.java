package dev.segue;

import com.zaxxer.hikari.HikariDataSource;
import dev.segue.database.Database;
import dev.segue.fleet.ChangeStore;
import dev.segue.fleet.Membership;
import dev.segue.fleet.NodeClock;
import dev.segue.fleet.NodeIdentity;
import dev.segue.fleet.Permit;
import dev.segue.fleet.Registry;
import dev.segue.fleet.RegistryTables;
import dev.segue.lifecycle.Guard;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Phase;
import dev.segue.test.database.DatabaseServer;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Measures what a fleet at rest costs its database: many nodes of one JVM that renew and look as often as real ones do,
 * and the CPU time of the server's processes meanwhile. It is no test: it promises nothing, and what it prints depends on
 * the machine.
 *
 * <p>Run {@link #main} from an IDE or with the module's test class path, on Linux, with embedded databases
 * ({@code -Dsegue.test.databases=embedded}): their processes are looked up in {@code /proc}. It starts servers of its own
 * and ends them. Arguments, each optional: engine ({@code POSTGRESQL} or {@code MYSQL}), nodes (200), changes (5), seconds
 * for each of its three parts (30).
 *
 * <p>The parts are: nothing at all, so that it can be taken off the others; renewals; renewals and looks. Each node renews
 * on a connection of its own; all look through one pool.
 */
final class FleetLoad implements AutoCloseable {

    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final long NANOS_OF_A_TICK = 10_000_000;

    /** One simulated node. */
    private record Node(Registry registry, Membership membership, Permit permit, ChangeStore.Renewals renewals) {}

    private final DatabaseServer server;
    private final HikariDataSource pool = new HikariDataSource();
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(16);
    private final List<Node> nodes = new ArrayList<>();
    private final AtomicLong renewals = new AtomicLong();
    private final AtomicLong reads = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final TestDatabase database;
    private final int changes;
    private final long process;

    private FleetLoad(Engine engine, int nodeCount, int changes) throws SQLException, IOException {
        this.server = DatabaseServers.start(engine);
        this.database = server.createDatabase();
        this.changes = changes;
        Database dialect = engine == Engine.POSTGRESQL ? Database.POSTGRESQL : Database.MYSQL;
        this.process = processId(engine);
        pool.setDataSource(database.dataSource());
        pool.setMaximumPoolSize(16);
        RegistryTables.migrate(database.dataSource(), dialect);
        for (int i = 0; i < nodeCount; i++) {
            nodes.add(join(dialect, "node-" + i));
        }
    }

    private Node join(Database dialect, String name) throws SQLException {
        Registry registry = new Registry(pool, dialect, name, NodeClock.SYSTEM);
        Membership membership = new Membership(
                registry, new NodeIdentity(name, "load", "1"), LEASE.multipliedBy(100), NodeClock.SYSTEM);
        Permit permit = membership.nextGeneration(changes);
        for (int i = 0; i < changes; i++) {
            registry.declare(change(i), "a definition", Kind.REPLACE, Guard.Form.SQL);
            membership.join(permit, change(i), Phase.OLD_ONLY, false, false);
        }
        Registry own = new Registry(database.dataSource(), dialect, name, NodeClock.SYSTEM);
        return new Node(registry, membership, permit, own.renewals());
    }

    private static String change(int number) {
        return "change-" + number;
    }

    private long processId(Engine engine) throws SQLException, IOException {
        if (engine == Engine.MYSQL) {
            return Long.parseLong(Files.readString(Path.of(database.value("SELECT @@pid_file", String.class)))
                    .strip());
        }
        try (Connection connection = database.connect();
                var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return ProcessHandle.of(row.getLong(1))
                    .flatMap(ProcessHandle::parent)
                    .orElseThrow(() -> new IllegalStateException("The server does not run on this machine."))
                    .pid();
        }
    }

    /**
     * CPU time of the server, of its children, and of those that it had and that have ended. Those that run are asked for
     * nanoseconds: the ticks of two hundred processes that each do next to nothing are all zero.
     */
    private long cpuNanos() throws IOException {
        long nanos = endedChildrenNanos() + runNanos(process);
        try (Stream<ProcessHandle> children =
                ProcessHandle.of(process).orElseThrow().descendants()) {
            for (ProcessHandle child : children.toList()) {
                nanos += runNanos(child.pid());
            }
        }
        return nanos;
    }

    /** User and system time of the children that the server has waited for. */
    private long endedChildrenNanos() throws IOException {
        String text = Files.readString(Path.of("/proc", Long.toString(process), "stat"));
        String[] values = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(values[13]) + Long.parseLong(values[14])) * NANOS_OF_A_TICK;
    }

    /** For how long the threads of a process have run; 0 if it has ended. */
    private static long runNanos(long pid) {
        long nanos = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path thread : threads) {
                nanos += Long.parseLong(
                        Files.readString(thread.resolve("schedstat")).split(" ", -1)[0]);
            }
            return nanos;
        } catch (IOException e) {
            return nanos;
        }
    }

    private void renew(Node node) throws SQLException {
        if (!node.membership().renew(node.renewals(), node.permit(), changes)) {
            throw new SQLException("A lease is lost.");
        }
        renewals.incrementAndGet();
    }

    private void look(Node node) throws SQLException {
        for (int i = 0; i < changes; i++) {
            node.registry().read(change(i));
            reads.incrementAndGet();
        }
    }

    /** What a node does again and again. */
    private interface Task {
        void run(Node node) throws SQLException;
    }

    /** The share of a core that the server takes, in percent, and prints what is left of it without {@code idle}. */
    private double watch(String what, Duration time, double idle) throws IOException, InterruptedException {
        // What has just begun makes its plans and warms its caches.
        let(LEASE.dividedBy(3));
        renewals.set(0);
        reads.set(0);
        long cpu = cpuNanos();
        long began = System.nanoTime();
        let(time);
        double seconds = (System.nanoTime() - began) / 1e9;
        double share = (cpuNanos() - cpu) / 1e7 / seconds;
        System.out.printf(
                "%s, %d nodes, %d changes, %-20s %5.1f renewals/s, %6.1f reads/s, %d failed: %.2f %% of a core%n",
                server.description(),
                nodes.size(),
                changes,
                what + ":",
                renewals.get() / seconds,
                reads.get() / seconds,
                failures.get(),
                share - idle);
        return share;
    }

    /** Lets the fleet go on for that long; what is measured is what it costs meanwhile. */
    private void let(Duration time) throws InterruptedException {
        boolean ended = threads.awaitTermination(time.toNanos(), TimeUnit.NANOSECONDS);
        if (ended) {
            throw new IllegalStateException("The fleet has been stopped.");
        }
    }

    private void begin(Task task, Duration pause) {
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            ScheduledFuture<?> ignored = threads.scheduleAtFixedRate(
                    () -> attempt(task, node),
                    pause.toNanos() * i / nodes.size(),
                    pause.toNanos(),
                    TimeUnit.NANOSECONDS);
        }
    }

    private void attempt(Task task, Node node) {
        try {
            task.run(node);
        } catch (SQLException e) {
            failures.incrementAndGet();
        }
    }

    private void measure(Duration time) throws IOException, InterruptedException {
        double idle = watch("at rest", time, 0);
        begin(this::renew, LEASE.dividedBy(3));
        watch("renewals", time, idle);
        begin(this::look, new Rounds(LEASE).pause(nodes.size()));
        watch("renewals and looks", time, idle);
    }

    @Override
    public void close() {
        threads.shutdownNow();
        nodes.forEach(node -> node.renewals().close());
        pool.close();
        server.close();
    }

    public static void main(String[] args) throws SQLException, IOException, InterruptedException {
        List<Engine> engines = args.length > 0 ? List.of(Engine.valueOf(args[0])) : List.of(Engine.values());
        int nodes = args.length > 1 ? Integer.parseInt(args[1]) : 200;
        int changes = args.length > 2 ? Integer.parseInt(args[2]) : 5;
        int seconds = args.length > 3 ? Integer.parseInt(args[3]) : 30;
        for (Engine engine : engines) {
            try (FleetLoad load = new FleetLoad(engine, nodes, changes)) {
                load.measure(Duration.ofSeconds(seconds));
            }
        }
    }
}
