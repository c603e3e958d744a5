package dev.segue.hibernate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.fleet.LeaseLostException;
import dev.segue.fleet.Membership;
import dev.segue.fleet.Permit;
import dev.segue.fleet.RegistryTables;
import dev.segue.hibernate.model.Customer;
import dev.segue.lifecycle.Guard;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Phases;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.hibernate.HibernateException;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.StatelessSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node whose lease is over commits nothing, on any way to commit; one that is only late does. */
@EachDatabase
class CommitCheckTest {

    private static final String CHANGE = "customer-full-name";

    private final Engine engine;
    private final Shop shop;
    private final LateClock clock = new LateClock();
    private final Set<String> changes;
    private final Membership membership;
    private final Permit permit;
    private final SwitchableSessionFactory host;
    private final SessionFactory factory;

    CommitCheckTest(Engine engine) {
        this.engine = engine;
        shop = new Shop(engine);
        changes = shop.layout(Phase.OLD_ONLY).phases().keySet();
        membership = shop.membership(Duration.ofSeconds(30), clock);
        permit = membership.nextGeneration(changes.size());
        host = shop.host();
        factory = host.proxy();
    }

    @BeforeEach
    void join() throws SQLException {
        RegistryTables.migrate(shop.database.dataSource(), shop.dialect());
        for (String change : changes) {
            shop.registry().declare(change, "definition", Kind.REPLACE, Guard.Form.NONE);
        }
        register(permit);
        host.prepare(shop.layout(Phase.OLD_ONLY));
        host.open(shop.layout(Phase.OLD_ONLY), permit);
        factory.inTransaction(session -> session.persist(new Customer(1, "Ann", "Rome")));
    }

    private void register(Permit by) throws SQLException {
        for (String change : changes) {
            membership.join(by, change, Phase.OLD_ONLY, false, false);
        }
    }

    @AfterEach
    void close() {
        shop.close();
    }

    private static void assertRefused(ThrowingCallable work) {
        assertThatThrownBy(work).hasRootCauseInstanceOf(LeaseLostException.class);
    }

    private long customers() {
        return shop.database.value("SELECT count(*) FROM customer", Long.class);
    }

    @Test
    void aServerThatHasNotHeardOfTheRegistrationIsNeitherReadNorWritten() {
        shop.withColumnsOf(Phase.DUAL_WRITE);
        host.prepare(shop.layout(Phase.DUAL_WRITE));
        host.open(shop.layout(Phase.DUAL_WRITE), permit);

        assertRefused(() -> factory.inTransaction(session -> session.find(Customer.class, 1L)));
        assertRefused(() -> factory.inStatelessSession(session -> session.insert(new Customer(2, "Bob", "Oslo"))));
        assertThat(customers()).isEqualTo(1);

        shop.database.execute("UPDATE segue_participant SET phase = 'shadow-read', draining = 'old-only,dual-write'");
        factory.inTransaction(session -> session.persist(new Customer(2, "Bob", "Oslo")));
        assertThat(customers()).isEqualTo(2);
    }

    /** Which would keep MySQL from trying its first statement again by itself when a schema change is in its way. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTransactionHasNoLocksFromWhatTheServerWasAsked(boolean onlyReads) {
        String locks = engine == Engine.POSTGRESQL
                ? "SELECT relation::regclass::text FROM pg_locks WHERE pid = pg_backend_pid() AND relation::regclass::text LIKE 'segue%'"
                : "SELECT object_name FROM performance_schema.metadata_locks JOIN performance_schema.threads"
                        + " ON thread_id = owner_thread_id WHERE processlist_id = CONNECTION_ID() AND object_name LIKE 'segue%'";
        factory.inTransaction(busy -> {
            busy.find(Customer.class, 1L);
            // So this one gets a connection that is new.
            try (Session session = factory.openSession()) {
                session.doWork(connection -> connection.setReadOnly(onlyReads));
                session.getTransaction().begin();
                assertThat(session.createNativeQuery(locks, String.class).getResultList())
                        .isEmpty();
                session.getTransaction().commit();
                session.doWork(connection -> connection.setReadOnly(false));
            }
        });
    }

    /** Whoever commits it would ask for no permit, and its transaction may have begun in another phase. */
    @Test
    void aSessionOverAConnectionThatItIsGivenIsRefused() throws SQLException {
        try (Connection connection = shop.database.connect()) {
            for (ThrowingCallable opens : List.<ThrowingCallable>of(
                    () -> factory.openStatelessSession(connection),
                    () -> factory.withStatelessOptions().connection(connection).openStatelessSession(),
                    () -> factory.withOptions().connection(connection).openSession())) {
                assertThatThrownBy(opens)
                        .isInstanceOf(HibernateException.class)
                        .hasMessageContaining("over a connection that it is given")
                        .hasMessageContaining("Let it take one from the data source");
            }
        }
    }

    @Test
    void aSessionIsRolledBack() {
        assertRefused(() -> factory.inTransaction(session -> {
            session.persist(new Customer(2, "Bob", "Oslo"));
            session.flush();
            shop.loseLease(membership, permit);
        }));

        assertThat(customers()).isEqualTo(1);
    }

