package dev.segue.hibernate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.fleet.Permit;
import dev.segue.hibernate.model.Customer;
import dev.segue.hibernate.model.Visit;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Phases;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.hibernate.HibernateException;
import org.hibernate.Session;
import org.hibernate.SessionEventListener;
import org.hibernate.SessionFactory;
import org.hibernate.SharedSessionContract;
import org.hibernate.StatelessSession;
import org.hibernate.context.internal.ManagedSessionContext;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The session factory goes from phase to phase while it is in use. */
@EachDatabase
class HotSwitchTest {

    private static final String CHANGE = "customer-full-name";

    private final Shop shop;
    private final SwitchableSessionFactory host;
    private final SessionFactory factory;
    private final Permit permit;

    HotSwitchTest(Engine engine) {
        shop = new Shop(engine);
        host = shop.host();
        factory = host.proxy();
        permit = shop.permit();
    }

    @AfterEach
    void close() {
        shop.close();
    }

    private void go(Phase phase) {
        host.prepare(shop.layout(phase));
        host.open(shop.layout(phase), permit);
    }

    @Test
    void anOpenSessionKeepsItsPhaseAndItIsOccupiedUntilTheSessionEnds() {
        shop.withColumnsOf(Phase.DUAL_WRITE);
        go(Phase.OLD_ONLY);
        var session = factory.openSession();
        var transaction = session.beginTransaction();
        session.persist(new Customer(1, "Ann", "Rome"));

        go(Phase.DUAL_WRITE);
        assertThat(host.occupied(CHANGE, permit)).isEqualTo(Phases.of(Phase.OLD_ONLY));
        factory.inTransaction(other -> other.persist(new Customer(2, "Bob", "Oslo")));
        transaction.commit();
        session.close();

        assertThat(host.occupied(CHANGE, permit)).isEqualTo(Phases.NONE);
        assertThat(shop.database.value("SELECT count(*) FROM customer WHERE full_name IS NULL", Long.class))
                .isEqualTo(1L);
    }

    @Test
    void aFactoryStaysOpenUntilItsLastSessionIsClosedAltogether() {
        shop.withColumnsOf(Phase.DUAL_WRITE);
        go(Phase.OLD_ONLY);
        List<SharedSessionContract> sessions = List.of(factory.openStatelessSession(), factory.openSession());
        List<Phases> whileOneCloses = new ArrayList<>();
        for (SharedSessionContract session : sessions) {
            session.beginTransaction();
            insert(session, new Customer(sessions.indexOf(session), "Ann", "Rome"));
            session.getTransaction().commit();
            ((SharedSessionContractImplementor) session)
                    .getEventListenerManager()
                    .addListener(new SessionEventListener() {

                        @Override
                        public void end() {
                            whileOneCloses.add(host.occupied(CHANGE, permit));
                        }
                    });
        }

        go(Phase.DUAL_WRITE);
        sessions.forEach(SharedSessionContract::close);

        assertThat(whileOneCloses).containsExactly(Phases.of(Phase.OLD_ONLY), Phases.of(Phase.OLD_ONLY));
        assertThat(host.openSessions()).isEmpty();
        assertThat(host.occupied(CHANGE, permit)).isEqualTo(Phases.NONE);
    }

    @Test
    void everyWayToOpenASessionIsCounted() {
        go(Phase.OLD_ONLY);
        List<AutoCloseable> sessions = new ArrayList<>();
        sessions.add(factory.openSession());
        sessions.add(factory.openStatelessSession());
        sessions.add(factory.withOptions().openSession());
        sessions.add(factory.withOptions().open());
        sessions.add(factory.withStatelessOptions().openStatelessSession());
        sessions.add(factory.createEntityManager());

        assertThat(host.openSessions()).hasSize(6).allMatch(session -> session.thread() == Thread.currentThread());
        for (AutoCloseable session : sessions) {
            assertThat(host.occupied(CHANGE, permit)).isEqualTo(Phases.of(Phase.OLD_ONLY));
            closeQuietly(session);
        }
        assertThat(host.occupied(CHANGE, permit)).isEqualTo(Phases.NONE);

        factory.inTransaction(session -> assertThat(host.openSessions()).hasSize(1));
        factory.runInTransaction(session -> assertThat(host.openSessions()).hasSize(1));
        List<Integer> counts = new ArrayList<>();
        counts.add(factory.fromTransaction(session -> host.openSessions().size()));
        counts.add(factory.fromSession(session -> host.openSessions().size()));
        counts.add(
                factory.fromStatelessTransaction(session -> host.openSessions().size()));
        counts.add(factory.fromStatelessSession(session -> host.openSessions().size()));
        counts.add(factory.callInTransaction(manager -> host.openSessions().size()));
        assertThat(counts).containsOnly(1);
        assertThat(host.openSessions()).isEmpty();
    }

