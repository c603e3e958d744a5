package dev.segue.sample.show;

import dev.segue.sample.fleet.ShopClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The shoppers at work, at an even pace. */
final class Traffic {

    private static final int SHOPPERS = 6;

    private final ExecutorService threads = Executors.newFixedThreadPool(SHOPPERS, task -> {
        Thread thread = new Thread(task, "shopper");
        thread.setDaemon(true);
        return thread;
    });
    private final List<Future<?>> running = new ArrayList<>();
    private volatile boolean over;

    /** Begins the traffic with the customers that the ledger knows, each one with one shopper. */
    static Traffic start(ShopClient shop, Ledger ledger, Scoreboard scoreboard, int requestsPerSecond) {
        Traffic traffic = new Traffic();
        List<Long> known = List.copyOf(ledger.entries().keySet());
        for (int i = 0; i < SHOPPERS; i++) {
            int index = i;
            List<Long> mine =
                    known.stream().filter(id -> id % SHOPPERS == index).toList();
            Shopper shopper = new Shopper(shop, ledger, scoreboard, new Random(index), mine);
            traffic.running.add(traffic.threads.submit(() -> traffic.keepGoing(shopper, requestsPerSecond)));
        }
        return traffic;
    }

    private void keepGoing(Shopper shopper, int requestsPerSecond) {
        long interval = TimeUnit.SECONDS.toNanos(SHOPPERS) / requestsPerSecond;
        long next = System.nanoTime();
        while (!over) {
            shopper.act();
            // After a long wait the pace goes on; what was missed is not made up for in one burst.
            next = Math.max(next + interval, System.nanoTime() - TimeUnit.SECONDS.toNanos(1));
            while (!over && System.nanoTime() - next < 0) {
                LockSupport.parkNanos(next - System.nanoTime());
            }
        }
    }

    /** Lets every shopper finish its request. Returns why one gave up early, if one did. */
    Optional<String> stop() throws InterruptedException {
        over = true;
        threads.shutdown();
        for (Future<?> shopper : running) {
            try {
                shopper.get();
            } catch (ExecutionException | CancellationException e) {
                return Optional.of("A shopper gave up: " + e.getCause());
            }
        }
        return Optional.empty();
    }
}
