package dev.segue.hibernate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.arjuna.ats.arjuna.common.ObjectStoreEnvironmentBean;
import com.arjuna.ats.internal.arjuna.objectstore.VolatileStore;
import com.arjuna.ats.jdbc.TransactionalDriver;
import com.arjuna.common.internal.util.propertyservice.BeanPopulator;
import com.mysql.cj.jdbc.MysqlXADataSource;
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
import jakarta.transaction.RollbackException;
import jakarta.transaction.UserTransaction;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.logging.Logger;
import javax.sql.DataSource;
import javax.sql.XADataSource;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.StatelessSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.xa.PGXADataSource;

/** The same as {@link CommitCheckTest} where transactions are begun and committed by JTA. */
@EachDatabase
class JtaCommitCheckTest {

    private static final String CHANGE = "customer-full-name";

    private final Shop shop;
    private final LateClock clock = new LateClock();
    private final Membership membership;
    private final Permit permit;
    private final SwitchableSessionFactory host;
    private final SessionFactory factory;
    private final UserTransaction transaction;

    JtaCommitCheckTest(Engine engine) {
        for (String store : new String[] {"", "communicationStore", "stateStore"}) {
            ObjectStoreEnvironmentBean bean = store.isEmpty()
                    ? BeanPopulator.getDefaultInstance(ObjectStoreEnvironmentBean.class)
                    : BeanPopulator.getNamedInstance(ObjectStoreEnvironmentBean.class, store);
            bean.setObjectStoreType(VolatileStore.class.getName());
        }
        transaction = com.arjuna.ats.jta.UserTransaction.userTransaction();
        shop = new Shop(engine);
        membership = shop.membership(Duration.ofSeconds(30), clock);
        permit = membership.nextGeneration(1);
        host = shop.host(
                new Enlisting(xa(engine), shop.database.username(), shop.database.password()),
                Map.of(
                        "hibernate.transaction.coordinator_class",
                        "jta",
                        "hibernate.transaction.jta.platform",
                        "org.hibernate.engine.transaction.jta.platform.internal.NarayanaJtaPlatform"));
        host.prepare(shop.layout(Phase.OLD_ONLY));
        host.open(shop.layout(Phase.OLD_ONLY), permit);
        factory = host.proxy();
    }

    private XADataSource xa(Engine engine) {
        if (engine == Engine.POSTGRESQL) {
            PGXADataSource dataSource = new PGXADataSource();
            dataSource.setUrl(shop.database.url());
            return dataSource;
        }
        MysqlXADataSource dataSource = new MysqlXADataSource();
        // Otherwise a transaction cannot take a second connection: MySQL joins no branch.
        dataSource.setUrl(shop.database.url()
                + (shop.database.url().contains("?") ? "&" : "?")
                + "pinGlobalTxToPhysicalConnection=true");
        return dataSource;
    }

    @BeforeEach
    void join() throws SQLException {
        RegistryTables.migrate(shop.database.dataSource(), shop.dialect());
        shop.registry().declare(CHANGE, "definition", Kind.REPLACE, Guard.Form.NONE);
        membership.join(permit, CHANGE, Phase.OLD_ONLY, false, false);
        shop.database.execute("INSERT INTO customer (id, version, name) VALUES (1, 0, 'Ann')");
    }

    @AfterEach
    void close() {
        shop.close();
    }

    private void assertCommitIsRefused() {
        assertThatThrownBy(transaction::commit)
                .isInstanceOf(RollbackException.class)
                .hasStackTraceContaining(LeaseLostException.class.getName());
    }

    private long customers() {
        return shop.database.value("SELECT count(*) FROM customer", Long.class);
    }

    @Test
    void aSessionCommitsWhileTheLeaseRuns() throws Exception {
        transaction.begin();
        try (Session session = factory.openSession()) {
            session.persist(new Customer(2, "Bob", "Oslo"));
            transaction.commit();
        }

        assertThat(customers()).isEqualTo(2);
    }

    @Test
    void aSessionIsRolledBack() throws Exception {
        transaction.begin();
        try (Session session = factory.openSession()) {
            session.persist(new Customer(2, "Bob", "Oslo"));
            session.flush();
            shop.loseLease(membership, permit);
            assertCommitIsRefused();
        }

        assertThat(customers()).isEqualTo(1);
    }

    @Test
    void aSessionThatFirstFlushesAtTheEndIsRolledBack() throws Exception {
        try (Session session = factory.openSession()) {
            transaction.begin();
            session.persist(new Customer(2, "Bob", "Oslo"));
            shop.loseLease(membership, permit);
            assertCommitIsRefused();
        }

        assertThat(customers()).isEqualTo(1);
    }

    @Test
    void theLeaseIsAskedForAgainInTheNextTransactionOfASession() throws Exception {
        try (Session session = factory.openSession()) {
            transaction.begin();
            session.persist(new Customer(2, "Bob", "Oslo"));
            transaction.commit();
            transaction.begin();
            session.persist(new Customer(3, "Eve", "Bonn"));
            shop.loseLease(membership, permit);
            assertCommitIsRefused();
        }

        assertThat(customers()).isEqualTo(2);
    }

