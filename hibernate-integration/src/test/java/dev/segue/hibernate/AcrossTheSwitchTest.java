package dev.segue.hibernate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.segue.hibernate.model.Account;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Phases;
import dev.segue.lifecycle.Side;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import jakarta.persistence.criteria.CriteriaBuilder;
import jakarta.persistence.criteria.CriteriaDelete;
import jakarta.persistence.criteria.CriteriaQuery;
import jakarta.persistence.criteria.CriteriaUpdate;
import jakarta.persistence.criteria.ParameterExpression;
import jakarta.persistence.criteria.Root;
import jakarta.persistence.metamodel.SingularAttribute;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.hibernate.Hibernate;
import org.hibernate.SessionFactory;
import org.hibernate.SessionFactoryObserver;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.event.spi.EventType;
import org.hibernate.event.spi.PostLoadEventListener;
import org.hibernate.event.spi.PreUpdateEvent;
import org.hibernate.event.spi.PreUpdateEventListener;
import org.hibernate.stat.Statistics;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What was made under one session factory works under the next, and what was added to one is there in the next. */
@EachDatabase
class AcrossTheSwitchTest {

    private static final List<String> CHANGES = List.of("balance", "limit", "tier", "holder-name");

    @Entity(name = "Holder")
    @Table(name = "holder")
    static class Holder {

        @Id
        long id;

        @Column(name = "full_name")
        @Replaces(change = "holder-name", column = "name")
        @Nullable
        String fullName;

        @ManyToOne(fetch = FetchType.LAZY)
        @Nullable
        Account account;
    }

    private final TestDatabase database;
    private final Node node;
    private final SessionFactory factory;

    AcrossTheSwitchTest(Engine engine) {
        database = DatabaseServers.shared(engine).createDatabase();
        database.execute(
                "CREATE TABLE account (id bigint PRIMARY KEY, version int NOT NULL, note varchar(200),"
                        + " balance numeric(38,2), balance_cents bigint, credit numeric(38,2), limit_cents bigint,"
                        + " code varchar(10), tier varchar(10))",
                "CREATE TABLE holder (id bigint PRIMARY KEY, name varchar(200), full_name varchar(200),"
                        + " account_id bigint REFERENCES account)",
                "INSERT INTO account VALUES (1, 0, 'one', 10.00, 1000, 20.00, 2000, 'g', 'GOLD'),"
                        + " (2, 0, 'two', 11.00, 1100, 21.00, 2100, 's', 'SILVER'),"
                        + " (3, 0, 'three', 12.00, 1200, 22.00, 2200, 's', 'SILVER')",
                "INSERT INTO holder VALUES (1, 'Ann', 'Ann', 1), (2, 'Bob', 'Bob', 2)");
        node = new Node(
                engine,
                database,
                CHANGES,
                Map.of("hibernate.generate_statistics", "true"),
                Account.class,
                Holder.class);
        factory = node.factory;
    }

    @AfterEach
    void close() {
        node.close();
        database.close();
    }

    static Stream<Arguments> adjacent() {
        return Stream.of(
                        List.of(Phase.OLD_ONLY, Phase.DUAL_WRITE),
                        List.of(Phase.DUAL_WRITE, Phase.SHADOW_READ),
                        List.of(Phase.SHADOW_READ, Phase.READ_NEW),
                        List.of(Phase.DUAL_WRITE, Phase.READ_NEW),
                        List.of(Phase.READ_NEW, Phase.NEW_ONLY))
                .flatMap(pair -> Stream.of(arguments(pair.get(0), pair.get(1)), arguments(pair.get(1), pair.get(0))));
    }

    /** What both sides of a row of accounts hold, as far as the phase writes them. */
    private void assertWritten(Phase phase, long id, long cents, long limit, String code, String tier) {
        Map<String, Object> row =
                database.rows("SELECT * FROM account WHERE id = " + id).get(0);
        if (phase.writes(Side.OLD)) {
            assertThat(row.get("balance")).isEqualTo(BigDecimal.valueOf(cents, 2));
            assertThat(row.get("credit")).isEqualTo(BigDecimal.valueOf(limit, 2));
            assertThat(row.get("code")).isEqualTo(code);
        }
        if (phase.writes(Side.NEW)) {
            assertThat(row.get("balance_cents")).isEqualTo(cents);
            assertThat(row.get("limit_cents")).isEqualTo(limit);
            assertThat(row.get("tier")).isEqualTo(tier);
        }
    }

