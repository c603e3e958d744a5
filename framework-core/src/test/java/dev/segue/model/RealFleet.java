package dev.segue.model;

import dev.segue.fleet.ChangeStore;
import dev.segue.fleet.InMemoryStore;
import dev.segue.fleet.Membership;
import dev.segue.fleet.NodeIdentity;
import dev.segue.fleet.Operator;
import dev.segue.fleet.Permit;
import dev.segue.fleet.Seals;
import dev.segue.fleet.StageIntents;
import dev.segue.fleet.TestClock;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Phases;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Situation;
import dev.segue.lifecycle.Stage;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The production classes of the fleet, each time over a store in memory that is put into the situation before. The
 * databases stand the same contract as that store.
 */
final class RealFleet implements Fleet {

    private static final String CHANGE = "change";
    /** In the model whoever records an end has begun what is under way; that others come too late is shown of the store. */
    private static final long NONE_SINCE = 0;

    private static final Duration LEASE = Duration.ofSeconds(30);

    /** Something that is done with the store. */
    @FunctionalInterface
    private interface Deed {
        /** @return false if it has been refused */
        boolean isDone(ChangeStore<?> store) throws SQLException;
    }

    private static @Nullable Situation after(Situation before, Deed deed) {
        InMemoryStore.Shared shared = new InMemoryStore.Shared();
        shared.put(CHANGE, before);
        return after(before, shared.of("worker", new TestClock()), deed);
    }

    private static @Nullable Situation after(Situation before, InMemoryStore store, Deed deed) {
        try {
            boolean done = deed.isDone(store);
            Situation after = store.read(CHANGE).orElseThrow().situation();
            return done && !after.equals(before) ? after : null;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Membership membership(ChangeStore<?> store, String node) {
        return new Membership(store, new NodeIdentity(node, "model", "1"), LEASE, new TestClock());
    }

    @Override
    public @Nullable Situation joins(Situation s, String node, Phase phase) {
        return after(s, store -> {
            Membership joining = membership(store, node);
            return joining.join(joining.nextGeneration(1), CHANGE, phase, true, true)
                            .phase()
                    == phase;
        });
    }

    @Override
    public @Nullable Situation moves(Situation s, String node, Phase phase) {
        return after(s, store -> membership(store, node).move(CHANGE, phase).isEmpty());
    }

    @Override
    public @Nullable Situation drained(Situation s, String node, Phases open) {
        return after(s, store -> {
            membership(store, node).drained(CHANGE, open);
            return true;
        });
    }

    @Override
    public @Nullable Situation leaves(Situation s, String node) {
        InMemoryStore.Shared shared = new InMemoryStore.Shared();
        InMemoryStore store = shared.of(node, new TestClock());
        Membership leaving = membership(store, node);
        Permit permit = registered(leaving, shared, s);
        return after(s, store, same -> {
            leaving.leave(permit, CHANGE);
            return true;
        });
    }

    @Override
    public @Nullable Situation lapses(Situation s, String node) {
        TestClock clock = new TestClock();
        InMemoryStore.Shared shared = new InMemoryStore.Shared();
        InMemoryStore store = shared.of("observer", clock);
        registered(membership(store, node), shared, s);
        return after(s, store, same -> {
            same.read(CHANGE);
            clock.advance(LEASE.plusMillis(1));
            same.situation(CHANGE);
            return true;
        });
    }

    /** Joins a change that nobody has begun, and then it is as the situation says. */
    private static Permit registered(Membership member, InMemoryStore.Shared shared, Situation s) {
        shared.put(CHANGE, Situation.initial(s.kind(), s.guard().form()));
        Permit permit = member.nextGeneration(1);
        try {
            member.join(permit, CHANGE, Phase.OLD_ONLY, true, true);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        shared.put(CHANGE, s);
        return permit;
    }

    @Override
    public @Nullable Situation begins(Situation s, Stage stage, boolean apply) {
        return after(
                s, store -> new StageIntents(store).begin(CHANGE, stage, apply).isPresent());
    }

    @Override
    public @Nullable Situation ends(Situation s, Stage stage, boolean apply) {
        return after(s, store -> {
            new StageIntents(store).end(CHANGE, stage, apply, NONE_SINCE);
            return true;
        });
    }

    @Override
    public @Nullable Situation guardedBack(Situation s) {
        return after(s, store -> {
            new StageIntents(store).guardedBack(CHANGE, NONE_SINCE);
            return true;
        });
    }

    @Override
    public @Nullable Situation beginsSwitch(Situation s, boolean refuse) {
        return after(
                s, store -> new StageIntents(store).beginSwitch(CHANGE, refuse).isPresent());
    }

    @Override
    public @Nullable Situation endsSwitch(Situation s, boolean refuse) {
        return after(s, store -> {
            new StageIntents(store).endSwitch(CHANGE, refuse, NONE_SINCE);
            return true;
        });
    }

    @Override
    public @Nullable Situation discards(Situation s) {
        return after(s, store -> new Operator(store).discard(CHANGE, "operator").isEmpty());
    }

    @Override
    public @Nullable Situation vouches(Situation s) {
        return after(s, store -> {
            new Operator(store).vouch(CHANGE, "operator");
            return true;
        });
    }

    @Override
    public @Nullable Situation notes(Situation s, Side side) {
        InMemoryStore.Shared shared = new InMemoryStore.Shared();
        shared.put(CHANGE, s);
        try {
            return new Seals<>(shared.of("worker", new TestClock()))
                    .begin(CHANGE, side)
                    .orElse(null);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public @Nullable Situation seals(Situation s, Side side) {
        return after(s, store -> new Seals<>(store).verdict(CHANGE, side, s.epoch(), locked -> true));
    }

    /** Nothing in production finds such rows yet, so this is the transition alone. */
    @Override
    public @Nullable Situation voids(Situation s, Side side) {
        return after(
                s,
                store -> store.underLock(CHANGE, locked -> {
                    locked.save(locked.situation().voided(side));
                    return true;
                }));
    }
}