    @Test
    void aStatelessSessionIsRolledBack() {
        assertRefused(() -> factory.inStatelessTransaction(session -> {
            shop.loseLease(membership, permit);
            session.insert(new Customer(2, "Bob", "Oslo"));
        }));

        assertThat(customers()).isEqualTo(1);
    }

    @Test
    void aChildOfASessionIsRolledBack() {
        assertRefused(() -> factory.inSession(parent -> {
            try (Session child = parent.sessionWithOptions().openSession()) {
                child.inTransaction(transaction -> {
                    child.persist(new Customer(2, "Bob", "Oslo"));
                    child.flush();
                    shop.loseLease(membership, permit);
                });
            }
        }));
        assertRefused(() -> factory.inSession(parent -> {
            try (StatelessSession child = parent.statelessWithOptions().openStatelessSession()) {
                child.inTransaction(transaction -> child.insert(new Customer(2, "Bob", "Oslo")));
            }
        }));

        assertThat(customers()).isEqualTo(1);
    }

    @Test
    void aTransactionThatOnlyReadsFails() {
        assertRefused(() -> factory.inTransaction(session -> {
            session.setDefaultReadOnly(true);
            session.find(Customer.class, 1L);
            shop.loseLease(membership, permit);
        }));
    }

    @Test
    void aReadWithoutATransactionFails() {
        assertRefused(() -> factory.inSession(session -> {
            shop.loseLease(membership, permit);
            session.find(Customer.class, 1L);
        }));
    }

    @Test
    void aWriteWithoutATransactionIsRolledBack() {
        assertRefused(() -> factory.inStatelessSession(session -> {
            shop.loseLease(membership, permit);
            session.insert(new Customer(2, "Bob", "Oslo"));
        }));

        assertThat(customers()).isEqualTo(1);
    }

    @Test
    void aWriteWithoutATransactionCommitsWhileTheLeaseRuns() {
        factory.inStatelessSession(session -> session.insert(new Customer(2, "Bob", "Oslo")));

        assertThat(customers()).isEqualTo(2);
    }

    @Test
    void workDoneOnTheConnectionItselfIsRolledBackToo() {
        assertRefused(() -> factory.inTransaction(session -> session.doWork(connection -> {
            try (var statement = connection.createStatement()) {
                statement.executeUpdate("UPDATE customer SET note = 'changed'");
            }
            shop.loseLease(membership, permit);
        })));

        assertThat(shop.database.value("SELECT count(*) FROM customer WHERE note IS NOT NULL", Long.class))
                .isZero();
    }

    @Test
    void sessionsOpenedAfterTheNodeHasJoinedAgainCommitAndEarlierOnesDoNot() throws SQLException {
        var earlier = factory.openSession();
        var transaction = earlier.beginTransaction();
        earlier.persist(new Customer(2, "Bob", "Oslo"));
        earlier.flush();
        shop.loseLease(membership, permit);
        Permit next = membership.nextGeneration(changes.size());
        register(next);
        host.open(shop.layout(Phase.OLD_ONLY), next);

        factory.inTransaction(session -> session.persist(new Customer(3, "Eve", "Bonn")));
        assertRefused(transaction::commit);
        earlier.close();

        assertThat(shop.database.value("SELECT count(*) FROM customer WHERE id = 3", Long.class))
                .isEqualTo(1L);
        assertThat(shop.database.value("SELECT count(*) FROM customer WHERE id = 2", Long.class))
                .isZero();
        assertThat(host.occupied(CHANGE, next)).isEqualTo(Phases.NONE);
    }

    private void beLate() {
        clock.advance(Duration.ofHours(1));
    }

    @Test
    void aNodeThatIsOnlyLateCommits() {
        factory.inTransaction(session -> {
            session.persist(new Customer(2, "Bob", "Oslo"));
            beLate();
        });

        assertThat(customers()).isEqualTo(2);
    }

    @Test
    void aLateNodeThatHasBeenDeclaredGoneIsRolledBack() {
        assertRefused(() -> factory.inTransaction(session -> {
            session.persist(new Customer(2, "Bob", "Oslo"));
            shop.database.execute("UPDATE segue_participant SET state = 'lapsed'");
            beLate();
        }));

        assertThat(customers()).isEqualTo(1);
    }

    /** PostgreSQL locks no row in a read-only transaction, so the registry is asked on another connection. */
    @Test
    void aLateNodeCommitsAReadOnlyTransaction() {
        assertThat(nameReadWhenLate()).isEqualTo("Ann");
    }

    @Test
    void aReadOnlyTransactionOfALateNodeThatHasBeenDeclaredGoneFails() {
        shop.database.execute("UPDATE segue_participant SET state = 'lapsed'");

        assertRefused(this::nameReadWhenLate);
    }

    private @Nullable String nameReadWhenLate() {
        return factory.fromSession(session -> {
            session.doWork(connection -> connection.setReadOnly(true));
            try {
                return session.fromTransaction(transaction -> {
                    Customer found = session.find(Customer.class, 1L);
                    beLate();
                    return found.fullName;
                });
            } finally {
                session.doWork(connection -> connection.setReadOnly(false));
            }
        });
    }
}
