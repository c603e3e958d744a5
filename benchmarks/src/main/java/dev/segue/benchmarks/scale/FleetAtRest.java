package dev.segue.benchmarks.scale;

import dev.segue.benchmarks.Contestant;
import dev.segue.benchmarks.backfill.Pooled;
import dev.segue.database.Database;
import dev.segue.fleet.ChangeStore;
import dev.segue.fleet.Membership;
import dev.segue.fleet.NodeClock;
import dev.segue.fleet.NodeIdentity;
import dev.segue.fleet.Permit;
import dev.segue.fleet.Registry;
import dev.segue.fleet.RegistryTables;
import dev.segue.lifecycle.Guard;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Phase;
import dev.segue.test.database.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Nodes that are registered for changes, and what one of them does again and again. */
final class FleetAtRest implements AutoCloseable {

    /** Nobody falls silent meanwhile. */
    private static final Duration LEASE = Duration.ofDays(1);

    private final AtomicLong statements = new AtomicLong();
    private final Pooled pool;
    private final Registry registry;
    private final Membership membership;
    private final Permit permit;
    private final ChangeStore.Renewals renewals;
    private final int nodes;
    private final int changes;
    private final int times;

    /** @param times that the work is done in one run */
    FleetAtRest(TestDatabase database, int nodes, int changes, int times) throws SQLException {
        this.nodes = nodes;
        this.changes = changes;
        this.times = times;
        this.pool = new Pooled(database);
        Database dialect = Database.valueOf(database.engine().name());
        RegistryTables.migrate(pool.dataSource(), dialect);
        this.registry = new Registry(pool.dataSource(), dialect, "node-1", NodeClock.SYSTEM);
        for (int change = 0; change < changes; change++) {
            registry.declare(change(change), "a definition", Kind.REPLACE, Guard.Form.SQL);
        }
        this.membership = member(1);
        this.permit = joined(membership);
        for (int node = 2; node <= nodes; node++) {
            joined(member(node));
        }
        this.renewals = new Registry(
                        CountedStatements.of(database.dataSource(), statements), dialect, "node-1", NodeClock.SYSTEM)
                .renewals();
    }

    private Membership member(int number) {
        return new Membership(registry, new NodeIdentity("node-" + number, "benchmark", "1"), LEASE, NodeClock.SYSTEM);
    }

    private Permit joined(Membership member) throws SQLException {
        Permit joined = member.nextGeneration(changes);
        for (int change = 0; change < changes; change++) {
            member.join(joined, change(change), Phase.OLD_ONLY, false, false);
        }
        return joined;
    }

    private static String change(int number) {
        return "change-" + number;
    }

    /** One node renews its lease. */
    Contestant renewals() {
        return repeated(this::renew);
    }

    /** One node reads of each change what the registry knows, as in each of its rounds. */
    Contestant looks() {
        return repeated(this::look);
    }

    /** As many as one renewal needs. */
    Contestant statements() {
        return new Contestant() {
            @Override
            public void run() throws SQLException {
                renew();
            }

            @Override
            public double cost() throws SQLException {
                long before = statements.get();
                run();
                return statements.get() - before;
            }
        };
    }

    private interface Act {
        void run() throws SQLException;
    }

    private Contestant repeated(Act act) {
        Contestant all = () -> {
            for (int i = 0; i < times; i++) {
                act.run();
            }
        };
        return all.perPiece(times);
    }

    private void renew() throws SQLException {
        if (!membership.renew(renewals, permit, changes)) {
            throw new IllegalStateException("The lease is lost.");
        }
    }

    private void look() throws SQLException {
        for (int change = 0; change < changes; change++) {
            if (registry.read(change(change)).orElseThrow().members().size() != nodes) {
                throw new IllegalStateException("Some nodes are gone.");
            }
        }
    }

    @Override
    public void close() {
        renewals.close();
        pool.close();
    }

    @Override
    public String toString() {
        return nodes + (nodes == 1 ? " node, " : " nodes, ") + changes + (changes == 1 ? " change" : " changes");
    }
}
