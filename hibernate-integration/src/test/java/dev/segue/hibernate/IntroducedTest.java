package dev.segue.hibernate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.hibernate.model.Client;
import dev.segue.hibernate.model.Client.Tier;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Side;
import dev.segue.test.database.Engine;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.hibernate.SessionFactory;
import org.hibernate.resource.jdbc.spi.StatementInspector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A new attribute is what it is computed from, however the row is written, until it can be set. */
@ParameterizedClass(name = "{0} {1}")
@MethodSource("everyPhase")
class IntroducedTest {

    private static final List<String> CHANGES = List.of("tier", "badge", "label", "stars", "guest-tier");

    private final Phase phase;
    private final Bench bench;
    private final SessionFactory factory;
    private final List<String> sql = new CopyOnWriteArrayList<>();

    IntroducedTest(Engine engine, Phase phase) {
        this.phase = phase;
        this.bench = new Bench(engine, phase);
        bench.database.execute(
                "CREATE TABLE client (id bigint PRIMARY KEY, version int NOT NULL, country varchar(20), area int,"
                        + " note varchar(20))",
                "CREATE TABLE guest (id bigint PRIMARY KEY, country varchar(20), note varchar(20))");
        if (phase != Phase.OLD_ONLY) {
            bench.database.execute(
                    "ALTER TABLE client ADD COLUMN tier varchar(10)",
                    "ALTER TABLE client ADD COLUMN badge varchar(20)",
                    "ALTER TABLE client ADD COLUMN label varchar(50)",
                    "ALTER TABLE client ADD COLUMN stars int",
                    "ALTER TABLE guest ADD COLUMN tier varchar(10)");
        }
        this.factory = bench.factory(
                CHANGES,
                Map.of("hibernate.session_factory.statement_inspector", (StatementInspector) statement -> {
                    sql.add(statement);
                    return statement;
                }),
                Client.class,
                Client.Guest.class);
    }

