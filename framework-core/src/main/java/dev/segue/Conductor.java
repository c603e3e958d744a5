package dev.segue;

import dev.segue.change.ColumnChange;
import dev.segue.fleet.Bracing;
import dev.segue.fleet.ChangeRecord;
import dev.segue.fleet.ChangeStore;
import dev.segue.fleet.Layout;
import dev.segue.fleet.Membership;
import dev.segue.fleet.Permit;
import dev.segue.fleet.Request;
import dev.segue.fleet.Request.Source;
import dev.segue.fleet.Requests;
import dev.segue.fleet.SessionHost;
import dev.segue.lifecycle.Abandonment;
import dev.segue.lifecycle.Agenda;
import dev.segue.lifecycle.Agenda.Work;
import dev.segue.lifecycle.Held;
import dev.segue.lifecycle.Participant;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Phases;
import dev.segue.lifecycle.Situation;
import dev.segue.lifecycle.Walk;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Walks the node's changes to where they are told to go. A round, run by one thread again and again:
 *
 * <ol>
 *   <li>If the lease is lost, join anew and give new sessions the new permit.
 *   <li>For each change: read the registry; say which sessions have ended.
 *   <li>Ask {@link Walk} where to be. If elsewhere: build the layout, register under the rule, and only then let new
 *       sessions begin in it.
 *   <li>Ask {@link Agenda} what the change needs next and hand it to the {@link Workshop}.
 * </ol>
 *
 * <p>The registry is the truth: a layout that does not match what is registered there, because an answer got lost, is
 * opened in the next round.
 */
final class Conductor {

    private static final Logger log = LoggerFactory.getLogger(Conductor.class);

    private final SegueSettings settings;
    private final List<ColumnChange> changes;
    private final ChangeStore<?> store;
    private final Membership membership;
    private final NodeLease lease;
    private final Bracing bracing;
    private final Flags flags;
    private final Instructions instructions;
    private final SessionHost host;
    private final Workshop workshop;
    private final Listeners listeners;
    private final Caution caution;
    private final Lookout lookout;
    private final Lingerers lingerers;
    private final Steady steady;
    private final Rounds rounds;
    private final Map<String, ChangeRecord> records = new ConcurrentHashMap<>();
    private final Map<String, List<Held>> held = new ConcurrentHashMap<>();
    private volatile @Nullable Layout layout;
    private volatile @Nullable Permit permit;

    Conductor(
            SegueSettings settings,
            List<ColumnChange> changes,
            ChangeStore<?> store,
            Membership membership,
            NodeLease lease,
            Bracing bracing,
            Flags flags,
            Instructions instructions,
            SessionHost host,
            Workshop workshop,
            Listeners listeners,
            Caution caution,
            Lookout lookout) {
        this.settings = settings;
        this.changes = changes;
        this.store = store;
        this.membership = membership;
        this.lease = lease;
        this.bracing = bracing;
        this.flags = flags;
        this.instructions = instructions;
        this.host = host;
        this.workshop = workshop;
        this.listeners = listeners;
        this.caution = caution;
        this.lookout = lookout;
        this.lingerers = new Lingerers(host, settings.drainTimeout());
        this.rounds = new Rounds(settings.lease());
        // Two renewals.
        this.steady = new Steady(settings.lease().multipliedBy(2).dividedBy(3));
    }

