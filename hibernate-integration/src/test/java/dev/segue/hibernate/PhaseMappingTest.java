package dev.segue.hibernate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.hibernate.model.Customer;
import dev.segue.hibernate.model.Document;
import dev.segue.hibernate.model.Dynamic;
import dev.segue.hibernate.model.Payment;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Side;
import dev.segue.test.database.Engine;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.hibernate.SessionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way to write and read, in every phase, with just the columns that such a phase can count on. */
@ParameterizedClass(name = "{0} {1}")
@MethodSource("everyPhase")
class PhaseMappingTest {

    private final Phase phase;
    private final Shop shop;
    private final SessionFactory factory;

    PhaseMappingTest(Engine engine, Phase phase) {
        this.phase = phase;
        this.shop = new Shop(engine).withColumnsOf(phase);
        this.factory = shop.in(phase);
    }

    static Stream<Arguments> everyPhase() {
        return Stream.of(Engine.values())
                .flatMap(engine -> Stream.of(Phase.values()).map(phase -> Arguments.of(engine, phase)));
    }

    @AfterEach
    void close() {
        shop.close();
    }

    private void assertName(long id, String expected) {
        assertThat(shop.columns(phase, "customer", "name", "full_name", id)).allMatch(v -> Objects.equals(v, expected));
    }

    private void assertTown(long id, String expected) {
        assertThat(shop.columns(phase, "customer", "city", "town", id)).allMatch(v -> Objects.equals(v, expected));
    }

    private void persist(Customer... customers) {
        factory.inTransaction(session -> Stream.of(customers).forEach(session::persist));
    }

    @Test
    void persistWritesEverySideOfThePhase() {
        persist(new Customer(1, "Ann", "Rome"));

        assertName(1, "Ann");
        assertTown(1, "Rome");
        factory.inTransaction(session -> {
            Customer found = session.find(Customer.class, 1L);
            assertThat(found.fullName).isEqualTo("Ann");
            assertThat(Objects.requireNonNull(found.address).town).isEqualTo("Rome");
        });
    }

    @Test
    void nullIsWrittenToEverySide() {
        persist(new Customer(1, "Ann", "Rome"));
        factory.inTransaction(session -> {
            Customer found = session.find(Customer.class, 1L);
            found.fullName = null;
            found.address = null;
        });

        assertThat(shop.columns(phase, "customer", "name", "full_name", 1)).containsOnlyNulls();
        assertThat(shop.columns(phase, "customer", "city", "town", 1)).containsOnlyNulls();
    }

    @Test
    void aChangeIsFlushedToEverySide() {
        persist(new Customer(1, "Ann", "Rome"));
        factory.inTransaction(session -> {
            Customer found = session.find(Customer.class, 1L);
            found.fullName = "Anna";
            Objects.requireNonNull(found.address).town = "Oslo";
        });

        assertName(1, "Anna");
        assertTown(1, "Oslo");
        assertThat(shop.database.value("SELECT version FROM customer WHERE id = 1", Integer.class))
                .isEqualTo(1);
    }

    @Test
    void aReadNeverCausesAnUpdate() {
        persist(new Customer(1, "Ann", "Rome"));
        shop.sql.clear();
        factory.inTransaction(session -> session.find(Customer.class, 1L));

        assertThat(shop.sql).hasSize(1).allMatch(sql -> sql.startsWith("select"));
    }

    @Test
    void mergeWritesEverySide() {
        persist(new Customer(1, "Ann", "Rome"));
        Customer detached = factory.fromTransaction(session -> session.find(Customer.class, 1L));
        detached.fullName = "Anna";
        factory.inTransaction(session -> session.merge(detached));

        assertName(1, "Anna");
        assertTown(1, "Rome");
    }

    @Test
    void refreshReadsTheSideOfThePhase() {
        persist(new Customer(1, "Ann", "Rome"));
        String column = phase.reads() == Side.OLD ? "name" : "full_name";
        factory.inTransaction(session -> {
            Customer found = session.find(Customer.class, 1L);
            session.createNativeMutationQuery("update customer set " + column + " = 'Elsewhere' where id = 1")
                    .executeUpdate();
            session.refresh(found);
            assertThat(found.fullName).isEqualTo("Elsewhere");
        });
    }

    @Test
    void batchesNeedNoMoreStatementsThanThePlainMapping() {
        persist(Stream.iterate(1L, id -> id + 1)
                .limit(30)
                .map(id -> new Customer(id, "c" + id, "t"))
                .toArray(Customer[]::new));
        shop.sql.clear();
        factory.inTransaction(session -> session.createSelectionQuery("from Customer", Customer.class)
                .getResultList()
                .forEach(customer -> customer.fullName = "x" + customer.id));

        assertThat(shop.sql).hasSize(2);
        assertName(1, "x1");
        assertName(30, "x30");
    }

