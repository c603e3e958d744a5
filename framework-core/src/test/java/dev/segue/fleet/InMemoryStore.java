package dev.segue.fleet;

import dev.segue.lifecycle.Guard;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Participant;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Phases;
import dev.segue.lifecycle.Progress;
import dev.segue.lifecycle.Situation;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A store without a database, with a clock that only moves when it is told to. */
public final class InMemoryStore implements ChangeStore<LockedChange> {

    /** What all nodes share. */
    public static final class Shared {

        private final Map<String, Row> changes = new LinkedHashMap<>();
        private final List<String> journal = new ArrayList<>();
        private Instant now = Instant.EPOCH;

        /** The store as one node sees it. */
        public InMemoryStore of(String node, NodeClock clock) {
            return new InMemoryStore(this, node, clock);
        }

        /** Puts a change into a situation, whatever it was in. */
        public synchronized void put(String change, Situation situation) {
            Row row = changes.computeIfAbsent(change, id -> new Row("", situation));
            row.situation = situation;
            for (Participant participant : situation.participants()) {
                row.leases.putIfAbsent(
                        participant.node(),
                        new Lease(1, false, Duration.ofDays(1), Instant.ofEpochMilli(Long.MAX_VALUE / 2)));
            }
        }

        synchronized void pass(Duration time) {
            now = now.plus(time);
        }

        synchronized List<String> journal() {
            return List.copyOf(journal);
        }
    }

    private static final class Row {

        private final String definition;
        private final Map<String, Lease> leases = new LinkedHashMap<>();
        private Situation situation;
        private final Map<Request.Source, Request> requests = new EnumMap<>(Request.Source.class);
        private boolean abandoned;
        private boolean contractAllowed;
        private @Nullable String pausedBy;
        private long intents;
        private Progress dryRun = Progress.PENDING;

        Row(String definition, Situation situation) {
            this.definition = definition;
            this.situation = situation;
        }

        Lease lease(String node) {
            return Objects.requireNonNull(leases.get(node), node);
        }

        Row copy() {
            Row copy = new Row(definition, situation);
            copy.leases.putAll(leases);
            copy.requests.putAll(requests);
            copy.abandoned = abandoned;
            copy.contractAllowed = contractAllowed;
            copy.pausedBy = pausedBy;
            copy.intents = intents;
            copy.dryRun = dryRun;
            return copy;
        }
    }

    private record Lease(long generation, boolean permitsDrop, Duration length, Instant until) {}

    private final Shared shared;
    private final String node;
    private final LeaseWatch watch;

    private InMemoryStore(Shared shared, String node, NodeClock clock) {
        this.shared = shared;
        this.node = node;
        this.watch = new LeaseWatch(clock);
    }

    @Override
    public Optional<String> declare(String change, String definition, Kind kind, Guard.Form guard) {
        synchronized (shared) {
            Row row = shared.changes.computeIfAbsent(change, id -> new Row(definition, Situation.initial(kind, guard)));
            return Optional.of(row.definition).filter(known -> !known.equals(definition));
        }
    }

    @Override
    public Optional<ChangeRecord> read(String change) {
        synchronized (shared) {
            return Optional.ofNullable(shared.changes.get(change)).map(row -> record(change, row));
        }
    }

    private ChangeRecord record(String change, Row row) {
        boolean held = !row.situation.participants().isEmpty() && row.situation.everyoneIn(Phases.of(Phase.NEW_ONLY));
        return new ChangeRecord(
                change,
                row.situation,
                List.copyOf(row.requests.values()),
                row.abandoned,
                row.contractAllowed,
                row.pausedBy,
                false,
                null,
                held ? Duration.ZERO : null,
                row.dryRun,
                null,
                0,
                null,
                null,
                false,
                row.situation.participants().stream()
                        .map(participant -> member(change, participant, row.lease(participant.node())))
                        .toList());
    }

