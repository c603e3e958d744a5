package dev.segue.fleet;

import dev.segue.fleet.Request.Source;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Progress;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Situation;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A change under its lock: what the rule is asked about, and the only place where its answer is written down. Lives as
 * long as the transaction, on one thread.
 */
public abstract class LockedChange {

    private final List<Request> requests;
    private Situation situation;
    private long intents;
    private Progress dryRun;

    /**
     * @param requests what the fleet is told when the lock is taken
     * @param intents how many intents have been recorded by then
     */
    protected LockedChange(Situation situation, List<Request> requests, long intents, Progress dryRun) {
        this.situation = situation;
        this.requests = List.copyOf(requests);
        this.intents = intents;
        this.dryRun = dryRun;
    }

    /** The change as it is now, without participants whose lease has run out. */
    public final Situation situation() {
        return situation;
    }

    /**
     * Writes the next situation down. If its epoch is higher, every pass under way is void from then on, so that a worker
     * that lags repairs nothing after the truth has moved. A seal that is lost goes into the journal.
     */
    public final void save(Situation next) throws SQLException {
        write(next);
        for (Side side : Side.values()) {
            if (situation.sealed(side) && !next.sealed(side)) {
                journal("unsealed", side.name(), null, "epoch " + next.epoch());
            }
        }
        situation = next;
    }

    /** Writes down what differs from {@link #situation}, but for participants that are new or gone. */
    protected abstract void write(Situation next) throws SQLException;

    /** The number of the last intent that has been recorded. */
    public final long intents() {
        return intents;
    }

    /**
     * Counts one more intent.
     *
     * @return its number
     */
    final long intend() throws SQLException {
        keepIntents(intents + 1);
        return ++intents;
    }

    /** Writes down how many intents have been recorded. */
    protected abstract void keepIntents(long next) throws SQLException;

    /** How far the dry run of the drop is. */
    final Progress dryRun() {
        return dryRun;
    }

    /** Keeps and journals how far it is. */
    final void dryRun(Progress next) throws SQLException {
        keepDryRun(next);
        journal("dry run", dryRun.id(), next.id(), null);
        dryRun = next;
    }

    /** Writes down how far the dry run is, with the time. */
    protected abstract void keepDryRun(Progress next) throws SQLException;

    /**
     * Begins the lease of a node that joins; whatever it was registered as before is over.
     *
     * @param requested where it is told to go
     * @param permitsDrop whether its configuration lets the old columns be dropped
     */
    public abstract void register(
            NodeIdentity node, long generation, Phase phase, Phase requested, boolean permitsDrop, Duration lease)
            throws SQLException;

    /**
     * Ends the lease of a node that leaves.
     *
     * @return false if the node is not registered under this generation
     */
    public abstract boolean deregister(String node, long generation) throws SQLException;

    /** What that source told the fleet when the lock was taken, if it had. */
    public final Optional<Request> request(Source source) {
        return requests.stream().filter(request -> request.source() == source).findFirst();
    }

    /** Keeps and journals what the whole fleet is told, in the place of what that source has said before. */
    public final void request(Source source, Phase phase, String by, @Nullable String why) throws SQLException {
        if (!source.isForTheFleet()) {
            throw new IllegalArgumentException(source + " speaks to one node alone.");
        }
        keep(source, phase, by, why);
        journal("request", before(source), phase.id(), "by " + Request.origin(source, by, why));
    }

    /** Takes back what that source has told the fleet. Does nothing if it has told nothing. */
    public final void clear(Source source, String operator) throws SQLException {
        if (request(source).isPresent()) {
            keep(source, null, null, null);
            journal("clear-request", before(source), null, "of the " + source.id() + ", by operator " + operator);
        }
    }

    private @Nullable String before(Source source) {
        return request(source).map(request -> request.phase().id()).orElse(null);
    }

    /**
     * Writes down what the fleet is told, with the time.
     *
     * @param source one that speaks to the whole fleet
     * @param phase null if the source says nothing any more
     */
    protected abstract void keep(Source source, @Nullable Phase phase, @Nullable String by, @Nullable String why)
            throws SQLException;

    /** Keeps whether the schema is to be as it was, once everybody is back. */
    public abstract void abandon(boolean wanted) throws SQLException;

    /**
     * Keeps that the work on the rows shall rest.
     *
     * @param operator who says so, or null to let it go on
     */
    public abstract void pause(@Nullable String operator) throws SQLException;

    /** Keeps that an operator permits the drop of the old columns, once all its conditions hold. */
    public abstract void allowContract() throws SQLException;

    /** Adds a line to the journal, with the time, the change and this node. */
    public abstract void journal(String what, @Nullable String from, @Nullable String to, @Nullable String why)
            throws SQLException;
}