    @Test
    void aStatelessSessionWritesEverySide() {
        factory.inStatelessTransaction(session -> session.insert(new Customer(1, "Ann", "Rome")));
        assertName(1, "Ann");

        factory.inStatelessTransaction(session -> {
            Customer found = Objects.requireNonNull(session.get(Customer.class, 1L));
            found.fullName = "Anna";
            session.update(found);
        });
        assertName(1, "Anna");
        assertTown(1, "Rome");

        factory.inStatelessTransaction(session -> {
            Dynamic dynamic = new Dynamic();
            dynamic.id = 5;
            dynamic.fullName = "Dan";
            session.upsert(dynamic);
        });
        assertThat(shop.columns(phase, "dynamic", "name", "full_name", 5)).allMatch("Dan"::equals);
    }

    @Test
    void anUpdateOfOnlyTheChangedColumnsHasBothOrNone() {
        Dynamic dynamic = new Dynamic();
        dynamic.id = 1;
        dynamic.fullName = "Dan";
        factory.inTransaction(session -> session.persist(dynamic));
        assertThat(shop.columns(phase, "dynamic", "name", "full_name", 1)).allMatch("Dan"::equals);
        factory.inTransaction(session -> session.find(Dynamic.class, 1L).fullName = "Dana");
        assertThat(shop.columns(phase, "dynamic", "name", "full_name", 1)).allMatch("Dana"::equals);

        shop.sql.clear();
        factory.inTransaction(session -> session.find(Dynamic.class, 1L).note = "n");
        assertThat(shop.sql.get(1)).doesNotContain("name");
    }

    @Test
    void aHierarchyInOneTableWritesEverySide() {
        Payment.ByCard card = new Payment.ByCard();
        card.id = 1;
        card.cardHolder = "Ann";
        Payment.InCash cash = new Payment.InCash();
        cash.id = 2;
        factory.inTransaction(session -> {
            session.persist(card);
            session.persist(cash);
        });

        assertThat(shop.columns(phase, "payment", "holder", "card_holder", 1)).allMatch("Ann"::equals);
        List<Payment> all = factory.fromTransaction(session ->
                session.createSelectionQuery("from Payment", Payment.class).getResultList());
        assertThat(all).hasSize(2);
    }

    @Test
    void aHierarchyInSeveralTablesWritesEverySide() {
        Document.Invoice invoice = new Document.Invoice();
        invoice.id = 1;
        invoice.headline = "Invoice 1";
        invoice.reference = "R1";
        factory.inTransaction(session -> session.persist(invoice));
        factory.inTransaction(session -> {
            Document.Invoice found = session.find(Document.Invoice.class, 1L);
            assertThat(found.headline).isEqualTo("Invoice 1");
            found.headline = "Invoice 2";
            found.reference = "R2";
        });

        assertThat(shop.columns(phase, "document", "title", "headline", 1)).allMatch("Invoice 2"::equals);
        assertThat(shop.columns(phase, "invoice", "ref", "reference", 1)).allMatch("R2"::equals);
    }

    @Test
    void queriesSortAndFilterByTheSideThatIsRead() {
        persist(new Customer(1, "Ann", "Rome"), new Customer(2, "Bob", "Oslo"));

        List<String> found = factory.fromTransaction(session -> session.createSelectionQuery(
                        "select c.fullName from Customer c where c.fullName like :p or c.address.town = :t"
                                + " order by c.fullName desc",
                        String.class)
                .setParameter("p", "A%")
                .setParameter("t", "Oslo")
                .getResultList());

        assertThat(found).containsExactly("Bob", "Ann");
    }

    @Test
    void aDifferenceIsReportedInTheShadowAndTheReaderIsGivenTheOldSide() {
        persist(new Customer(1, "Ann", "Rome"), new Customer(2, "Bob", "Oslo"));
        if (phase.writesBoth()) {
            shop.database.execute("UPDATE customer SET full_name = 'ann' WHERE id = 1");
        }
        List<String> read = factory.fromTransaction(
                session -> session.createSelectionQuery("from Customer order by id", Customer.class)
                        .getResultStream()
                        .map(customer -> String.valueOf(customer.fullName))
                        .toList());

        assertThat(shop.mismatches)
                .hasSize(phase == Phase.SHADOW_READ ? 1 : 0)
                .allMatch(mismatch -> mismatch.startsWith("customer-full-name "));
        assertThat(read).containsExactly(phase == Phase.READ_NEW ? "ann" : "Ann", "Bob");
    }
}
