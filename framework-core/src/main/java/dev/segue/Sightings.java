package dev.segue;

import dev.segue.change.ColumnChange;
import dev.segue.fleet.ChangeRecord;
import dev.segue.lifecycle.Held;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Rule;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Situation;
import dev.segue.lifecycle.Stage;
import dev.segue.watch.Outsiders;
import dev.segue.watch.Sighting;
import dev.segue.watch.SightingLog;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps changes from going where a statement would read or name an old column that is left behind or gone, as long as
 * somebody is seen to run one. An operator may waive each statement.
 *
 * <p>As a caution it is for one thread, all else for any.
 */
final class Sightings implements Caution {

    /** So many statements are shown at once. */
    private static final int SHOWN = 5;

    /** Who has not been seen for so long is no reader any more. */
    private static final Duration GONE = Duration.ofMinutes(10);

    private static final long SOON_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long LATER_NANOS = Duration.ofSeconds(10).toNanos();

    /** For whoever asks later what was run. */
    private static final Duration KEPT = Duration.ofDays(30);

    private static final Duration KEPT_AFTER_THE_DROP = Duration.ofDays(1);
    private static final long BETWEEN_CLEANINGS_NANOS = Duration.ofHours(1).toNanos();

    private record Known(List<Sighting> all, long at) {}

    private final SegueSettings settings;
    private final SightingLog log;
    private final Outsiders outsiders;
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final Map<String, Long> cleaned = new HashMap<>();

    Sightings(SegueSettings settings, SightingLog log, Outsiders outsiders) {
        this.settings = settings;
        this.log = log;
        this.outsiders = outsiders;
    }

    /** Writes down what this node has seen, and looks up what the fleet has. */
    @Override
    public void look(ColumnChange change, ChangeRecord record) throws SQLException {
        log.write();
        Situation s = record.situation();
        boolean matters = Rule.everyoneReadsNew(s) && s.stages().pending(Stage.CONTRACT);
        outsiders.look(change, matters);
        Known before = known.get(change.id());
        if (before == null || System.nanoTime() - before.at() > (matters ? SOON_NANOS : LATER_NANOS)) {
            refresh(change.id());
        }
        clean(change.id(), s.stages().done(Stage.CONTRACT));
    }

    private void clean(String change, boolean dropped) throws SQLException {
        Long last = cleaned.get(change);
        if (last == null || System.nanoTime() - last > BETWEEN_CLEANINGS_NANOS) {
            Duration counting = holdTime(change).multipliedBy(2);
            Duration kept = counting.compareTo(KEPT) > 0 ? counting : KEPT;
            log.forget(change, dropped ? KEPT_AFTER_THE_DROP : kept, dropped);
            cleaned.put(change, System.nanoTime());
        }
    }

    private void refresh(String change) throws SQLException {
        known.put(change, new Known(log.read(change), System.nanoTime()));
    }

    /** What has been seen of a change, the latest first, as last looked up. */
    List<Sighting> all(String change) {
        Known now = known.get(change);
        return now == null ? List.of() : now.all();
    }

    /**
     * A node leaves the old columns behind only if nobody reads them, or something keeps them current. Where they have been
     * left behind already, a node that joins makes it no worse.
     */
    @Override
    public List<Held> beforePhase(ColumnChange change, ChangeRecord record, @Nullable Phase from, Phase to)
            throws SQLException {
        Situation s = record.situation();
        boolean leaves = to == Phase.NEW_ONLY
                && from != Phase.NEW_ONLY
                && s.kind().convertsBack()
                && s.stages().pending(Stage.CONTRACT)
                && (from != null || s.sealedOld());
        if (!leaves || s.guard().fills(Side.OLD)) {
            return List.of();
        }
        if (from == null) {
            refresh(change.id());
        }
        Duration within = holdTime(change.id());
        return held(
                change.id(),
                to.id(),
                "nothing keeps the old columns current from then on",
                all(change.id()).stream().filter(Sighting::isRead).toList(),
                within.compareTo(GONE) < 0 ? within : GONE);
    }

    /** The old columns are dropped only if none has been named for the hold time. */
    @Override
    public List<Held> beforeDrop(ChangeRecord record) throws SQLException {
        Duration holdTime = holdTime(record.id());
        if (!record.situation().stages().pending(Stage.CONTRACT)) {
            return List.of();
        }
        if (record.heldFor() != null && record.heldFor().compareTo(holdTime) >= 0) {
            // The drop is next: what others have seen a moment ago counts.
            refresh(record.id());
        }
        return held(record.id(), Stage.CONTRACT.name(), "it fails after the drop", all(record.id()), holdTime);
    }

    private Duration holdTime(String change) {
        return settings.change(change).contractAfter();
    }

    @Override
    public void waived(String change) throws SQLException {
        refresh(change);
    }

    private static List<Held> held(
            String change, String wanted, String consequence, List<Sighting> sightings, Duration within) {
        return sightings.stream()
                .filter(sighting ->
                        sighting.waivedBy() == null && sighting.age().compareTo(within) < 0)
                .limit(SHOWN)
                .<Held>map(sighting -> new Held.Lacks(
                        wanted,
                        sighting.told() + "; " + consequence,
                        "let it use the new columns; it goes on when none has been seen for %s, or when an operator waives %s of change %s"
                                .formatted(within, sighting.key(), change)))
                .toList();
    }
}