    @ParameterizedTest
    @MethodSource("adjacent")
    void detachedEntitiesAndLazyProxiesWorkInTheNextPhase(Phase from, Phase to) {
        node.go(from);
        SessionFactory first = factory.fromSession(session -> session.getSessionFactory());
        Account loaded = factory.fromTransaction(session -> session.find(Account.class, 1L));
        Account forStateless = factory.fromTransaction(session -> session.find(Account.class, 3L));
        Holder holder = factory.fromTransaction(session -> session.find(Holder.class, 2L));
        Account reference = factory.fromTransaction(session -> session.getReference(Account.class, 1L));
        assertThat(Hibernate.isInitialized(holder.account)).isFalse();
        node.go(to);
        assertThat(first.isClosed()).isTrue();

        loaded.balance = 1050L;
        loaded.limit = 2050L;
        loaded.tier = Account.Tier.SILVER;
        factory.inTransaction(session -> session.merge(loaded));
        assertWritten(to, 1, 1050, 2050, "s", "SILVER");
        forStateless.balance = 1250L;
        factory.inStatelessTransaction(session -> session.update(forStateless));
        assertWritten(to, 3, 1250, 2200, "s", "SILVER");

        holder.fullName = "Bert";
        factory.inTransaction(session -> {
            Holder merged = session.merge(holder);
            assertThat(merged.account).isNotNull();
            Account account = (Account) Hibernate.unproxy(merged.account);
            assertThat(account.balance).isEqualTo(1100L);
            assertThat(account.limit).isEqualTo(2100L);
            merged.account = session.merge(reference);
            assertThat(((Account) Hibernate.unproxy(merged.account)).limit).isEqualTo(2050L);
        });
        assertThat(database.value("SELECT account_id FROM holder WHERE id = 2", Long.class))
                .isEqualTo(1L);
        assertThat(database.value(
                        "SELECT " + (to.writes(Side.NEW) ? "full_name" : "name") + " FROM holder WHERE id = 2",
                        String.class))
                .isEqualTo("Bert");
        Holder fresh = new Holder();
        fresh.id = 3;
        fresh.account = reference;
        factory.inTransaction(session -> session.persist(fresh));
        assertThat(database.value("SELECT account_id FROM holder WHERE id = 3", Long.class))
                .isEqualTo(1L);
    }

    @ParameterizedTest
    @MethodSource("adjacent")
    void criteriaAndMetamodelWorkInTheNextPhase(Phase from, Phase to) {
        node.go(from);
        Criteria made = new Criteria(factory);
        node.go(to);

        made.assertRight(to);
        new Criteria(factory, made).assertRight(to);
    }

    /** The static metamodel and a builder that was asked for earlier are of two factories while one is prepared. */
    @ParameterizedTest
    @MethodSource("adjacent")
    void criteriaOfTheNextPhaseWorkInASessionThatIsOpen(Phase from, Phase to) {
        node.go(to);
        Criteria made = new Criteria(factory);
        node.go(from);

        try (var session = factory.openSession()) {
            node.go(to);
            assertThat(session.createQuery(made.equal)
                            .setParameter(made.limit, 2100L)
                            .getResultList())
                    .containsExactly(2L);
            assertThat(node.host.occupied("limit", node.permit)).isEqualTo(Phases.of(from));
        }
    }

    /** Statements on accounts, each with all that a phase may get wrong. */
    private final class Criteria {

        final CriteriaQuery<Long> equal;
        final ParameterExpression<Long> limit;
        final CriteriaQuery<Long> ordered;
        final CriteriaQuery<Account.Tier> selected;
        final CriteriaUpdate<Account> update;
        final CriteriaUpdate<Account> updateInJava;
        final CriteriaDelete<Account> delete;
        final SingularAttribute<? super Account, ?> limitAttribute;
        final SingularAttribute<? super Account, ?> tierAttribute;

        Criteria(SessionFactory factory) {
            this(
                    factory,
                    factory.getMetamodel().entity(Account.class).getSingularAttribute("limit"),
                    factory.getMetamodel().entity(Account.class).getSingularAttribute("tier"));
        }

        /** With the metamodel of another. */
        Criteria(SessionFactory factory, Criteria other) {
            this(factory, other.limitAttribute, other.tierAttribute);
        }