    /**
     * Registers for every change and opens the layout that results.
     *
     * @return for each change that could not go where it was told, what held it
     * @throws NoLegalPhaseException if a change has no phase in which this node could run
     */
    Map<String, List<Held>> join() throws SQLException {
        Permit next = membership.nextGeneration(changes.size());
        Map<String, Phase> phases = new HashMap<>();
        Map<String, List<Held>> holds = new HashMap<>();
        for (ColumnChange change : changes) {
            // As the registry has it of a node that joins.
            host.brace(change.id(), Set.of());
            ChangeSettings wanted = settings.change(change.id());
            ChangeRecord record = read(change.id());
            Request request = instructions.all(record).strongest();
            Set<Held> minded = new LinkedHashSet<>();
            Phase highest = highest(change, record, request.phase(), minded);
            Walk.Step step =
                    membership.join(next, change.id(), highest, shadowServed(record, wanted), wanted.contract());
            Phase phase = step.phase();
            if (phase == null) {
                leave(next);
                throw new NoLegalPhaseException(change.id(), request, step.held());
            }
            phases.put(change.id(), phase);
            List<Held> all = new ArrayList<>(step.held());
            all.addAll(minded);
            if (!all.isEmpty()) {
                holds.put(change.id(), all);
            }
        }
        Layout joined = new Layout(phases);
        // From here on: to build what the phases need may take longer than a lease.
        lease.keep(next);
        try {
            host.prepare(joined);
            host.open(joined, next);
        } catch (RuntimeException e) {
            lease.drop();
            leave(next);
            throw e;
        }
        layout = joined;
        permit = next;
        held.clear();
        held.putAll(holds);
        for (ChangeRecord before : List.copyOf(records.values())) {
            // So that whoever asks now is shown this node too.
            read(before.id());
        }
        return holds;
    }

    /**
     * Up to where a node may go that joins.
     *
     * @param minded takes what keeps it from the phases above
     */
    private Phase highest(ColumnChange change, ChangeRecord record, Phase requested, Set<Held> minded)
            throws SQLException {
        Phase phase = requested;
        List<Held> held = caution.beforePhase(change, record, null, phase);
        while (!held.isEmpty() && phase != Phase.OLD_ONLY) {
            minded.addAll(held);
            phase = Phase.values()[phase.ordinal() - 1];
            held = caution.beforePhase(change, record, null, phase);
        }
        return phase;
    }

    /** One round. Whatever goes wrong with one change is said and tried again; it does not stop the others. */
    void round() {
        int nodes = records.values().stream()
                .mapToInt(record -> record.members().size())
                .max()
                .orElse(1);
        // A node without a lease does not wait for its turn among many, but neither does it ask without a pause.
        if (!rounds.isDue(lease.isLost() ? 1 : nodes)) {
            return;
        }
        flags.ask();
        try {
            if (lease.isLost()) {
                join();
                log.info(
                        "Node {} has joined the fleet again.",
                        membership.identity().node());
            }
        } catch (SQLException | RuntimeException e) {
            log.warn("The node could not join the fleet again ({}); trying again.", e.getMessage());
            return;
        }
        lookOut();
        for (ColumnChange change : changes) {
            try {
                step(change);
            } catch (SQLException | RuntimeException e) {
                if (!Thread.currentThread().isInterrupted()) {
                    log.warn("Change {}: {}; trying again.", change.id(), e.getMessage(), e);
                }
            }
        }
    }

    private void lookOut() {
        Layout open = layout;
        try {
            if (open != null) {
                lookout.look(open);
            }
        } catch (SQLException | RuntimeException e) {
            log.warn("The fleet could not be told to go back ({}); it will be tried again.", e.getMessage());
        }
    }

    private void step(ColumnChange change) throws SQLException {
        String id = change.id();
        ChangeRecord record = read(id);
        if (record.hasLapsed()) {
            store.situation(id);
            record = read(id);
        }
        workshop.look(change, record.situation());
        caution.look(change, record);
        if (record.uncountedHits()) {
            workshop.countHits(change);
        }
        Optional<Participant> registered =
                record.situation().participant(membership.identity().node());
        Permit current = permit;
        Layout open = layout;
        if (registered.isEmpty() || current == null || open == null || lease.isLost()) {
            return;
        }
        Participant self = registered.get();
        if (isTakenBack(self, open.phase(id), host.occupied(id, current))) {
            log.warn(
                    "Change {}: the registry knows nothing any more of {}, which this node occupies: a database that has"
                            + " heard less has taken the place of the other. The node joins anew.",
                    id,
                    open.phase(id).id());
            lease.lose();
            return;
        }
        if (self.phase() != open.phase(id)) {
            open = open(open.with(id, self.phase()), current);
        }
        brace(change, record);
        tellDifferences(id);
        Phases stillOpen = host.occupied(id, current).without(self.phase());
        if (!stillOpen.equals(self.draining())) {
            membership.drained(id, stillOpen);
            record = read(id);
        }
        walk(change, record, self, open, current);
    }