    @Test
    void childrenOfASessionAndSessionsOfItsFactoryAreCountedAndCheckedInItsPhase() {
        shop.withColumnsOf(Phase.DUAL_WRITE);
        go(Phase.OLD_ONLY);
        try (Session parent = factory.openSession()) {
            go(Phase.DUAL_WRITE);
            SessionFactory named = parent.getSessionFactory();
            List<Supplier<SharedSessionContract>> openers = List.of(
                    () -> parent.sessionWithOptions().openSession(),
                    () -> parent.sessionWithOptions().connection().openSession(),
                    () -> parent.statelessWithOptions().openStatelessSession(),
                    () -> parent.statelessWithOptions().connection().openStatelessSession(),
                    named::openSession,
                    named::openStatelessSession);
            long id = 0;
            for (Supplier<SharedSessionContract> opener : openers) {
                long next = ++id;
                SharedSessionContract child = opener.get();
                assertThat(host.openSessions()).hasSize(2);
                child.inTransaction(transaction -> insert(child, new Customer(next, "Ann", "Rome")));
                child.close();
                assertThat(host.openSessions()).hasSize(1);
            }
            assertThat(shop.database.value("SELECT count(*) FROM customer WHERE full_name IS NULL", Long.class))
                    .isEqualTo(id);

            Session survivor = parent.sessionWithOptions().openSession();
            closeQuietly(parent);
            assertThat(host.occupied(CHANGE, permit)).isEqualTo(Phases.of(Phase.OLD_ONLY));
            closeQuietly(survivor);
            assertThat(host.occupied(CHANGE, permit)).isEqualTo(Phases.NONE);
            assertThatThrownBy(named::openSession).isInstanceOf(RuntimeException.class);
        }
    }

    private static void insert(SharedSessionContract session, Customer customer) {
        if (session instanceof Session stateful) {
            stateful.persist(customer);
        } else {
            ((StatelessSession) session).insert(customer);
        }
    }

    private static final String CONTEXT = "hibernate.current_session_context_class";

    @Test
    void theCurrentSessionOfAThreadStaysInItsPhaseAndIsCountedOnce() {
        shop.withColumnsOf(Phase.DUAL_WRITE);
        SwitchableSessionFactory own = shop.host(shop.database.dataSource(), Map.of(CONTEXT, "thread"));
        own.prepare(shop.layout(Phase.OLD_ONLY));
        own.open(shop.layout(Phase.OLD_ONLY), permit);
        Session session = own.proxy().getCurrentSession();
        var transaction = session.beginTransaction();
        own.prepare(shop.layout(Phase.DUAL_WRITE));
        own.open(shop.layout(Phase.DUAL_WRITE), permit);

        assertThat(own.proxy().getCurrentSession()).isSameAs(session);
        assertThat(own.openSessions()).hasSize(1);
        assertThat(own.occupied(CHANGE, permit)).isEqualTo(Phases.of(Phase.OLD_ONLY));
        transaction.commit();
        assertThat(own.occupied(CHANGE, permit)).isEqualTo(Phases.NONE);

        Session next = own.proxy().getCurrentSession();
        next.beginTransaction();
        next.persist(new Customer(1, "Ann", "Rome"));
        assertThat(own.occupied(CHANGE, permit)).isEqualTo(Phases.of(Phase.DUAL_WRITE));
        next.getTransaction().commit();
        assertThat(shop.columns(Phase.DUAL_WRITE, "customer", "name", "full_name", 1))
                .containsExactly("Ann", "Ann");
        assertThat(own.occupied(CHANGE, permit)).isEqualTo(Phases.NONE);
    }

