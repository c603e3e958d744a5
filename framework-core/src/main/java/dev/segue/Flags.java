package dev.segue;

import dev.segue.fleet.Request;
import dev.segue.fleet.Request.Source;
import dev.segue.lifecycle.Held;
import dev.segue.lifecycle.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the node's flags say, as last heard. They are asked on a thread of their own, so that a flag service that hangs
 * keeps the node neither from its rounds nor from what an operator says.
 *
 * <p>An answer that does not come or is no phase moves nobody: the last one that was a phase stays, and what is wrong is
 * told. A node that has heard none yet goes by its configuration.
 *
 * <p>{@link #settle} and {@link #ask} are for one thread at a time, all else for any.
 */
final class Flags implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Flags.class);

    private static final Duration AT_START = Duration.ofSeconds(2);
    private static final Duration IN_A_ROUND = Duration.ofMillis(100);
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(50);
    private static final int LONGEST_TEXT = 200;

    /**
     * What is known of one flag.
     *
     * @param request its last word that was a phase; null if it says nothing
     * @param trouble why nothing later is known; null if that was the last word
     */
    private record Heard(
            @Nullable Request request, @Nullable Held trouble) {}

    private static final Heard NOTHING = new Heard(null, null);

    private final RequestSource source;
    private final List<String> changes;
    private final ExecutorService thread = Threads.pool("segue-flags");
    private final Map<String, Heard> heard = new ConcurrentHashMap<>();
    private Future<?> asked = CompletableFuture.completedFuture(null);
    private long since;
    private volatile boolean silent;

    Flags(RequestSource source, List<String> changes) {
        this.source = source;
        this.changes = List.copyOf(changes);
    }

    /** Asks until every flag has given a clear answer, but not for long: the flag service may be away. */
    void settle() {
        long until = System.nanoTime() + AT_START.toNanos();
        long left = AT_START.toNanos();
        do {
            ask(Duration.ofNanos(left));
            left = until - System.nanoTime();
        } while (left > 0 && isUnheard() && pause());
        for (String change : changes) {
            trouble(change).ifPresent(held -> log.warn("Change {}: {}", change, held.message()));
        }
    }

    private boolean isUnheard() {
        return changes.stream()
                .anyMatch(change ->
                        trouble(change).filter(Held.Unheard.class::isInstance).isPresent());
    }

    private static boolean pause() {
        try {
            Thread.sleep(BETWEEN_TRIES.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Asks again, and waits a moment for the answer; a later one counts in the next round. */
    void ask() {
        ask(IN_A_ROUND);
    }

    private void ask(Duration patience) {
        if (source == RequestSource.NONE) {
            return;
        }
        if (asked.isDone()) {
            since = System.nanoTime();
            asked = thread.submit(this::listenToAll);
        }
        try {
            asked.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            silent = false;
        } catch (TimeoutException e) {
            silent = System.nanoTime() - since >= AT_START.toNanos();
        } catch (ExecutionException e) {
            log.error("The flags could not be asked", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void listenToAll() {
        for (String change : changes) {
            Heard before = heard.getOrDefault(change, NOTHING);
            heard.put(change, listen(change, before));
        }
    }

    private Heard listen(String change, Heard before) {
        String key = source.key(change);
        try {
            String said = source.phase(change).map(String::trim).orElse("");
            if (said.isEmpty()) {
                return NOTHING;
            }
            Optional<Phase> phase = Phase.of(said);
            return phase.isPresent()
                    ? new Heard(request(key, phase.get(), before.request()), null)
                    : new Heard(before.request(), unknown(key, said));
        } catch (RuntimeException | LinkageError e) {
            log.debug("The flag {} could not be read", key, e);
            // The first message stays: one that is new each time would be new to the journal each time.
            return before.trouble() instanceof Held.Unheard
                    ? before
                    : new Heard(before.request(), new Held.Unheard("the flag " + key, shortened(String.valueOf(e))));
        }
    }

    private static Request request(String key, Phase phase, @Nullable Request before) {
        return before != null && before.phase() == phase
                ? before
                : new Request(phase, Source.FLAG, key, null, Instant.now());
    }

    private static Held unknown(String key, String said) {
        return new Held.NoPhase(
                "the flag " + key,
                shortened(said),
                Arrays.stream(Phase.values()).map(Phase::id).toList());
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "...";
    }

    /** Where the flag of a change sends the node, if it says so. */
    Optional<Request> request(String change) {
        return Optional.ofNullable(heard.getOrDefault(change, NOTHING).request());
    }

    /** Why the flag of a change is not known as it is now; empty if it is. */
    Optional<Held> trouble(String change) {
        return silent
                ? Optional.of(new Held.Unheard("the flag " + source.key(change), "the flag service does not answer"))
                : Optional.ofNullable(heard.getOrDefault(change, NOTHING).trouble());
    }

    @Override
    public void close() {
        Threads.stop(thread);
    }
}