    /** One line of all that shadow reads have found since the last round. */
    private void tellDifferences(String id) throws SQLException {
        Optional<String> found = host.differences(id);
        if (found.isPresent()) {
            log.warn("Change {}: shadow-read has found {}", id, found.get());
            store.underLock(id, locked -> {
                locked.journal("shadow", null, null, found.get());
                return locked.situation();
            });
        }
    }

    /** A move is registered before any session begins under it, so what is missing has been there. */
    private static boolean isTakenBack(Participant self, Phase open, Phases occupied) {
        return !self.occupied().contains(open) || !occupied.allMatch(self.occupied()::contains);
    }

    private void brace(ColumnChange change, ChangeRecord record) throws SQLException {
        String node = membership.identity().node();
        if (record.bracing() != record.braced(node)) {
            host.brace(change.id(), record.bracing() ? workshop.takenTables(change) : Set.of());
            if (!record.bracing() || host.isBraced()) {
                bracing.answer(change.id(), node, record.bracing());
            }
        }
    }

    private void walk(ColumnChange change, ChangeRecord record, Participant self, Layout open, Permit current)
            throws SQLException {
        String id = change.id();
        ChangeSettings wanted = settings.change(id);
        Requests requests = instructions.all(record);
        instructions.journal(id);
        Phase requested = requests.strongest().phase();
        if (requested != self.requested()) {
            membership.requested(id, requested);
            log.info(
                    "Change {}: requested is {} by {} (was {})",
                    id,
                    requested.id(),
                    requests.strongest().source().id(),
                    self.requested().id());
        }
        Walk.Step step = Walk.next(record.situation(), self.phase(), requested, shadowServed(record, wanted));
        Phase legal = step.phase() == null ? self.phase() : step.phase();
        List<Held> minded = caution.beforePhase(change, record, self.phase(), legal);
        Phase to = minded.isEmpty() ? legal : self.phase();
        List<Held> now = step.held();
        if (to != self.phase()) {
            now = move(id, to, open, current);
            if (now.isEmpty()) {
                now = step.held();
            }
        }
        List<Held> all = new ArrayList<>(now);
        all.addAll(minded);
        all.addAll(lingerers.of(id, self));
        flags.trouble(id).ifPresent(all::add);
        Optional<Work> work = next(change, record, wanted, all);
        hold(id, all.stream().distinct().toList());
        if (work.isEmpty()) {
            steady.interrupt(id);
        }
        if (work.isPresent() && isSteady(record, work.get())) {
            workshop.offer(change, work.get());
        } else if (record.situation().guard().records()) {
            workshop.drain(change);
        }
    }

    /**
     * What the change needs next, if it may begin.
     *
     * @param held takes what keeps it
     */
    private Optional<Work> next(ColumnChange change, ChangeRecord record, ChangeSettings wanted, List<Held> held)
            throws SQLException {
        DryRun dryRun = new DryRun(record, workshop.hasDryRun(change) ? wanted.contractAfter() : Duration.ZERO);
        dryRun.held().ifPresent(held::add);
        if (dryRun.ending().isPresent()) {
            return dryRun.ending();
        }
        Duration heldFor = record.permitsDrop() ? record.heldFor() : null;
        List<Held> drop = heldFor == null ? List.of() : caution.beforeDrop(record);
        held.addAll(drop);
        boolean drops = heldFor != null && drop.isEmpty() && heldFor.compareTo(wanted.contractAfter()) >= 0;
        Situation s = record.situation();
        Optional<Work> work = (record.abandoned() ? Abandonment.next(s) : Agenda.next(s, drops && dryRun.isOver()))
                .or(dryRun::beginning);
        workshop.due(change, work);
        List<Held> minded = work.map(next -> caution.beforeWork(record, next)).orElse(List.of());
        held.addAll(minded);
        work.flatMap(next -> paused(record, next)).ifPresent(held::add);
        return minded.isEmpty() ? work : Optional.empty();
    }

    /** Whoever waits for a proof should not have to guess that it rests; the workers themselves heed it. */
    private static Optional<Held> paused(ChangeRecord record, Work work) {
        return work instanceof Work.Seal seal && record.pausedBy() != null
                ? Optional.of(new Held.Lacks(
                        "seal(" + seal.side() + ")",
                        record.pausedBy() + " has paused the work on the rows",
                        "resume it"))
                : Optional.empty();
    }