    @Test
    void aStatelessSessionIsRolledBack() throws Exception {
        transaction.begin();
        try (StatelessSession session = factory.openStatelessSession()) {
            shop.loseLease(membership, permit);
            session.insert(new Customer(2, "Bob", "Oslo"));
            assertCommitIsRefused();
        }

        assertThat(customers()).isEqualTo(1);
    }

    @Test
    void aTransactionThatOnlyReadsFails() throws Exception {
        transaction.begin();
        try (Session session = factory.openSession()) {
            session.setDefaultReadOnly(true);
            session.find(Customer.class, 1L);
            shop.loseLease(membership, permit);
            assertCommitIsRefused();
        }
    }

    @Test
    void aReadWithoutATransactionFails() {
        shop.loseLease(membership, permit);

        assertThatThrownBy(() -> factory.inSession(session -> session.find(Customer.class, 1L)))
                .hasRootCauseInstanceOf(LeaseLostException.class);
    }

    @Test
    void aWriteWithoutATransactionIsRolledBack() {
        shop.loseLease(membership, permit);

        assertThatThrownBy(() -> factory.inStatelessSession(session -> session.insert(new Customer(2, "Bob", "Oslo"))))
                .hasRootCauseInstanceOf(LeaseLostException.class);
        assertThat(customers()).isEqualTo(1);
    }

    @Test
    void aTransactionKeepsThePhaseOfItsFirstSession() throws Exception {
        shop.withColumnsOf(Phase.DUAL_WRITE);
        transaction.begin();
        try (Session session = factory.openSession()) {
            session.find(Customer.class, 1L);
        }
        Session current = factory.getCurrentSession();
        host.prepare(shop.layout(Phase.DUAL_WRITE));
        host.open(shop.layout(Phase.DUAL_WRITE), permit);

        try (Session session = factory.openSession()) {
            session.persist(new Customer(2, "Bob", "Oslo"));
            assertThat(factory.getCurrentSession()).isSameAs(current);
            assertThat(host.occupied(CHANGE, permit)).isEqualTo(Phases.of(Phase.OLD_ONLY));
            transaction.commit();
        }
        assertThat(host.occupied(CHANGE, permit)).isEqualTo(Phases.NONE);

        transaction.begin();
        try (Session session = factory.openSession()) {
            session.persist(new Customer(3, "Eve", "Bonn"));
            assertThat(host.occupied(CHANGE, permit)).isEqualTo(Phases.of(Phase.DUAL_WRITE));
            transaction.commit();
        }
        assertThat(shop.database.rows("SELECT full_name FROM customer ORDER BY id").stream()
                        .map(row -> row.get("full_name")))
                .containsExactly(null, null, "Eve");
    }

    @Test
    void aTransactionIsOccupiedBetweenItsSessions() throws Exception {
        transaction.begin();
        try (Session session = factory.openSession()) {
            session.find(Customer.class, 1L);
        }

        assertThat(host.occupied(CHANGE, permit)).isEqualTo(Phases.of(Phase.OLD_ONLY));
        transaction.rollback();
        assertThat(host.occupied(CHANGE, permit)).isEqualTo(Phases.NONE);
    }

    @Test
    void aNodeThatIsOnlyLateCommits() throws Exception {
        transaction.begin();
        try (Session session = factory.openSession()) {
            session.persist(new Customer(2, "Bob", "Oslo"));
            clock.advance(Duration.ofHours(1));
            transaction.commit();
        }

        assertThat(customers()).isEqualTo(2);
    }

    @Test
    void aLateNodeThatHasBeenDeclaredGoneIsRolledBack() throws Exception {
        transaction.begin();
        try (Session session = factory.openSession()) {
            session.persist(new Customer(2, "Bob", "Oslo"));
            shop.database.execute("UPDATE segue_participant SET state = 'lapsed'");
            clock.advance(Duration.ofHours(1));
            assertCommitIsRefused();
        }

        assertThat(customers()).isEqualTo(1);
    }

    /** Connections that Narayana enlists in the transaction of the thread. */
    private record Enlisting(XADataSource xa, String username, String password) implements DataSource {

        @Override
        public Connection getConnection() throws SQLException {
            return getConnection(username, password);
        }

        @Override
        public Connection getConnection(String name, String secret) throws SQLException {
            Properties properties = new Properties();
            properties.put(TransactionalDriver.XADataSource, xa);
            properties.setProperty(TransactionalDriver.userName, name);
            properties.setProperty(TransactionalDriver.password, secret);
            // The driver keeps those of earlier tests, too.
            properties.setProperty(TransactionalDriver.maxConnections, "1000");
            return new TransactionalDriver().connect(TransactionalDriver.arjunaDriver, properties);
        }

        @Override
        public @Nullable PrintWriter getLogWriter() {
            return null;
        }

        @Override
        public void setLogWriter(@Nullable PrintWriter out) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void setLoginTimeout(int seconds) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int getLoginTimeout() {
            return 0;
        }

        @Override
        public Logger getParentLogger() {
            return Logger.getGlobal();
        }

        @Override
        public <T> T unwrap(Class<T> type) throws SQLException {
            throw new SQLException("Wraps no " + type);
        }

        @Override
        public boolean isWrapperFor(Class<?> type) {
            return false;
        }
    }
}
