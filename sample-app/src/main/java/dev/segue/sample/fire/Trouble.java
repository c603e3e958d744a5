package dev.segue.sample.fire;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes trouble again and again, in a thread of its own, while something else goes on. */
final class Trouble {

    /** One round of trouble. */
    interface Round {

        /** Returns when everything has recovered from it: whether there has been any. */
        boolean play() throws InterruptedException;
    }

    private final Round round;
    private final int most;
    private final AtomicInteger played = new AtomicInteger();
    private volatile boolean over;
    private volatile Optional<RuntimeException> failure = Optional.empty();

    private Trouble(Round round, int rounds) {
        this.round = round;
        this.most = rounds + rounds / 2;
    }

    /**
     * Lets the fleet go up and down until the trouble has come so many times, and then up for good, while it comes half as
     * many times more. The last round is let come to its end.
     */
    static void onTheWay(Arena arena, int rounds, Round round) throws InterruptedException {
        Trouble trouble = new Trouble(round, rounds);
        Thread thread = new Thread(trouble::repeat, "trouble");
        thread.setDaemon(true);
        thread.start();
        try {
            while (trouble.played.get() < rounds && trouble.failure.isEmpty()) {
                Walk.upAndDown(arena);
            }
            Walk.upForGood(arena);
        } finally {
            trouble.over = true;
            thread.join();
            trouble.failure.ifPresent(e -> arena.tally().note("The trouble has ended by itself: " + e.getMessage()));
        }
    }

    private void repeat() {
        try {
            while (!over && played.get() < most) {
                if (round.play()) {
                    played.incrementAndGet();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            failure = Optional.of(e);
        }
    }
}