    /** @return what stands in the way; empty if new sessions begin in the other phase now */
    private List<Held> move(String id, Phase to, Layout open, Permit current) throws SQLException {
        SegueListener.Span span = listeners.begins(SegueListener.Work.SWITCH, id, to.id());
        Throwable failure = null;
        try {
            Layout next = open.with(id, to);
            List<Held> held = prepared(id, next);
            if (held.isEmpty()) {
                held = membership.move(id, to);
            }
            if (held.isEmpty()) {
                open(next, current);
                // So that whoever asks now is shown where the node is.
                read(id);
            }
            return held;
        } catch (SQLException | RuntimeException e) {
            failure = e;
            throw e;
        } finally {
            span.ended(failure);
        }
    }

    /** Builds what the next phase needs. If that fails, everything stays as it is and the next round tries again. */
    private List<Held> prepared(String id, Layout next) {
        try {
            host.prepare(next);
            return List.of();
        } catch (RuntimeException e) {
            Held unbuilt = new Held.Lacks(
                    next.phase(id).id(),
                    "what its sessions need cannot be built: " + rootOf(e),
                    "correct what the message names; it is tried again by itself");
            if (!held.getOrDefault(id, List.of()).contains(unbuilt)) {
                log.warn("Change {}: {}", id, unbuilt.message(), e);
            }
            return List.of(unbuilt);
        }
    }

    /** What has gone wrong first; whoever passes it on seldom says it. */
    private static Throwable rootOf(Throwable e) {
        Throwable cause = e.getCause();
        return cause == null ? e : rootOf(cause);
    }

    /** What takes something away again waits, unless it has begun already or an operator wants it. */
    private boolean isSteady(ChangeRecord record, Work work) {
        boolean begins = work instanceof Work.Revert revert
                && !record.situation().stages().of(revert.stage()).underWay()
                && record.request(Source.OPERATOR).isEmpty();
        if (!begins) {
            steady.interrupt(record.id());
        }
        return !begins || steady.stands(record.id(), work);
    }

    private Layout open(Layout next, Permit current) {
        host.prepare(next);
        host.open(next, current);
        layout = next;
        return next;
    }

    private void hold(String id, List<Held> now) throws SQLException {
        List<Held> before = held.put(id, now);
        if (now.isEmpty() || now.equals(before)) {
            return;
        }
        String why = String.join("; ", now.stream().map(Held::message).toList());
        store.underLock(id, locked -> {
            locked.journal("held", null, null, why);
            return locked.situation();
        });
    }

    /** Reads what the registry knows of a change, so that whoever asks now is shown it. */
    ChangeRecord read(String id) throws SQLException {
        ChangeRecord record = store.read(id)
                .orElseThrow(() -> new IllegalStateException("The registry no longer knows change '" + id + "'."));
        records.put(id, record);
        return record;
    }

    private static boolean shadowServed(ChangeRecord record, ChangeSettings wanted) {
        return wanted.shadowFor().isZero()
                || (record.shadowedFor() != null && record.shadowedFor().compareTo(wanted.shadowFor()) >= 0);
    }

    /** Leaves every change, if all sessions have ended; otherwise the lease runs out by itself. */
    void leave() throws SQLException {
        Permit current = permit;
        if (current == null) {
            return;
        }
        for (ColumnChange change : changes) {
            if (!host.occupied(change.id(), current).isEmpty()) {
                log.warn("Sessions are still open; the lease of node {} runs out by itself.", current.node());
                return;
            }
        }
        leave(current);
    }

    private void leave(Permit left) throws SQLException {
        for (ColumnChange change : changes) {
            membership.leave(left, change.id());
        }
    }

    /**
     * What this node sees of a change, as of its last round.
     *
     * @param phase where it is
     * @param held what keeps it from going on
     */
    record Sight(ChangeRecord record, Phase phase, List<Held> held) {}

    Sight sight(String id) {
        ChangeRecord record = records.get(id);
        Layout open = layout;
        if (record == null || open == null) {
            throw new IllegalStateException("The node has not joined change '" + id + "' yet.");
        }
        return new Sight(record, open.phase(id), held.getOrDefault(id, List.of()));
    }
}