        @SuppressWarnings("unchecked")
        private Criteria(
                SessionFactory factory,
                SingularAttribute<? super Account, ?> limitAttribute,
                SingularAttribute<? super Account, ?> tierAttribute) {
            this.limitAttribute = limitAttribute;
            this.tierAttribute = tierAttribute;
            var limitOf = (SingularAttribute<? super Account, Long>) limitAttribute;
            var tierOf = (SingularAttribute<? super Account, Account.Tier>) tierAttribute;
            CriteriaBuilder builder = factory.getCriteriaBuilder();

            limit = builder.parameter(Long.class);
            equal = builder.createQuery(Long.class);
            Root<Account> root = equal.from(Account.class);
            equal.select(root.get("id"))
                    .where(
                            builder.equal(root.get(limitOf), limit),
                            builder.equal(root.get("balance"), 1100L),
                            root.get(tierOf).in(Account.Tier.SILVER));

            ordered = builder.createQuery(Long.class);
            root = ordered.from(Account.class);
            ordered.select(root.get("balance"))
                    .where(builder.greaterThan(root.<Long>get("balance"), 1000L))
                    .orderBy(builder.desc(root.get("balance")));

            selected = builder.createQuery(Account.Tier.class);
            root = selected.from(Account.class);
            selected.select(root.get(tierOf)).where(builder.equal(root.get(limitOf), 2000L));

            update = builder.createCriteriaUpdate(Account.class);
            root = update.from(Account.class);
            update.set(root.<Long>get("balance"), builder.sum(root.<Long>get("balance"), 5L))
                    .where(builder.equal(root.get("id"), 1L));

            updateInJava = builder.createCriteriaUpdate(Account.class);
            root = updateInJava.from(Account.class);
            updateInJava
                    .set(root.get(limitOf), 2345L)
                    .set(root.get(tierOf), Account.Tier.GOLD)
                    .where(builder.equal(root.get(limitOf), 2100L));

            delete = builder.createCriteriaDelete(Account.class);
            root = delete.from(Account.class);
            delete.where(builder.equal(root.get(limitOf), 2200L));
        }

        void assertRight(Phase phase) {
            database.execute(
                    "DELETE FROM holder",
                    "DELETE FROM account",
                    "INSERT INTO account VALUES (1, 0, 'one', 10.00, 1000, 20.00, 2000, 'g', 'GOLD'),"
                            + " (2, 0, 'two', 11.00, 1100, 21.00, 2100, 's', 'SILVER'),"
                            + " (3, 0, 'three', 12.00, 1200, 22.00, 2200, 's', 'SILVER')");
            factory.inTransaction(session -> {
                assertThat(session.createQuery(equal).setParameter(limit, 2100L).getResultList())
                        .containsExactly(2L);
                assertThat(session.createQuery(ordered).getResultList()).containsExactly(1200L, 1100L);
                assertThat(session.createQuery(selected).getResultList()).containsExactly(Account.Tier.GOLD);
            });
            factory.inTransaction(session -> {
                assertThat(session.createMutationQuery(update).executeUpdate()).isEqualTo(1);
                assertThat(session.createMutationQuery(updateInJava).executeUpdate())
                        .isEqualTo(1);
                assertThat(session.createMutationQuery(delete).executeUpdate()).isEqualTo(1);
            });
            assertWritten(phase, 1, 1005, 2000, "g", "GOLD");
            assertWritten(phase, 2, 1100, 2345, "g", "GOLD");
            assertThat(database.value("SELECT count(*) FROM account", Long.class))
                    .isEqualTo(2L);
        }
    }

    @Test
    void namedQueriesGraphsAndObserversThatWereAddedStayInTheNextPhase() {
        node.go(Phase.DUAL_WRITE);
        factory.inSession(session -> {
            factory.addNamedQuery("rich", session.createQuery("from Account where limit = :limit", Account.class));
            var graph = session.createEntityGraph(Holder.class);
            graph.addAttributeNodes("account");
            factory.addNamedEntityGraph("with-account", graph);
        });
        List<String> seen = new ArrayList<>();
        ((SessionFactoryImplementor) factory).addObserver(new SessionFactoryObserver() {
            private static final long serialVersionUID = 1L;

            @Override
            public void sessionFactoryClosing(SessionFactory closing) {
                seen.add("closing " + (closing == factory));
            }

            @Override
            public void sessionFactoryClosed(SessionFactory closed) {
                seen.add("closed " + (closed == factory));
            }
        });
        node.go(Phase.READ_NEW);
        node.go(Phase.NEW_ONLY);

        factory.inTransaction(session -> {
            assertThat(session.createNamedQuery("rich", Account.class)
                            .setParameter("limit", 2100L)
                            .getSingleResult()
                            .id)
                    .isEqualTo(2);
            Holder holder = session.find(
                    Holder.class, 2L, Map.of("jakarta.persistence.loadgraph", session.getEntityGraph("with-account")));
            assertThat(Hibernate.isInitialized(holder.account)).isTrue();
        });
        assertThat(seen).isEmpty();
        factory.close();
        assertThat(seen).containsExactly("closing true", "closed true");
    }

