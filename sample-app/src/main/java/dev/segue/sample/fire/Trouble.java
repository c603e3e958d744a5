package dev.segue.sample.fire;

import java.util.Optional;

/** Makes trouble again and again, in a thread of its own, while something else goes on. */
final class Trouble {

    /** One round of trouble, or what goes on meanwhile. */
    interface Act {
        void play() throws InterruptedException;
    }

    private final Act round;
    private volatile boolean over;
    private volatile Optional<RuntimeException> failure = Optional.empty();

    private Trouble(Act round) {
        this.round = round;
    }

    /**
     * Lets this go on under that trouble.
     *
     * @param round from which everything has recovered when it returns; the last one is let come to its end
     */
    static void during(Act scene, Act round) throws InterruptedException {
        Trouble trouble = new Trouble(round);
        Thread thread = new Thread(trouble::repeat, "trouble");
        thread.setDaemon(true);
        thread.start();
        try {
            scene.play();
        } finally {
            trouble.over = true;
            thread.join();
        }
        trouble.failure.ifPresent(e -> {
            throw e;
        });
    }

    private void repeat() {
        try {
            while (!over) {
                round.play();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            failure = Optional.of(e);
        }
    }
}
