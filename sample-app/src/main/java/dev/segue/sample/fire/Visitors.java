package dev.segue.sample.fire;

import dev.segue.sample.fleet.LoadBalancer;
import dev.segue.sample.fleet.ShopClient;
import dev.segue.sample.fleet.ShopDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Go to one node and wait for its answer, whatever state it is in. Each makes one write, to a customer of its own. */
final class Visitors {

    private static final int COUNT = 8;

    private final ExecutorService threads = Executors.newFixedThreadPool(COUNT);
    private final List<Runnable> visits = new ArrayList<>();
    private final List<Long> rows = new ArrayList<>();

    private Visitors() {}

    static Visitors of(Arena arena, int node) {
        LoadBalancer straight = new LoadBalancer();
        straight.add(arena.fleet().node(node).backend());
        ShopClient shop = new ShopClient(straight, arena.tally());
        ShopDatabase unused = arena.database().direct();
        Visitors visitors = new Visitors();
        for (long row : arena.visited(COUNT)) {
            Random random = new Random(arena.random().nextLong());
            Shopper shopper = new Shopper(
                    shop,
                    new LegacyShop(unused, arena.tally()),
                    () -> false,
                    () -> false,
                    arena.history(),
                    arena.tally(),
                    random,
                    List.of(row));
            visitors.rows.add(row);
            visitors.visits.add(() -> shopper.update(row, false));
        }
        return visitors;
    }

    /** The keys of their customers, with commas between. */
    String rows() {
        return rows.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    /** Sends all requests. */
    void knock() {
        visits.forEach(threads::execute);
    }

    /** Waits for all answers. */
    void leave() throws InterruptedException {
        threads.shutdown();
        if (!threads.awaitTermination(2, TimeUnit.MINUTES)) {
            throw new IllegalStateException("A request has no end");
        }
    }
}