    @Test
    void aSessionThatTheApplicationHasBoundIsFoundAfterTheSwitch() {
        shop.withColumnsOf(Phase.DUAL_WRITE);
        SwitchableSessionFactory own = shop.host(shop.database.dataSource(), Map.of(CONTEXT, "managed"));
        own.prepare(shop.layout(Phase.OLD_ONLY));
        own.open(shop.layout(Phase.OLD_ONLY), permit);
        try (Session session = own.proxy().openSession()) {
            ManagedSessionContext.bind(session);
            own.prepare(shop.layout(Phase.DUAL_WRITE));
            own.open(shop.layout(Phase.DUAL_WRITE), permit);

            assertThat(own.proxy().getCurrentSession()).isSameAs(session);
            assertThat(own.openSessions()).hasSize(1);
            ManagedSessionContext.unbind(session.getSessionFactory());
            assertThatThrownBy(own.proxy()::getCurrentSession)
                    .isInstanceOf(HibernateException.class)
                    .hasMessageContaining("No session currently bound");
        }
        assertThat(own.occupied(CHANGE, permit)).isEqualTo(Phases.NONE);
    }

    private static void closeQuietly(AutoCloseable session) {
        try {
            session.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void optionsOpenTheirSessionInThePhaseThatIsCurrentByThen() {
        shop.withColumnsOf(Phase.DUAL_WRITE);
        go(Phase.OLD_ONLY);
        var options = factory.withOptions();
        go(Phase.DUAL_WRITE);
        try (var session = options.openSession()) {
            assertThat(host.occupied(CHANGE, permit)).isEqualTo(Phases.of(Phase.DUAL_WRITE));
            assertThat(session.isOpen()).isTrue();
        }
    }

    @Test
    void insertsThatTheServerHasPreparedSurviveAColumnThatComesAndOneThatGoes() {
        go(Phase.OLD_ONLY);
        visits(10);
        shop.withColumnsOf(Phase.DUAL_WRITE);
        visits(10);
        go(Phase.DUAL_WRITE);
        visits(10);
        go(Phase.NEW_ONLY);
        visits(10);
        shop.database.execute("ALTER TABLE visit DROP COLUMN page");
        visits(10);

        assertThat(shop.database.value("SELECT count(*) FROM visit", Long.class))
                .isEqualTo(50L);
    }

    private void visits(int count) {
        for (int i = 0; i < count; i++) {
            Visit visit = new Visit("/page/" + i);
            factory.inTransaction(session -> session.persist(visit));
            assertThat(visit.id).isPositive();
        }
    }

    @Test
    void noOperationFailsAcrossSwitchesUnderLoad() throws Exception {
        int threads = 16;
        int switches = 200;
        shop.withColumnsOf(Phase.DUAL_WRITE);
        go(Phase.DUAL_WRITE);
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong operations = new AtomicLong();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        List<Future<?>> work = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            long id = thread + 1L;
            work.add(pool.submit(() -> {
                factory.inTransaction(session -> session.persist(new Customer(id, "start", "Rome")));
                for (int i = 0; !stop.get(); i++) {
                    writeAndRead(id, "name " + i, i);
                    factory.getCriteriaBuilder();
                    operations.incrementAndGet();
                }
            }));
        }
        Phase[] path = {Phase.SHADOW_READ, Phase.READ_NEW, Phase.SHADOW_READ, Phase.DUAL_WRITE};
        for (int i = 0; i < switches; i++) {
            long before = operations.get();
            go(path[i % path.length]);
            Awaitility.await()
                    .until(() ->
                            operations.get() > before + threads || work.stream().anyMatch(Future::isDone));
        }
        stop.set(true);
        for (Future<?> future : work) {
            future.get();
        }
        pool.shutdown();

        assertThat(shop.database.value(
                        "SELECT count(*) FROM customer WHERE name <> full_name OR full_name IS NULL", Long.class))
                .isZero();
        assertThat(shop.mismatches).isEmpty();
    }

    private void writeAndRead(long id, String name, int i) {
        if (i % 2 == 0) {
            factory.inTransaction(session -> session.find(Customer.class, id).fullName = name);
        } else {
            factory.inTransaction(
                    session -> session.createMutationQuery("update Customer set fullName = ?1 where id = ?2")
                            .setParameter(1, name)
                            .setParameter(2, id)
                            .executeUpdate());
        }
        String read = factory.fromTransaction(session -> session.find(Customer.class, id).fullName);
        if (!Objects.equals(read, name)) {
            throw new IllegalStateException("Wrote " + name + " and read " + read);
        }
    }
}
