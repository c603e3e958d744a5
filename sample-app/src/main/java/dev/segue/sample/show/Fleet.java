package dev.segue.sample.show;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** Three nodes of the shop behind a load balancer. Deploys are for one thread; what it shows is for any. */
final class Fleet implements AutoCloseable {

    private static final int NODES = 3;
    private static final Duration DRAIN = Duration.ofSeconds(30);
    private static final Duration STOP = Duration.ofSeconds(20);
    private static final Duration WRITE_ARCHIVE = Duration.ofSeconds(90);
    private static final Duration LEAVE = Duration.ofSeconds(10);

    /** What the fleet does with a node at the moment. */
    enum Doing {
        STARTING,
        SERVING,
        DRAINING,
        STOPPING
    }

    /** One node and what is done with it. */
    record Slot(ShopNode node, Doing doing) {}

    private final Installation installation;
    private final ShopDatabase database;
    private final Path logs;
    private final LoadBalancer balancer;
    private final Deadline deadline;
    private final List<Integer> ports = freePorts();
    private final Map<String, Slot> slots = new ConcurrentSkipListMap<>();

    Fleet(Installation installation, ShopDatabase database, Path logs, LoadBalancer balancer, Deadline deadline) {
        this.installation = installation;
        this.database = database;
        this.logs = logs;
        this.balancer = balancer;
        this.deadline = deadline;
    }

    /** By name of the node. */
    Map<String, Slot> slots() {
        return slots;
    }

    List<String> urls() {
        return ports.stream().map(port -> "http://localhost:" + port).toList();
    }

    /**
     * Starts and ends one node, which leaves an archive of its classes to all that come, so that they are up in less
     * than half the time.
     */
    void rehearse(Deployment deployment) throws InterruptedException {
        ShopNode node = launch(0, installation.commandThatArchives(), deployment);
        node.awaitReady(deadline);
        node.stop(WRITE_ARCHIVE);
    }

    /** Starts all nodes at once, as a new environment does. */
    void start(Deployment deployment) {
        List<ShopNode> started = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            started.add(launch(i, installation.command(), deployment));
        }
        started.forEach(this::admit);
    }

    /** Replaces one node after the other, while the others serve. */
    void roll(Deployment deployment) throws InterruptedException {
        for (int i = 0; i < NODES; i++) {
            ShopNode old = node(i);
            show(old, Doing.DRAINING);
            if (!balancer.drain(old.backend(), DRAIN)) {
                throw new StoppedException(
                        old.backend().name() + " did not answer its last requests within " + DRAIN.toSeconds() + " s.");
            }
            show(old, Doing.STOPPING);
            old.stop(STOP);
            admit(launch(i, installation.command(), deployment));
        }
    }

    ShopNode anyNode() {
        return node(0);
    }

    private ShopNode node(int i) {
        Slot slot = slots.get(name(i));
        if (slot == null) {
            throw new IllegalStateException("The fleet has not been started");
        }
        return slot.node();
    }

    private ShopNode launch(int i, List<String> command, Deployment deployment) {
        ShopNode node =
                ShopNode.start(command, name(i), ports.get(i), database, deployment, logs.resolve(name(i) + ".log"));
        show(node, Doing.STARTING);
        return node;
    }

    private void admit(ShopNode node) {
        node.awaitReady(deadline);
        balancer.add(node.backend());
        show(node, Doing.SERVING);
    }

    private void show(ShopNode node, Doing doing) {
        slots.put(node.backend().name(), new Slot(node, doing));
    }

    private static String name(int i) {
        return "shop-" + (i + 1);
    }

    /** Open at the same time, so that they are three. */
    private static List<Integer> freePorts() {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < NODES; i++) {
                sockets.add(new ServerSocket(0));
            }
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("No free port", e);
        }
        return sockets.stream().map(ServerSocket::getLocalPort).toList();
    }

    /** Lets all nodes leave in order, and kills what does not. */
    @Override
    public void close() {
        List<ShopNode> nodes = slots.values().stream().map(Slot::node).toList();
        nodes.forEach(ShopNode::end);
        nodes.forEach(node -> node.killUnlessEnded(LEAVE));
    }
}
