package dev.segue.hibernate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.change.Column;
import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.change.SqlForm;
import dev.segue.database.TableName;
import dev.segue.hibernate.model.Customer;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Side;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import dev.segue.watch.Watch;
import java.util.List;
import java.util.function.Function;
import org.hibernate.SessionFactory;
import org.hibernate.query.NativeQuery;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Native queries for entities are right in every phase, or refused. */
@EachDatabase
class NativeQueriesTest {

    private final Engine engine;

    NativeQueriesTest(Engine engine) {
        this.engine = engine;
    }

    @ParameterizedTest
    @EnumSource(Phase.class)
    void aColumnUnderTheNameOfTheOtherIsRefusedWhereItIsNotCurrent(Phase phase) {
        try (Shop shop = new Shop(engine)) {
            shop.withColumnsOf(phase);
            SessionFactory factory = watched(shop, phase);
            Customer customer = new Customer(1, "Ann", "Rome");
            factory.inTransaction(session -> session.persist(customer));
            String town = phase.reads() == Side.OLD ? "city" : "town";

            String read = phase.reads() == Side.OLD ? "name" : "full_name";
            // In shadow-read a row has one more column, which only {c.*} selects.
            if (phase != Phase.SHADOW_READ) {
                assertThat(names(
                                factory,
                                query("select id, version, %s, %s, street, note from customer".formatted(read, town))))
                        .as("what the phase reads, under its own name")
                        .containsExactly("Ann");
            }
            if (phase.reads() == Side.OLD) {
                assertRefused(
                        factory,
                        query("select id, version, full_name as name, %s, street, note from customer".formatted(town)));
                assertRefused(
                        factory,
                        query("select id, version, upper(full_name) name, %s, street, note from customer"
                                .formatted(town)));
                assertRefused(factory, session -> {
                    NativeQuery<Object> explicit =
                            session.createNativeQuery("select id, version, full_name n from customer", Object.class);
                    explicit.addRoot("c", Customer.class)
                            .addProperty("id", "id")
                            .addProperty("fullName", "n");
                    return explicit;
                });
            }
            if (phase == Phase.NEW_ONLY) {
                assertRefused(
                        factory,
                        query("select id, version, name as full_name, %s, street, note from customer".formatted(town)));
            }
        }
    }

    private interface Query extends Function<org.hibernate.Session, NativeQuery<?>> {}

    private static Query query(String sql) {
        return session -> session.createNativeQuery(sql, Customer.class);
    }

    private static List<String> names(SessionFactory factory, Query query) {
        return factory.fromTransaction(session -> query.apply(session).getResultList().stream()
                .map(found -> String.valueOf(((Customer) found).fullName))
                .toList());
    }

    private static void assertRefused(SessionFactory factory, Query query) {
        assertThatThrownBy(() -> names(factory, query))
                .isInstanceOf(StatementRefusedException.class)
                .hasMessageContaining("customer.")
                .hasMessageContaining("does not hold the attribute's value");
    }

    private static SessionFactory watched(Shop shop, Phase phase) {
        Site site = new Site(
                TableName.of("customer"),
                List.of(new Column("id", "bigint", true)),
                List.of(new Column("name", "varchar(200)", false)),
                List.of(new Column("full_name", "varchar(200)", false)),
                SqlForm.SAME);
        SwitchableSessionFactory host = shop.host();
        host.watch(
                Watch.of(List.of(new ColumnChange("customer-full-name", Kind.REPLACE, List.of(site))), shop.dialect()),
                null);
        host.prepare(shop.layout(phase));
        host.open(shop.layout(phase), shop.permit());
        return host.proxy();
    }
}
