package dev.segue.sample.fire;

import dev.segue.sample.fleet.LoadBalancer;
import dev.segue.sample.fleet.ShopClient;
import dev.segue.sample.fleet.ShopDatabase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Many shoppers at work, each with customers of its own. */
final class Load {

    private static final int SHOPPERS = 10;
    private static final int REQUESTS_A_SECOND = 120;
    private static final int SHOWN = 5;
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(SHOPPERS) / REQUESTS_A_SECOND;

    private final ExecutorService threads = Executors.newFixedThreadPool(SHOPPERS, task -> {
        Thread thread = new Thread(task, "shopper");
        thread.setDaemon(true);
        return thread;
    });
    private final List<Future<?>> running = new ArrayList<>();
    private final ShopDatabase database;
    private volatile boolean over;
    private volatile boolean legacy;
    private volatile boolean creating = true;

    Load(ShopDatabase database) {
        this.database = database;
    }

    /** Begins, with these customers to be written. */
    void start(LoadBalancer balancer, History history, Tally tally, long seed, List<Long> rows) {
        ShopClient shop = new ShopClient(balancer, tally);
        for (int i = 0; i < SHOPPERS; i++) {
            int index = i;
            running.add(threads.submit(() -> {
                try (LegacyShop past = new LegacyShop(database, tally)) {
                    List<Long> mine =
                            rows.stream().filter(row -> row % SHOPPERS == index).toList();
                    keepGoing(new Shopper(
                            shop,
                            past,
                            () -> legacy,
                            () -> creating,
                            history,
                            tally,
                            new Random(seed * SHOPPERS + index),
                            mine));
                }
            }));
        }
    }

    /** Whether a third of the requests goes past the shop, by plain JDBC on the old columns. */
    void useLegacy(boolean wanted) {
        legacy = wanted;
    }

    /** Whether new customers are made. */
    void create(boolean wanted) {
        creating = wanted;
    }

    private void keepGoing(Shopper shopper) {
        while (!over) {
            long next = System.nanoTime() + PAUSE_NANOS;
            shopper.act();
            while (!over && System.nanoTime() - next < 0) {
                LockSupport.parkNanos(next - System.nanoTime());
            }
        }
    }

    /** Whether no shopper has given up. */
    boolean isComplete() {
        return running.stream().noneMatch(Future::isDone);
    }

    /** Lets every shopper finish its request. Returns a line for each that gave up early. */
    List<String> stop() throws InterruptedException {
        over = true;
        threads.shutdown();
        List<String> complaints = new ArrayList<>();
        for (Future<?> shopper : running) {
            try {
                shopper.get();
            } catch (ExecutionException e) {
                Throwable cause = Objects.requireNonNull(e.getCause());
                complaints.add("A shopper gave up: " + cause + " at "
                        + Arrays.stream(cause.getStackTrace()).limit(SHOWN).toList());
            }
        }
        return complaints;
    }
}