    static Stream<Arguments> everyPhase() {
        return Bench.everyPhase();
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private boolean isFree() {
        return phase == Phase.NEW_ONLY;
    }

    private void change(Consumer<Client> change) {
        factory.inTransaction(session -> change.accept(session.find(Client.class, 1L)));
    }

    private List<@Nullable Object> row(String table, long id, String columns) {
        return List.copyOf(bench.database
                .rows("SELECT " + columns + " FROM " + table + " WHERE id = " + id)
                .get(0)
                .values());
    }

    /** The row, as far as the phase writes it, and what is read of it. */
    private void assertComputed(long id, String country, Tier tier, String label) {
        if (phase.writes(Side.NEW)) {
            assertThat(row("client", id, "country, tier, badge, label, stars"))
                    .containsExactly(country, tier.name(), "badge of " + country, label, 0);
        }
        factory.inTransaction(session -> {
            Client found = session.find(Client.class, id);
            assertThat(found.tier).isEqualTo(tier);
            assertThat(found.badge).isEqualTo("badge of " + country);
            assertThat(found.label).isEqualTo(label);
            assertThat(found.stars).isZero();
        });
    }

    @Test
    void followsItsSourcesHoweverTheRowIsWritten() {
        if (isFree()) {
            return;
        }
        Client first = new Client(1, "DE", 7);
        factory.inTransaction(session -> session.persist(first));
        assertThat(sql).as("one INSERT, and nothing to correct it").hasSize(1);
        assertThat(first.tier).isEqualTo(Tier.HOME);
        assertComputed(1, "DE", Tier.HOME, "DE-7");

        change(client -> client.country = "FR");
        assertComputed(1, "FR", Tier.ABROAD, "FR-7");
        change(client -> client.at.area = 8);
        assertComputed(1, "FR", Tier.ABROAD, "FR-8");
        change(client -> {
            client.country = "DE";
            client.tier = Tier.HOME;
            client.badge = null;
        });
        assertComputed(1, "DE", Tier.HOME, "DE-8");
        sql.clear();
        change(client -> {});
        assertThat(sql).as("a read is no reason to write").hasSize(1);

        factory.inTransaction(session -> {
            Client ahead = new Client(4, "DE", 1);
            session.persist(ahead);
            ahead.country = "FR";
            session.flush();
            assertThat(ahead.tier).isEqualTo(Tier.ABROAD);
            ahead.at.area = 2;
        });
        assertComputed(4, "FR", Tier.ABROAD, "FR-2");
        factory.inTransaction(session -> session.remove(session.find(Client.class, 4L)));

        Client detached = factory.fromTransaction(session -> session.find(Client.class, 1L));
        detached.country = "IT";
        factory.inTransaction(session -> session.merge(detached));
        assertComputed(1, "IT", Tier.ABROAD, "IT-8");
        factory.inTransaction(session -> session.merge(new Client(2, "DE", 9)));
        assertComputed(2, "DE", Tier.HOME, "DE-9");

        factory.inStatelessTransaction(session -> session.insert(new Client(3, "DE", 1)));
        assertComputed(3, "DE", Tier.HOME, "DE-1");
        factory.inStatelessTransaction(session -> {
            Client found = Objects.requireNonNull(session.get(Client.class, 3L));
            found.at.area = 2;
            found.label = null;
            session.update(found);
        });
        assertComputed(3, "DE", Tier.HOME, "DE-2");

        sql.clear();
        factory.inTransaction(session -> session.createSelectionQuery("from Client", Client.class)
                .getResultList()
                .forEach(client -> client.country = "AT"));
        assertThat(sql).as("one batch").hasSize(2);
        assertComputed(2, "AT", Tier.ABROAD, "AT-9");
        factory.inTransaction(session -> session.remove(session.find(Client.class, 2L)));
        assertThat(bench.database.value("SELECT count(*) FROM client", Long.class))
                .isEqualTo(2);
    }

    @Test
    void anUpdateOfOnlyTheChangedColumnsHasItWithItsSource() {
        Client.Guest guest = new Client.Guest();
        guest.id = 1;
        guest.country = "FR";
        guest.tier = isFree() ? Tier.GOLD : null;
        factory.inStatelessTransaction(session -> session.upsert(guest));
        sql.clear();
        factory.inTransaction(session -> session.find(Client.Guest.class, 1L).country = "DE");
        factory.inTransaction(session -> session.find(Client.Guest.class, 1L).note = "n");

        assertThat(sql.stream().filter(one -> one.startsWith("update") && one.contains("tier")))
                .hasSize(phase.writes(Side.NEW) && !isFree() ? 1 : 0);
        if (phase.writes(Side.NEW)) {
            assertThat(row("guest", 1, "tier, note")).containsExactly((isFree() ? Tier.GOLD : Tier.HOME).name(), "n");
        }
    }

    @Test
    void anotherValueIsRefusedUntilItIsSetFreely() {
        bench.database.execute("INSERT INTO client (id, version, country, area) VALUES (1, 0, 'DE', 7)");
        if (phase.writes(Side.NEW)) {
            bench.database.execute("UPDATE client SET tier = 'HOME', badge = 'badge of DE', label = 'DE-7', stars = 0");
        }
        Client gold = new Client(2, "DE", 7);
        gold.tier = Tier.GOLD;
        Client starred = new Client(3, "DE", 7);
        starred.tier = Tier.HOME;
        starred.stars = 5;
        Client merged = factory.fromTransaction(session -> session.find(Client.class, 1L));
        merged.label = "mine";
        Client stateless = new Client(4, "DE", 7);
        stateless.tier = Tier.GOLD;

        List<Runnable> writes = List.of(
                () -> factory.inTransaction(session -> session.persist(gold)),
                () -> factory.inTransaction(session -> session.persist(starred)),
                () -> factory.inStatelessTransaction(session -> session.insert(stateless)),
                () -> factory.inTransaction(session -> session.merge(merged)),
                () -> change(client -> client.tier = Tier.GOLD),
                () -> change(client -> {
                    client.country = "AT";
                    client.badge = "my own";
                }),
                () -> factory.inStatelessTransaction(session -> {
                    Client found = Objects.requireNonNull(session.get(Client.class, 1L));
                    found.stars = 3;
                    session.update(found);
                }),
                () -> run("update Client set tier = GOLD"),
                () -> run("update Client set stars = stars + 1"),
                () -> run("insert into Client (id, version, country, tier) values (5, 0, 'DE', GOLD)"));
        for (int i = 0; i < writes.size(); i++) {
            if (isFree()) {
                writes.get(i).run();
            } else {
                assertThatThrownBy(writes.get(i)::run)
                        .as("write %s", i)
                        .hasMessageMatching("(?s).*Client\\.(tier|badge|label|stars) .*change '.*in " + phase.id()
                                + " .*" + "until new-only.*")
                        .isInstanceOfAny(ValueRefusedException.class, StatementRefusedException.class);
            }
        }
        assertThat(bench.database.value("SELECT count(*) FROM client", Long.class))
                .isEqualTo(isFree() ? 5 : 1);
        if (isFree()) {
            assertThat(row("client", 1, "tier, badge, label, stars")).containsExactly("GOLD", "my own", "mine", 4);
        } else {
            assertComputed(1, "DE", Tier.HOME, "DE-7");
        }
    }

    @Test
    void aBulkStatementThatWouldLeaveItBehindIsRefused() {
        bench.database.execute("INSERT INTO client (id, version, country) VALUES (1, 0, 'DE')");
        for (String hql : List.of(
                "update Client set country = 'AT'",
                "update Client set at.area = 5",
                "insert into Client (id, version, country) values (2, 0, 'AT')")) {
            if (phase.writesBoth()) {
                assertThatThrownBy(() -> run(hql))
                        .isInstanceOf(StatementRefusedException.class)
                        .hasMessageContaining("Client.")
                        .hasMessageContaining("in " + phase.id());
            } else {
                run(hql);
            }
        }
        run("update Client set note = 'n'");
        assertThat(bench.database.value("SELECT count(*) FROM client WHERE note = 'n'", Long.class))
                .isEqualTo(phase.writesBoth() ? 1 : 2);
    }

    @Test
    void nativeSqlLoadsNoEntityWhoseValueIsComputed() {
        bench.database.execute("INSERT INTO client (id, version, country) VALUES (1, 0, 'DE')");
        Runnable load = () -> factory.inTransaction(session ->
                session.createNativeQuery("select * from client", Client.class).getResultList());
        if (phase.reads() == Side.OLD) {
            assertThatThrownBy(load::run)
                    .isInstanceOf(StatementRefusedException.class)
                    .hasMessageMatching("(?s).*\\b(tier|badge|label|stars)\\b.*");
        } else {
            load.run();
        }
    }

    private void run(String hql) {
        factory.inTransaction(session -> session.createMutationQuery(hql).executeUpdate());
    }

    private List<Long> ids(String hql) {
        return factory.fromTransaction(
                session -> session.createSelectionQuery(hql, Long.class).getResultList());
    }

    @Test
    void queriesAreRightWhereSqlComputesAndElseRefused() {
        bench.database.execute(
                "INSERT INTO client (id, version, country, area) VALUES (1, 0, 'DE', 7), (2, 0, 'FR', 8)");
        if (phase.writes(Side.NEW)) {
            // What nobody has filled yet must not be seen where the old side is read.
            boolean read = phase.reads() == Side.NEW;
            bench.database.execute(
                    "UPDATE client SET tier = 'ABROAD', badge = 'badge of FR', label = 'FR-8', stars = 0 WHERE id = 2",
                    "UPDATE client SET tier = '" + (read ? "HOME" : "GOLD") + "', badge = '"
                            + (read ? "badge of DE" : "-") + "', label = '" + (read ? "DE-7" : "-") + "', stars = "
                            + (read ? 0 : 9) + " WHERE id = 1");
        }
        String from = "select c.id from Client c where ";
        assertThat(ids(from + "c.tier = HOME")).containsExactly(1L);
        assertThat(ids(from + "c.tier in (ABROAD, GOLD)")).containsExactly(2L);
        assertThat(ids(from + "c.label like 'D%' and c.stars = 0")).containsExactly(1L);
        assertThat(ids("select c.id from Client c order by c.label desc")).containsExactly(2L, 1L);
        assertThat(ids("select count(distinct c.tier) from Client c where c.stars + 1 = 1"))
                .containsExactly(2L);
        assertThat(factory.<List<String>>fromTransaction(session -> session.createSelectionQuery(
                                "select c.badge from Client c where c.id = 1", String.class)
                        .getResultList()))
                .containsExactly("badge of DE");
        for (String hql : List.of(
                from + "c.badge = 'badge of DE'",
                from + "c.badge is null",
                "select c.id from Client c order by c.badge")) {
            if (phase.reads() == Side.OLD) {
                assertThatThrownBy(() -> ids(hql))
                        .isInstanceOf(StatementRefusedException.class)
                        .hasMessageContaining("Client.badge")
                        .hasMessageContaining("in " + phase.id())
                        .hasMessageContaining("SQL form");
            } else {
                ids(hql);
            }
        }
        bench.mismatches.clear();
        factory.inTransaction(
                session -> assertThat(session.createSelectionQuery("from Client order by id", Client.class)
                                .getResultList())
                        .extracting(client -> client.tier)
                        .containsExactly(Tier.HOME, Tier.ABROAD));
        assertThat(bench.mismatches)
                .containsExactlyInAnyOrderElementsOf(
                        phase == Phase.SHADOW_READ ? List.of("tier", "badge", "label", "stars") : List.of());
    }
}