    private ChangeRecord.Member member(String change, Participant participant, Lease lease) {
        return new ChangeRecord.Member(
                participant.node(),
                lease.generation(),
                participant.application(),
                "1",
                lease.permitsDrop(),
                false,
                lease.until(),
                isSilent(change, participant.node(), lease));
    }

    private boolean isSilent(String change, String who, Lease lease) {
        return watch.isOver(change, who, lease.generation(), lease.until().toEpochMilli(), lease.length());
    }

    @Override
    public <T> T underLock(String change, LockedWork<? super LockedChange, T> work) throws SQLException {
        synchronized (shared) {
            Row row = shared.changes.get(change);
            if (row == null) {
                throw new IllegalStateException("The store does not know change '" + change + "'.");
            }
            Row before = row.copy();
            int lines = shared.journal.size();
            try {
                Locked locked = new Locked(change, row);
                locked.lapse();
                return work.run(locked);
            } catch (Throwable e) {
                shared.changes.put(change, before);
                shared.journal.subList(lines, shared.journal.size()).clear();
                throw e;
            }
        }
    }

    /** There is one memory, and nothing takes its place. */
    @Override
    public boolean recognizes(Connection connection, String node, long generation, Layout layout) {
        return true;
    }

    @Override
    public Renewals renewals() {
        return new Renewals() {

            @Override
            public int renew(String renewed, long generation, Duration lease) {
                synchronized (shared) {
                    shared.pass(Duration.ofMillis(1));
                    int count = 0;
                    for (Row row : shared.changes.values()) {
                        Lease now = row.leases.get(renewed);
                        if (now != null
                                && now.generation() == generation
                                && now.until().isAfter(shared.now)) {
                            row.leases.put(
                                    renewed, new Lease(generation, now.permitsDrop(), lease, shared.now.plus(lease)));
                            count++;
                        }
                    }
                    return count;
                }
            }

            @Override
            public void close() {
                // There is no connection.
            }
        };
    }

    private final class Locked extends LockedChange {

        private final String change;
        private final Row row;

        Locked(String change, Row row) {
            super(row.situation, List.copyOf(row.requests.values()), row.intents, row.dryRun);
            this.change = change;
            this.row = row;
        }

        void lapse() throws SQLException {
            for (Participant participant : row.situation.participants()) {
                if (isSilent(change, participant.node(), row.lease(participant.node()))) {
                    row.leases.remove(participant.node());
                    journal("lapsed", participant.node(), null, "its lease ran out");
                    save(situation().gone(participant.node()));
                }
            }
        }

        @Override
        protected void write(Situation next) {
            row.situation = next;
        }

        @Override
        public void register(
                NodeIdentity joining,
                long generation,
                Phase phase,
                Phase requested,
                boolean permitsDrop,
                Duration lease) {
            row.leases.put(joining.node(), new Lease(generation, permitsDrop, lease, shared.now.plus(lease)));
        }

        @Override
        public boolean deregister(String leaving, long generation) {
            Lease lease = row.leases.get(leaving);
            if (lease == null || lease.generation() != generation) {
                return false;
            }
            row.leases.remove(leaving);
            return true;
        }

        @Override
        protected void keep(Request.Source source, @Nullable Phase phase, @Nullable String by, @Nullable String why) {
            if (phase == null) {
                row.requests.remove(source);
            } else {
                row.requests.put(source, new Request(phase, source, Objects.requireNonNull(by), why, shared.now));
            }
        }

        @Override
        public void abandon(boolean wanted) {
            row.abandoned = wanted;
        }

        @Override
        public void pause(@Nullable String operator) {
            row.pausedBy = operator;
        }

        @Override
        protected void keepIntents(long next) {
            row.intents = next;
        }

        @Override
        protected void keepDryRun(Progress next) {
            row.dryRun = next;
        }

        @Override
        public void allowContract() {
            row.contractAllowed = true;
        }

        @Override
        public void journal(String what, @Nullable String from, @Nullable String to, @Nullable String why) {
            shared.journal.add("%s %s: %s -> %s, %s".formatted(node, what, from, to, why));
        }
    }
}
