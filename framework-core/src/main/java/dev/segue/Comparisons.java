package dev.segue;

import dev.segue.backfill.Pace;
import dev.segue.backfill.Throttle;
import dev.segue.backfill.Verification;
import dev.segue.backfill.VerificationStatus;
import dev.segue.change.ColumnChange;
import dev.segue.database.Database;
import dev.segue.fleet.ChangeRecord;
import dev.segue.fleet.Registry;
import dev.segue.lifecycle.Agenda;
import dev.segue.lifecycle.Agenda.Work;
import dev.segue.lifecycle.Held;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Rule;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Situation;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the sides of every change compared: once as soon as both are sealed, and then again and again until the drop, at a
 * tenth of the speed, one table at a time over the whole node. What has been found, by whichever node, is looked up now and then and kept.
 *
 * <p>As a caution it is for one thread, all else for any.
 */
final class Comparisons implements Caution, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Comparisons.class);

    /** The rows of a table that is never written go bad by nobody, so a table is not read over and over. */
    private static final Duration BETWEEN = Duration.ofMinutes(10);

    /** Of the time, once every row has been found right. */
    private static final double AGAIN = 0.1;

    private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();

    /** What the registry says of the comparison of a change. */
    private record Known(Optional<VerificationStatus> status, long epoch, long at) {}

    private final SegueSettings settings;
    private final Throttle throttle;
    private final Verification verification;
    private final Listeners listeners;
    private final Errands errands = new Errands("segue-compare");
    private final Set<String> demanded = ConcurrentHashMap.newKeySet();
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    Comparisons(
            SegueSettings settings,
            DataSource direct,
            Database database,
            Registry registry,
            Throttle throttle,
            Listeners listeners) {
        this.settings = settings;
        this.throttle = throttle;
        this.listeners = listeners;
        this.verification =
                new Verification(direct, database, registry, settings.identity().node());
    }

    /** Sees to it that a comparison is run when it is time, and looks up what the last one has found. */
    @Override
    public void look(ColumnChange change, ChangeRecord record) throws SQLException {
        String id = change.id();
        Situation s = record.situation();
        Known before = known.get(id);
        long now = System.nanoTime();
        // Whoever finds a row that differs raises the epoch, and then nothing goes on before it has been looked at.
        boolean fresh = before != null && before.epoch() == s.epoch() && now - before.at() < LOOK_NANOS;
        if (fresh && !demanded.contains(id)) {
            return;
        }
        Optional<VerificationStatus> status = verification.status(id);
        known.put(id, new Known(status, s.epoch(), now));
        if (Rule.comparable(s) && (isDue(s, status) || demanded.contains(id))) {
            begin(change, status.filter(last -> isRight(s, last)).isPresent());
        }
    }

    private static boolean isRight(Situation s, VerificationStatus last) {
        return last.epoch() == s.epoch() && last.state() == VerificationStatus.State.CLEAN;
    }

    private static boolean isDue(Situation s, Optional<VerificationStatus> last) {
        return last.isEmpty()
                || last.get().epoch() != s.epoch()
                || last.get().state() == VerificationStatus.State.RUNNING
                || last.get().state() == VerificationStatus.State.VOID
                || last.get().finishedAgo() == null
                || last.get().finishedAgo().compareTo(BETWEEN) > 0;
    }

    /** Whoever demands one does not wait for one that takes its time, on this node: that goes on at full speed. */
    private void begin(ColumnChange change, boolean again) {
        String id = change.id();
        errands.take(id, () -> {
            boolean wanted = demanded.remove(id);
            boolean compared = compare(change, () -> again && !wanted && !demanded.contains(id) ? AGAIN : 1);
            if (wanted && !compared) {
                // Another node is at it.
                demanded.add(id);
            }
        });
    }

    /** @return false if there has been none */
    private boolean compare(ColumnChange change, DoubleSupplier share) {
        SegueListener.Span span = listeners.begins(SegueListener.Work.VERIFY, change.id(), "rows");
        Throwable failure = null;
        try {
            Pace pace = settings.change(change.id()).pace().withThrottle(throttle);
            return verification.run(change, pace, share, errands::isOpen).isPresent();
        } catch (SQLException | RuntimeException e) {
            failure = e;
            if (errands.isOpen()) {
                log.warn("Change {}: its sides could not be compared; it will be tried again.", change.id(), e);
            }
            return false;
        } finally {
            span.ended(failure);
        }
    }

    /** Lets the next look begin a comparison, whether it is time or not. */
    void demand(String change) {
        demanded.add(change);
    }

    /**
     * Brings one side of the rows that differ up to date from the other.
     *
     * @return how many rows still differ
     * @throws IllegalStateException if nobody knows that the other side is right
     */
    int repair(ColumnChange change, Side side, String operator) throws SQLException {
        int left = verification.repair(change, side, operator);
        known.remove(change.id());
        return left;
    }

    /** How the comparison of a change stands, as last looked at. */
    Optional<VerificationStatus> status(String change) {
        Known now = known.get(change);
        return now == null ? Optional.empty() : now.status();
    }

    /** Rows that differ although both sides were sealed keep every node where it is. */
    @Override
    public List<Held> beforePhase(ColumnChange change, ChangeRecord record, @Nullable Phase from, Phase to) {
        return from == null ? List.of() : held(change.id());
    }

    /** They let what is under way come to its end. */
    @Override
    public List<Held> beforeWork(ChangeRecord record, Work work) {
        return Agenda.underWay(record.situation()).isPresent() ? List.of() : held(record.id());
    }

    private List<Held> held(String change) {
        return status(change).map(VerificationStatus::held).orElse(List.of());
    }

    @Override
    public void close() {
        errands.close();
    }
}
