package dev.segue.hibernate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.segue.database.TableName;
import dev.segue.hibernate.model.Customer;
import dev.segue.lifecycle.Phase;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.hibernate.Session;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A transaction that reads a row and then writes it, with a schema change that begins to wait in between. */
@EachDatabase
class WaitingSchemaChangeTest {

    private static final Set<TableName> CUSTOMER = Set.of(TableName.of("customer"));

    private final Engine engine;
    private final Shop shop;
    private final SwitchableSessionFactory host;

    WaitingSchemaChangeTest(Engine engine) {
        this.engine = engine;
        shop = new Shop(engine);
        host = shop.host();
    }

    @BeforeEach
    void open() {
        host.prepare(shop.layout(Phase.OLD_ONLY));
        host.open(shop.layout(Phase.OLD_ONLY), shop.permit());
        host.proxy().inTransaction(session -> session.persist(new Customer(1, "Ann", "Rome")));
    }

    @AfterEach
    void close() {
        shop.close();
    }

    private void readThenWriteWhileAChangeWaits() throws Exception {
        CompletableFuture<Void> change = new CompletableFuture<>();
        try {
            host.proxy().inTransaction(session -> {
                Customer customer = session.find(Customer.class, 1L);
                changeSchema(change);
                customer.note = "written";
            });
        } finally {
            change.get(30, TimeUnit.SECONDS);
        }
    }

    private void changeSchema(CompletableFuture<Void> done) {
        Thread thread = new Thread(() -> {
            try {
                shop.database.execute("ALTER TABLE customer ADD COLUMN extra int");
                done.complete(null);
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> shop.database.value(
                                engine == Engine.POSTGRESQL
                                        ? "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'customer'::regclass"
                                        : "SELECT count(*) FROM performance_schema.metadata_locks WHERE lock_status = 'PENDING'"
                                                + " AND object_schema = DATABASE() AND object_name = 'customer'",
                                Long.class)
                        > 0);
    }

    private String note() {
        return shop.database.value("SELECT note FROM customer WHERE id = 1", String.class);
    }

    @Test
    void isNotDisturbedWhenTheNodeHasBraced() throws Exception {
        host.brace("customer-full-name", CUSTOMER);

        readThenWriteWhileAChangeWaits();

        assertThat(note()).isEqualTo("written");
    }

    @Test
    void isWhatMysqlEndsOtherwise() throws Exception {
        host.brace("customer-full-name", CUSTOMER);
        host.brace("customer-full-name", Set.of());

        if (engine == Engine.MYSQL) {
            assertThatThrownBy(this::readThenWriteWhileAChangeWaits).rootCause().hasMessageContaining("Deadlock");
            assertThat(note()).isNull();
        } else {
            readThenWriteWhileAChangeWaits();
            assertThat(note()).isEqualTo("written");
        }
    }

    @Test
    void isBracedOnceTheTransactionsFromBeforeAreOver() {
        try (Session session = host.proxy().openSession()) {
            session.getTransaction().begin();
            session.find(Customer.class, 1L);
            host.brace("customer-full-name", CUSTOMER);
            host.proxy().inTransaction(other -> other.find(Customer.class, 1L));
            assertThat(host.isBraced()).isFalse();
            session.getTransaction().rollback();
            assertThat(host.isBraced()).isTrue();
        }
    }

    @Test
    void bracesEveryTransactionOfASessionAndThoseThatOnlyReadForNoMore() {
        host.brace("customer-full-name", CUSTOMER);

        try (Session session = host.proxy().openSession()) {
            for (int i = 0; i < 2; i++) {
                session.getTransaction().begin();
                session.find(Customer.class, 1L);
                assertThat(writers()).isEqualTo(1);
                session.getTransaction().commit();
                session.clear();
            }
            session.doWork(connection -> connection.setReadOnly(true));
            session.getTransaction().begin();
            session.find(Customer.class, 1L);
            assertThat(writers()).isZero();
            session.getTransaction().commit();
            session.doWork(connection -> connection.setReadOnly(false));
        }
    }

    /** MySQL takes the tables that foreign keys tie to the changed one along. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isNotDisturbedIfItHasReadATableThatRefersToTheChangedOne(boolean onlyReads) throws Exception {
        shop.database.execute(
                "CREATE TABLE receipt (id bigint PRIMARY KEY, customer_id bigint, FOREIGN KEY (customer_id)"
                        + " REFERENCES customer (id))");
        host.brace("customer-full-name", Set.of(TableName.of("customer"), TableName.of("receipt")));
        CompletableFuture<Void> change = new CompletableFuture<>();
        try (Session session = host.proxy().openSession()) {
            session.doWork(connection -> connection.setReadOnly(onlyReads));
            session.getTransaction().begin();
            assertThat(session.createNativeQuery("SELECT count(*) FROM receipt", Long.class)
                            .getSingleResult())
                    .isZero();
            changeSchema(change);
            assertThat(session.find(Customer.class, 1L)).isNotNull();
            session.getTransaction().commit();
            session.doWork(connection -> connection.setReadOnly(false));
        } finally {
            change.get(30, TimeUnit.SECONDS);
        }
    }

    private long writers() {
        return shop.database.value(
                engine == Engine.POSTGRESQL
                        ? "SELECT count(*) FROM pg_locks WHERE mode = 'RowShareLock' AND relation = 'customer'::regclass"
                        : "SELECT count(*) FROM performance_schema.metadata_locks WHERE lock_type = 'SHARED_WRITE'"
                                + " AND object_schema = DATABASE() AND object_name = 'customer'",
                Long.class);
    }
}
