package dev.segue;

import dev.segue.change.ColumnChange;
import dev.segue.database.Database;
import dev.segue.database.LogPosition;
import dev.segue.fleet.ChangeRecord;
import dev.segue.lifecycle.Held;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Situation;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether the replicas that serve reads have what the proof of a side rests on. A node that began to read a side
 * before they have would read from them what the pass has repaired since.
 *
 * <p>When a seal is first asked for, the primary's log has its commit behind it; each replica must have passed that point.
 * Only a node
 * that joins waits for a server.
 */
final class Followers implements Caution, AutoCloseable {

    private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();

    /** The epoch goes up before a side can be sealed anew. */
    private record Seal(String change, long epoch, Side side) {}

    private record Known(List<Held> held, long at) {

        boolean isFresh() {
            return System.nanoTime() - at <= LOOK_NANOS;
        }
    }

    private final List<Replica> replicas;
    private final DataSource primary;
    private final Database database;
    private final Errands errands = new Errands("segue-replicas");
    private final Map<Seal, LogPosition> positions = new ConcurrentHashMap<>();
    private final Map<Seal, Known> known = new ConcurrentHashMap<>();

    Followers(List<Replica> replicas, DataSource primary, Database database) {
        this.replicas = replicas;
        this.primary = primary;
        this.database = database;
    }

    /** Asks about every proof of a change as soon as there is one, so that the answer is known when it matters. */
    @Override
    public void look(ColumnChange change, ChangeRecord record) {
        Situation s = record.situation();
        for (Side side : Side.values()) {
            if (s.sealed(side)) {
                held(change.id(), s.epoch(), side);
            }
        }
    }

    /** A node that joins need not mind NEW if others read it already. */
    @Override
    public List<Held> beforePhase(ColumnChange change, ChangeRecord record, @Nullable Phase from, Phase to) {
        Situation s = record.situation();
        if (from != null) {
            return to.reads() == from.reads() ? List.of() : held(change.id(), s.epoch(), to.reads());
        }
        boolean first =
                s.participants().stream().noneMatch(other -> other.phase().reads() == Side.NEW);
        if (to.reads() == Side.OLD || !s.sealedNew() || !first) {
            return List.of();
        }
        Known last = known.get(new Seal(change.id(), s.epoch(), Side.NEW));
        return last != null && last.isFresh() ? last.held() : ask(change.id(), s.epoch(), Side.NEW);
    }

    /** What keeps a node from beginning to read a sealed side, as last looked at; the next look is under way then. */
    private List<Held> held(String change, long epoch, Side side) {
        if (replicas.isEmpty()) {
            return List.of();
        }
        Seal seal = new Seal(change, epoch, side);
        Known last = known.get(seal);
        if (last == null || (!last.held().isEmpty() && !last.isFresh())) {
            errands.take(change, () -> ask(change, epoch, side));
        }
        return last == null ? List.of(lacks(side, "the replicas are being asked", "wait")) : last.held();
    }

    /** As {@link #held}, but waits for the answers. */
    private List<Held> ask(String change, long epoch, Side side) {
        Seal seal = new Seal(change, epoch, side);
        List<Held> held = new ArrayList<>();
        for (Replica replica : replicas) {
            try (Connection connection = replica.dataSource().getConnection()) {
                if (!position(seal).isPassedBy(connection)) {
                    held.add(lacks(
                            side,
                            "replica " + replica.name() + " has not applied the proof of " + side
                                    + " yet, so reads from it would be wrong",
                            "wait until it has caught up, or see why it lags"));
                }
            } catch (SQLException e) {
                held.add(lacks(
                        side,
                        "nobody can tell whether replica " + replica.name() + " has applied the proof of " + side + ": "
                                + e.getMessage(),
                        "see that it can be asked, or remove it from segue.replicas if it serves no reads"));
            }
        }
        known.keySet().removeIf(old -> old.change().equals(change) && old.epoch() < epoch);
        positions.keySet().removeIf(old -> old.change().equals(change) && old.epoch() < epoch);
        known.put(seal, new Known(List.copyOf(held), System.nanoTime()));
        return held;
    }

    private LogPosition position(Seal seal) throws SQLException {
        LogPosition noted = positions.get(seal);
        if (noted == null) {
            try (Connection connection = primary.getConnection()) {
                noted = LogPosition.now(connection, database);
            }
            positions.put(seal, noted);
        }
        return noted;
    }

    private static Held lacks(Side side, String message, String remedy) {
        return new Held.Lacks("reading " + side, message, remedy);
    }

    @Override
    public void close() {
        errands.close();
    }
}
