package dev.segue.hibernate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.hibernate.model.Customer;
import dev.segue.hibernate.model.Document;
import dev.segue.hibernate.model.Payment;
import dev.segue.lifecycle.Phase;
import dev.segue.test.database.Engine;
import jakarta.persistence.criteria.CriteriaUpdate;
import java.util.Objects;
import java.util.stream.Stream;
import org.hibernate.SessionFactory;
import org.hibernate.query.MutationQuery;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bulk statements write every side of the phase, or are refused before they run. */
@ParameterizedClass(name = "{0} {1}")
@MethodSource("everyPhase")
class BulkStatementTest {

    private final Phase phase;
    private final Shop shop;
    private final SessionFactory factory;

    BulkStatementTest(Engine engine, Phase phase) {
        this.phase = phase;
        this.shop = new Shop(engine).withColumnsOf(phase);
        this.factory = shop.in(phase);
    }

    static Stream<Arguments> everyPhase() {
        return PhaseMappingTest.everyPhase();
    }

    @BeforeEach
    void customers() {
        factory.inTransaction(session -> {
            session.persist(new Customer(1, "Ann", "Rome"));
            session.persist(new Customer(2, "Bob", "Oslo"));
        });
    }

    @AfterEach
    void close() {
        shop.close();
    }

    private void run(String hql, Object... parameters) {
        factory.inTransaction(session -> {
            MutationQuery query = session.createMutationQuery(hql);
            for (int i = 0; i < parameters.length; i++) {
                query.setParameter(i + 1, parameters[i]);
            }
            query.executeUpdate();
        });
    }

    private void assertName(long id, String expected) {
        assertThat(shop.columns(phase, "customer", "name", "full_name", id)).allMatch(v -> Objects.equals(v, expected));
    }

    private void assertTown(long id, String expected) {
        assertThat(shop.columns(phase, "customer", "city", "town", id)).allMatch(v -> Objects.equals(v, expected));
    }

    @Test
    void aParameterGoesToEverySideEveryTimeThePlanIsUsed() {
        for (String name : new String[] {"Anna", "Anne"}) {
            run("update Customer c set c.fullName = ?1, c.address.town = ?2 where c.id = ?3", name, name + "ville", 1L);
            assertName(1, name);
            assertTown(1, name + "ville");
            assertName(2, "Bob");
        }
    }

    @Test
    void aLiteralAndNullGoToEverySide() {
        run("update Customer c set c.fullName = 'Zoe', c.address.town = null where c.id = 1");

        assertName(1, "Zoe");
        assertThat(shop.columns(phase, "customer", "city", "town", 1)).containsOnlyNulls();
    }

    @Test
    void anExpressionOverTheAttributeItselfIsComputedFromItsOldValueForEverySide() {
        run("update Customer c set c.fullName = concat(upper(c.fullName), ?1) where c.id = 1", "-x");

        assertName(1, "ANN-x");
    }

    @Test
    void anotherAttributesUpdateLeavesBothSidesAlone() {
        run("update Customer c set c.note = 'n' where c.fullName = ?1", "Ann");

        assertName(1, "Ann");
        assertThat(shop.database.value("SELECT note FROM customer WHERE id = 1", String.class))
                .isEqualTo("n");
    }

    @Test
    void aVersionedUpdateCountsUpOnce() {
        run("update versioned Customer c set c.fullName = ?1 where c.id = 1", "Anna");

        assertName(1, "Anna");
        assertThat(shop.database.value("SELECT version FROM customer WHERE id = 1", Integer.class))
                .isEqualTo(1);
    }

    @Test
    void aCriteriaUpdateGoesToEverySide() {
        factory.inTransaction(session -> {
            var criteria = session.getCriteriaBuilder();
            CriteriaUpdate<Customer> update = criteria.createCriteriaUpdate(Customer.class);
            var customer = update.from(Customer.class);
            update.set("fullName", "Anna").where(criteria.equal(customer.get("id"), 1L));
            session.createMutationQuery(update).executeUpdate();
        });

        assertName(1, "Anna");
    }

    @Test
    void insertedValuesGoToEverySide() {
        run("insert into Customer (id, version, fullName) values (?1, 0, ?2), (11, 0, 'Eve')", 10L, "Dan");

        assertName(10, "Dan");
        assertName(11, "Eve");
    }

    @Test
    void selectedValuesGoToEverySide() {
        run(
                "insert into Customer (id, version, fullName) select c.id + 100, 0, concat(c.fullName, '!') from Customer c");

        assertName(101, "Ann!");
        assertName(102, "Bob!");
    }

    @Test
    void aConflictUpdatesEverySide() {
        run(
                "insert into Customer (id, version, fullName) values (?1, 0, ?2)"
                        + " on conflict (id) do update set fullName = excluded.fullName",
                1L,
                "Anna");

        assertName(1, "Anna");
    }

    @Test
    void anExpressionThatMayDifferTheSecondTimeIsRefused() {
        String update = "update Customer c set c.fullName = cast(function('random_name') as string)";
        String insert = "insert into Customer (id, version, fullName) select c.id + 100, 0, function('random_name')"
                + " from Customer c";
        if (phase.writesBoth()) {
            assertThatThrownBy(() -> run(update))
                    .isInstanceOf(StatementRefusedException.class)
                    .hasMessageContaining("Customer.fullName")
                    .hasMessageContaining("random_name")
                    .hasMessageContaining("Assign a parameter");
            assertThatThrownBy(() -> run(insert)).isInstanceOf(StatementRefusedException.class);
        }
        assertName(1, "Ann");
        assertThat(shop.database.value("SELECT count(*) FROM customer", Long.class))
                .isEqualTo(2L);
    }

    @Test
    void aHierarchyInOneTableIsUpdatedOnEverySide() {
        Payment.ByCard card = new Payment.ByCard();
        card.id = 1;
        factory.inTransaction(session -> session.persist(card));
        run("update ByCard p set p.cardHolder = ?1", "Ann");

        assertThat(shop.columns(phase, "payment", "holder", "card_holder", 1)).allMatch("Ann"::equals);
    }

    @Test
    void aHierarchyInSeveralTablesIsRefusedWhileBothSidesAreWritten() {
        Document.Invoice invoice = new Document.Invoice();
        invoice.id = 1;
        invoice.headline = "h";
        invoice.reference = "r";
        factory.inTransaction(session -> session.persist(invoice));

        for (String update : new String[] {
            "update Document d set d.headline = 'x'",
            "update Invoice d set d.reference = 'x'",
            "insert into Invoice (id, headline, reference) values (2, 'x', 'x')"
        }) {
            if (phase.writesBoth()) {
                assertThatThrownBy(() -> run(update))
                        .as(update)
                        .isInstanceOf(StatementRefusedException.class)
                        .hasMessageContaining("several tables");
            } else {
                run(update);
            }
        }
        run("update Invoice d set d.note = 'n' where d.headline <> 'none'");

        String expected = phase.writesBoth() ? "h" : "x";
        assertThat(shop.columns(phase, "document", "title", "headline", 1)).allMatch(expected::equals);
        assertThat(shop.database.value("SELECT note FROM invoice WHERE id = 1", String.class))
                .isEqualTo("n");
    }
}
