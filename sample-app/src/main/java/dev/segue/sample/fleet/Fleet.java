package dev.segue.sample.fleet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** Nodes of the shop behind a load balancer. What is done to it is for one thread; what it shows is for any. */
public final class Fleet implements AutoCloseable {

    private static final Duration DRAIN = Duration.ofSeconds(30);
    private static final Duration STOP = Duration.ofSeconds(20);
    private static final Duration WRITE_ARCHIVE = Duration.ofMinutes(5);
    private static final Duration LEAVE = Duration.ofSeconds(10);

    /** What the fleet does with a node at the moment. */
    public enum Doing {
        STARTING,
        SERVING,
        DRAINING,
        STOPPING,
        PAUSED,
        DEAD
    }

    /** One node and what is done with it. */
    public record Slot(ShopNode node, Doing doing) {}

    private final Installation installation;
    private final List<ShopDatabase> databases;
    private final Path logs;
    private final LoadBalancer balancer;
    private final Deadline deadline;
    private final List<Integer> ports;
    private final Map<String, Slot> slots = new ConcurrentSkipListMap<>();
    private int starts;

    /**
     * @param databases the way of each node to the database; as many as there are to be nodes
     * @param logs where the output of the nodes goes
     */
    public Fleet(
            Installation installation,
            List<ShopDatabase> databases,
            Path logs,
            LoadBalancer balancer,
            Deadline deadline) {
        this.installation = installation;
        this.databases = List.copyOf(databases);
        this.ports = freePorts(databases.size());
        this.logs = logs;
        this.balancer = balancer;
        this.deadline = deadline;
    }

    /** By name of the node. */
    public Map<String, Slot> slots() {
        return slots;
    }

    public List<String> urls() {
        return ports.stream().map(port -> "http://localhost:" + port).toList();
    }

    /**
     * Starts and ends one node, which leaves an archive of its classes to all that come, so that they are up in less
     * than half the time.
     */
    public void rehearse(Deployment deployment) throws InterruptedException {
        ShopNode node = launch(0, installation.commandThatArchives(), deployment);
        node.awaitReady(deadline);
        node.stop(WRITE_ARCHIVE);
    }

    /** Starts all nodes at once, as a new environment does. */
    public void start(Deployment deployment) {
        List<ShopNode> started = new ArrayList<>();
        for (int i = 0; i < size(); i++) {
            started.add(launch(i, installation.command(), deployment));
        }
        started.forEach(this::admit);
    }

    /** Replaces one node after the other, while the others serve. */
    public void roll(Deployment deployment) throws InterruptedException {
        for (int i = 0; i < size(); i++) {
            replace(i, deployment);
        }
    }

    /** Replaces one node in order: no request to it fails. */
    public void replace(int i, Deployment deployment) throws InterruptedException {
        ShopNode old = node(i);
        show(old, Doing.DRAINING);
        drain(i);
        show(old, Doing.STOPPING);
        old.stop(STOP);
        restart(i, deployment);
    }

    /** Kills a node; the balancer finds out when it has answered nothing for a while, and that is here. */
    public void kill(int i) {
        ShopNode victim = node(i);
        // Said before it is so: a node that is dead and not said to be has ended by itself.
        show(victim, Doing.DEAD);
        victim.kill();
        balancer.remove(victim.backend());
    }

    /** Starts a node that is dead, and lets it serve. */
    public void restart(int i, Deployment deployment) {
        admit(launch(i, installation.command(), deployment));
    }

    /** Starts a node that is dead, and does not wait for it. */
    public void launch(int i, Deployment deployment) {
        launch(i, installation.command(), deployment);
    }

    /** Takes a node out of rotation and lets it finish the requests that it has. */
    public void drain(int i) throws InterruptedException {
        ShopNode node = node(i);
        if (!balancer.drain(node.backend(), DRAIN)) {
            throw new StoppedException(
                    node.backend().name() + " did not answer its last requests within " + DRAIN.toSeconds() + " s.");
        }
    }

    /** Takes a node out of rotation, with its requests on their way, and stops its process where it is. */
    public void pause(int i) throws InterruptedException {
        ShopNode victim = node(i);
        balancer.remove(victim.backend());
        victim.pause();
        show(victim, Doing.PAUSED);
    }

    /** Lets a paused process go on; it is not in rotation before it is {@link #admit admitted}. */
    public void resume(int i) throws InterruptedException {
        ShopNode zombie = node(i);
        zombie.resume();
        show(zombie, Doing.STARTING);
    }

    /** Takes a node out of rotation, with its requests on their way. */
    public void leave(int i) {
        ShopNode node = node(i);
        balancer.remove(node.backend());
        show(node, Doing.STARTING);
    }

    /** Lets a node serve when it is ready. */
    public void admit(int i) {
        admit(node(i));
    }

    /** Under which name the registry has the start of the node that is up, or was last. */
    public String registered(int i) {
        return name(i) + "." + node(i).start();
    }

    public int size() {
        return databases.size();
    }

    public ShopNode node(int i) {
        Slot slot = slots.get(name(i));
        if (slot == null) {
            throw new IllegalStateException("The fleet has not been started");
        }
        return slot.node();
    }

    private ShopNode launch(int i, List<String> command, Deployment deployment) {
        ShopNode node = ShopNode.start(
                command,
                name(i),
                ports.get(i),
                databases.get(i),
                ++starts,
                deployment.with("segue.node", name(i) + "." + starts),
                logs.resolve(name(i) + ".log"));
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

    /** Open at the same time, so that no two are the same. */
    private static List<Integer> freePorts(int count) {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
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
