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
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps changes from going where a statement would read or name an old column that is left behind or gone, as long as
 * somebody is seen to run one. An operator may waive each statement.
 *
 * <p>{@link #look} and the two questions are for one thread, all else for any.
 */
final class Sightings {

    /** So many statements are shown at once. */
    private static final int SHOWN = 5;

    /** Who has not been seen for so long is no reader any more. */
    private static final Duration GONE = Duration.ofMinutes(10);

    private static final long SOON_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long LATER_NANOS = Duration.ofSeconds(10).toNanos();

    private record Known(List<Sighting> all, long at) {}

    private final SightingLog log;
    private final Outsiders outsiders;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    Sightings(SightingLog log, Outsiders outsiders) {
        this.log = log;
        this.outsiders = outsiders;
    }

    /** Writes down what this node has seen, and looks up what the fleet has. */
    void look(ColumnChange change, Situation s) throws SQLException {
        log.write();
        boolean matters = Rule.everyoneReadsNew(s) && s.stages().pending(Stage.CONTRACT);
        outsiders.look(change, matters);
        Known before = known.get(change.id());
        if (before == null || System.nanoTime() - before.at() > (matters ? SOON_NANOS : LATER_NANOS)) {
            refresh(change.id());
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
     * What keeps a node from leaving the old columns behind: somebody reads them, and nothing would keep them current.
     *
     * @param to where the node is about to go
     * @param within for how long a statement counts that was seen
     */
    List<Held> beforeMove(ChangeRecord record, Phase from, Phase to, Duration within) {
        Situation s = record.situation();
        boolean leaves =
                to == Phase.NEW_ONLY && from != Phase.NEW_ONLY && s.kind().convertsBack();
        if (!leaves || s.guard().fills(Side.OLD)) {
            return List.of();
        }
        Duration counts = within.compareTo(GONE) < 0 ? within : GONE;
        return held(
                record.id(),
                to.id(),
                "nothing keeps the old columns current from then on",
                all(record.id()).stream().filter(Sighting::isRead).toList(),
                counts);
    }

    /**
     * What keeps the old columns from being dropped.
     *
     * @param holdTime for how long none may have been named
     */
    List<Held> beforeDrop(ChangeRecord record, Duration holdTime) throws SQLException {
        if (!record.situation().stages().pending(Stage.CONTRACT)) {
            return List.of();
        }
        if (record.heldFor() != null && record.heldFor().compareTo(holdTime) >= 0) {
            // The drop is next: what others have seen a moment ago counts.
            refresh(record.id());
        }
        return held(record.id(), Stage.CONTRACT.name(), "it fails after the drop", all(record.id()), holdTime);
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

    /** Lets a change go on in spite of what is named by this key. */
    void waive(String change, String key, String operator) throws SQLException {
        log.waive(change, key, operator);
        refresh(change);
    }
}
