package dev.segue.sample.show;

import dev.segue.sample.fleet.Fleet;
import dev.segue.sample.fleet.FleetWatch;
import dev.segue.sample.fleet.ShownChange;
import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Tells the operator what goes on: a line when something is different, and one every two seconds. */
final class Narrator implements AutoCloseable {

    private static final long LOOK_MILLIS = 400;
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final PrintStream out;
    private final long began = System.nanoTime();
    private @Nullable Thread thread;
    private volatile boolean over;
    private volatile ShownChange change = ShownChange.NAME;

    Narrator(PrintStream out) {
        this.out = out;
    }

    void say(String line) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
        out.printf("%d:%02d  %s%n", seconds / 60, seconds % 60, line);
    }

    /** From now on the lines are about this change. */
    void turnTo(ShownChange next) {
        change = next;
    }

    /** Begins to look and tell, in a thread of its own. */
    void follow(Fleet fleet, FleetWatch watch, Scoreboard scoreboard) {
        Thread narrating = new Thread(() -> narrate(fleet, watch, scoreboard), "narrator");
        narrating.setDaemon(true);
        narrating.start();
        thread = narrating;
    }

    private void narrate(Fleet fleet, FleetWatch watch, Scoreboard scoreboard) {
        String said = "";
        long when = System.nanoTime();
        try {
            while (!over) {
                watch.look();
                StatusLine line = StatusLine.of(change, fleet, watch, scoreboard);
                if (!line.state().equals(said) || System.nanoTime() - when > PAUSE_NANOS) {
                    say("  " + line);
                    said = line.state();
                    when = System.nanoTime();
                }
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        over = true;
        Thread narrating = thread;
        if (narrating != null) {
            try {
                narrating.join(TimeUnit.SECONDS.toMillis(20));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