    @Test
    void listenersThatWereAddedByProgramHearTheNextPhasesOnce() {
        node.go(Phase.OLD_ONLY);
        List<String> loaded = new ArrayList<>();
        PostLoadEventListener listener =
                event -> loaded.add(event.getEntity().getClass().getSimpleName());
        var first = ((SessionFactoryImplementor) factory).getEventListenerRegistry();
        first.appendListeners(EventType.POST_LOAD, listener);

        for (Phase phase : List.of(Phase.DUAL_WRITE, Phase.READ_NEW, Phase.DUAL_WRITE)) {
            node.go(phase);
            loaded.clear();
            factory.inTransaction(session -> session.find(Account.class, 1L));
            assertThat(loaded).containsExactly("Account");
        }
    }

    /** Sets the attribute as an auditing library sets its own: in the entity and in the state that is written. */
    private static final class Renaming implements PreUpdateEventListener {

        private static final long serialVersionUID = 1L;

        @Override
        public boolean onPreUpdate(PreUpdateEvent event) {
            if (event.getEntity() instanceof Holder holder) {
                holder.fullName = "Listener";
                int index =
                        Arrays.asList(event.getPersister().getPropertyNames()).indexOf("fullName");
                event.getState()[index] = "Listener";
            }
            return false;
        }
    }

    @Test
    void aListenerThatSetsAnAttributeAfterBothColumnsHadTheirValuesIsRefusedAndComesBeforeInTheNextPhase() {
        node.go(Phase.DUAL_WRITE);
        ((SessionFactoryImplementor) factory)
                .getEventListenerRegistry()
                .appendListeners(EventType.PRE_UPDATE, new Renaming());

        assertThatThrownBy(() -> factory.inTransaction(session -> session.find(Holder.class, 1L).fullName = "Eve"))
                .isInstanceOf(StatementRefusedException.class)
                .hasMessageContaining("Holder.fullName")
                .hasMessageContaining("by program");
        assertThat(database.rows("SELECT name, full_name FROM holder WHERE id = 1")
                        .get(0)
                        .values())
                .allMatch("Ann"::equals);

        node.go(Phase.READ_NEW);
        factory.inTransaction(session -> session.find(Holder.class, 1L).fullName = "Eve");
        assertThat(database.rows("SELECT name, full_name FROM holder WHERE id = 1")
                        .get(0)
                        .values())
                .allMatch("Listener"::equals);
    }

    @Test
    void statisticsGoOnInTheNextPhase() {
        node.go(Phase.OLD_ONLY);
        Statistics statistics = factory.getStatistics();
        factory.inTransaction(session -> session.find(Account.class, 1L));
        node.go(Phase.DUAL_WRITE);
        factory.inTransaction(session -> session.find(Account.class, 1L));
        node.go(Phase.READ_NEW);
        factory.inTransaction(session -> session.find(Account.class, 1L));

        assertThat(statistics.getEntityLoadCount()).isEqualTo(3);
        assertThat(statistics.getSessionOpenCount()).isEqualTo(3);
        assertThat(statistics.getEntityStatistics(Account.class.getName()).getLoadCount())
                .isEqualTo(3);
        assertThat(factory.getStatistics()).isSameAs(statistics);

        statistics.setStatisticsEnabled(false);
        node.go(Phase.NEW_ONLY);
        factory.inTransaction(session -> session.find(Account.class, 1L));
        assertThat(statistics.getEntityLoadCount()).isEqualTo(3);
        statistics.setStatisticsEnabled(true);
        factory.inTransaction(session -> session.find(Account.class, 1L));
        assertThat(statistics.getEntityLoadCount()).isEqualTo(4);
    }

    @Test
    void aFactoryThatCannotBeBuiltLeavesTheOldOneInPlace() {
        node.go(Phase.DUAL_WRITE);
        database.execute("ALTER TABLE account DROP COLUMN limit_cents");

        assertThatThrownBy(() -> node.host.prepare(node.layout(Phase.READ_NEW))).hasMessageContaining("limit_cents");

        database.execute("ALTER TABLE account ADD COLUMN limit_cents bigint");
        assertThat(node.host.occupied("limit", node.permit).isEmpty()).isTrue();
        factory.inTransaction(session -> {
            session.find(Account.class, 1L).limit = 2001L;
            assertThat(node.host.occupied("limit", node.permit)).isEqualTo(Phases.of(Phase.DUAL_WRITE));
        });
        assertWritten(Phase.DUAL_WRITE, 1, 1000, 2001, "g", "GOLD");
        node.go(Phase.READ_NEW);
        Long limit = factory.fromTransaction(session -> session.find(Account.class, 1L).limit);
        assertThat(limit).isEqualTo(2001L);
    }
}
