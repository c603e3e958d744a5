package dev.segue.backfill;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says how hard workers may push, by what the signals read: the one that is nearest to its limit decides. It slows down
 * gradually ({@link Grade}), stops outside its hours and while a signal cannot be read, and always says why.
 *
 * <p>Signals are read at most once a second, however many workers ask. Thread-safe; while one thread reads, others wait
 * for its answer.
 */
public final class Throttle {

    /** Full speed at any time. */
    public static final Throttle NONE = new Throttle(List.of(), null);

    private static final long FRESH = Duration.ofSeconds(1).toNanos();

    private final List<ThrottleSignal> signals;
    private final @Nullable TimeWindow hours;
    private final LongSupplier nanos;
    private final InstantSource clock;
    private final Grade grade = new Grade();
    private Decision last = Decision.FULL;
    private long asked;
    private boolean fresh;

    /**
     * How hard to push.
     *
     * @param factor the share of the time in which to work: 1 is full speed, 0 is a stop
     * @param reason why not at full speed, with reading and limit; null at full speed
     */
    public record Decision(double factor, @Nullable String reason) {

        private static final Pattern WORDS =
                Pattern.compile("the throttle \\((?:stopped|([0-9]{1,3}) % of the speed)\\)");

        static final Decision FULL = new Decision(1, null);

        /** How the words of a stop begin. */
        static final String STOPPED = "the throttle (stopped)";

        public boolean stops() {
            return factor == 0;
        }

        /** How long to rest after work that has taken so long. */
        Duration restAfter(Duration took) {
            return stops() ? Duration.ZERO : Throttle.restAfter(took, factor);
        }

        /** For people, or null at full speed. */
        @Nullable
        String words() {
            return reason == null
                    ? null
                    : "the throttle (%s): %s"
                            .formatted(stops() ? "stopped" : Math.round(factor * 100) + " % of the speed", reason);
        }

        /**
         * Reads the factor out of the words again: they are all that other nodes know of it.
         *
         * @param waitingFor what a pass waits for, or null
         * @return 1 if no throttle is among it
         */
        static double factorIn(@Nullable String waitingFor) {
            Matcher words = WORDS.matcher(waitingFor == null ? "" : waitingFor);
            if (!words.find()) {
                return 1;
            }
            return words.group(1) == null ? 0 : Integer.parseInt(words.group(1)) / 100.0;
        }
    }

    /**
     * @param hours outside of which it stops; null is at any time
     * @throws IllegalArgumentException if a signal has no limit above zero
     */
    public Throttle(List<ThrottleSignal> signals, @Nullable TimeWindow hours) {
        this(signals, hours, System::nanoTime, InstantSource.system());
    }

    Throttle(List<ThrottleSignal> signals, @Nullable TimeWindow hours, LongSupplier nanos, InstantSource clock) {
        for (ThrottleSignal signal : signals) {
            if (!(signal.limit() > 0)) {
                throw new IllegalArgumentException(
                        "The limit of " + signal.name() + " must be above zero: " + signal.limit());
            }
        }
        this.signals = List.copyOf(signals);
        this.hours = hours;
        this.nanos = nanos;
        this.clock = clock;
    }

    /** How hard to push now. */
    public synchronized Decision ask() {
        if (signals.isEmpty() && hours == null) {
            return Decision.FULL;
        }
        long now = nanos.getAsLong();
        if (!fresh || now - asked >= FRESH) {
            last = decide();
            asked = nanos.getAsLong();
            fresh = true;
        }
        return last;
    }

    private Decision decide() {
        if (hours != null && !hours.contains(clock.instant())) {
            return new Decision(0, "it is not " + hours);
        }
        double worst = 0;
        String reason = "";
        for (ThrottleSignal signal : signals) {
            double value;
            try {
                value = signal.read();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return new Decision(grade.stop(), "interrupted");
            } catch (Exception e) {
                return new Decision(grade.stop(), signal.name() + " cannot be read: " + e.getMessage());
            }
            if (Double.isNaN(value)) {
                return new Decision(grade.stop(), signal.name() + " cannot be read: it is no number");
            }
            if (reason.isEmpty() || value / signal.limit() > worst) {
                worst = value / signal.limit();
                reason = "%s is %s of %s %s"
                        .formatted(signal.name(), plain(value), plain(signal.limit()), signal.unit());
            }
        }
        double factor = grade.next(worst);
        return factor == 1 ? Decision.FULL : new Decision(factor, reason);
    }

    /** How long to rest after work that has taken so long, if it may take that share of the time. */
    static Duration restAfter(Duration took, double share) {
        return Duration.ofNanos((long) (took.toNanos() * (1 / share - 1)));
    }

    private static String plain(double value) {
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, "%,.1f", value);
    }

    void committed(Duration took) {
        signals.forEach(signal -> signal.committed(took));
    }
}
