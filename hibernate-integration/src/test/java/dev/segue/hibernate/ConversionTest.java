package dev.segue.hibernate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.change.Conversion;
import dev.segue.change.SqlForm;
import dev.segue.database.Database;
import dev.segue.hibernate.model.Account;
import dev.segue.hibernate.model.Account.Tier;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Side;
import dev.segue.test.database.Engine;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Inheritance;
import jakarta.persistence.InheritanceType;
import jakarta.persistence.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.hibernate.SessionFactory;
import org.hibernate.query.MutationQuery;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the matrix has not: values that do not survive a conversion, and statements about several attributes. */
@ParameterizedClass(name = "{0} {1}")
@MethodSource("everyPhase")
class ConversionTest {

    private static final List<String> CHANGES = List.of("balance", "limit", "tier");

    private final Phase phase;
    private final Bench bench;
    private final SessionFactory factory;

    ConversionTest(Engine engine, Phase phase) {
        this.phase = phase;
        this.bench = tables(engine, phase);
        this.factory = bench.factory(CHANGES, Map.of(), Account.class);
    }

    private static Bench tables(Engine engine, Phase phase) {
        Bench bench = new Bench(engine, phase);
        bench.database.execute("CREATE TABLE account (id bigint PRIMARY KEY, version int NOT NULL, note varchar(200))");
        bench.addColumns("account", "balance", "numeric(38,2)", "balance_cents", "bigint");
        bench.addColumns("account", "credit", "numeric(38,2)", "limit_cents", "bigint");
        bench.addColumns("account", "code", "varchar(10)", "tier", "varchar(10)");
        return bench;
    }

    static Stream<Arguments> everyPhase() {
        return Bench.everyPhase();
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private void persist(Account... accounts) {
        factory.inTransaction(session -> Stream.of(accounts).forEach(session::persist));
    }

    private void change(Consumer<Account> change) {
        factory.inTransaction(session -> change.accept(session.find(Account.class, 1L)));
    }

    private void assertUntouched() {
        assertThat(bench.columns("account", "balance", "balance_cents", 1)).isEqualTo(sides("0.01", "1"));
        assertThat(bench.columns("account", "credit", "limit_cents", 1)).isEqualTo(sides("0.02", "2"));
        assertThat(bench.database.value("SELECT count(*) FROM account", Long.class))
                .isEqualTo(1L);
    }

    @Test
    void aValueThatDoesNotSurviveIsRefusedHoweverItIsWritten() {
        persist(new Account(1, 1L, 2L, Tier.GOLD));
        long tooMuch = 100_000_000_000_001L;

        List<Runnable> writes = List.of(
                () -> persist(new Account(2, tooMuch, 1L, null)),
                () -> persist(new Account(2, 1L, tooMuch, null)),
                () -> change(account -> account.balance = tooMuch),
                () -> change(account -> account.limit = tooMuch),
                () -> factory.inStatelessTransaction(session -> session.insert(new Account(2, tooMuch, 1L, null))),
                () -> factory.inStatelessTransaction(session -> session.insert(new Account(2, 1L, tooMuch, null))),
                () -> run("update Account a set a.balance = ?1", tooMuch),
                () -> run("update Account a set a.limit = ?1", tooMuch),
                () -> run("update Account a set a.balance = " + tooMuch + "L"),
                () -> run("update Account a set a.limit = " + tooMuch + "L"),
                () -> run("insert into Account (id, version, limit) values (2, 0, ?1)", tooMuch));
        for (Runnable write : writes) {
            assertThatThrownBy(write::run)
                    .isInstanceOf(ValueRefusedException.class)
                    .hasMessageContaining("java.lang.Long")
                    .hasMessageContaining("java.math.BigDecimal")
                    .hasMessageMatching("(?s).*Account\\.(balance|limit) .*change '(balance|limit)'.*")
                    .hasMessageNotContaining("100000000000001");
        }
        assertUntouched();
    }

    @Test
    void aValueThatTheConversionCannotTakeIsNamedByItsAttributeAlone() {
        if (phase.reads() == Side.NEW) {
            return;
        }
        persist(new Account(1, 1L, 2L, Tier.GOLD));
        bench.database.execute("UPDATE account SET code = 'x' WHERE id = 1");

        assertThatThrownBy(() -> change(account -> account.note = "n"))
                .hasStackTraceContaining("Account.tier")
                .hasStackTraceContaining("TierOfCode.toNew throws java.lang.IllegalArgumentException")
                .message()
                .doesNotContain("Tier.x");
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

    private void threeAccounts() {
        persist(
                new Account(1, 100L, 100L, Tier.GOLD),
                new Account(2, 1000L, 1000L, Tier.SILVER),
                new Account(3, null, null, null));
    }

    private static final List<String> UNCONVERTED = List.of(
            "select a.id from Account a where a.limit = a.balance",
            "select a.id from Account a where a.limit in (select b.limit from Account b)",
            "select a.id from Account a where a.balance in (select b.limit from Account b)",
            "select a.id from Account a where coalesce(a.limit, 0) = 100",
            "select a.id from Account a where abs(a.limit) = 100",
            "select a.id from Account a where case when a.id = 1 then a.limit else 0 end = 100",
            "select a.limit as l from Account a order by l",
            "select a.limit from Account a order by 1",
            "select a.limit from Account a union all select b.id from Account b",
            "select x.l + 1 from (select b.limit as l from Account b where b.id = 2) x",
            "select a.id from Account a where a.id = 1 and exists (select 1 from Account b where b.limit < a.balance)");

    /** The plainer ones are in the matrix. */
    @Test
    void whatComparesOrComputesIsRefusedWhereOnlyJavaConverts() {
        threeAccounts();
        for (String hql : UNCONVERTED) {
            Runnable query = () -> factory.inTransaction(
                    session -> session.createSelectionQuery(hql, Object.class).getResultList());
            assertRefusedWhileOldIsRead(hql, query);
        }
        assertRefusedWhileOldIsRead("of another attribute", () -> run("update Account a set a.balance = a.limit"));
    }

    private void assertRefusedWhileOldIsRead(String what, Runnable statement) {
        if (phase.reads() == Side.OLD) {
            assertThatThrownBy(statement::run)
                    .as(what)
                    .isInstanceOf(StatementRefusedException.class)
                    .hasMessageContaining("Account.limit")
                    .hasMessageContaining("'limit'")
                    .hasMessageContaining(phase.id())
                    .hasMessageContaining("SQL form");
        } else {
            statement.run();
        }
    }

    /** Somewhere in an entity of two tables, once embedded, with an expression that needs its value twice. */
    @Entity(name = "Base")
    @Table(name = "base")
    @Inheritance(strategy = InheritanceType.JOINED)
    public static class Base {

        @Id
        public long id;

        @Column(name = "code_new", length = 20)
        @Replaces(change = "base-code", column = "code_old", conversion = Doubled.class)
        public @Nullable String code;
    }

    @Entity(name = "Leaf")
    @Table(name = "leaf")
    public static class Leaf extends Base {

        @Embedded
        public Inner inner = new Inner();
    }

    @Embeddable
    public static class Inner {

        @Column(name = "inner_new")
        @Replaces(change = "leaf-inner", column = "inner_old", conversion = Account.EurosToCents.class)
        public @Nullable Long amount;

        public @Nullable String note;
    }

    public static final class Doubled implements Conversion<String, String> {

        @Override
        @SuppressWarnings("NullAway")
        public String toNew(@Nullable String old) {
            return old == null ? null : old.substring(0, old.length() / 2);
        }

        @Override
        @SuppressWarnings("NullAway")
        public String toOld(@Nullable String current) {
            return current == null ? null : current + current;
        }

        @Override
        public Optional<SqlForm> sql(Database database) {
            return Optional.of(SqlForm.of("left({old}, char_length({old}) / 2)", "concat({new}, {new})"));
        }
    }

    @Test
    void inAHierarchyOfSeveralTablesAndInAnEmbeddedObject() {
        bench.database.execute(
                "CREATE TABLE base (id bigint PRIMARY KEY)",
                "CREATE TABLE leaf (id bigint PRIMARY KEY, note varchar(20))");
        bench.addColumns("base", "code_old", "varchar(40)", "code_new", "varchar(20)");
        bench.addColumns("leaf", "inner_old", "numeric(38,2)", "inner_new", "bigint");
        SessionFactory leaves =
                bench.factory(List.of("base-code", "leaf-inner"), Map.of(), Base.class, Leaf.class, Inner.class);
        Leaf leaf = new Leaf();
        leaf.id = 1;
        leaf.code = "ab";
        leaf.inner.amount = 150L;
        leaves.inTransaction(session -> session.persist(leaf));
        assertThat(bench.columns("base", "code_old", "code_new", 1)).isEqualTo(sides("abab", "ab"));
        assertThat(bench.columns("leaf", "inner_old", "inner_new", 1)).isEqualTo(sides("1.50", "150"));

        leaves.inTransaction(session -> {
            Leaf found = session.createSelectionQuery(
                            "from Leaf l where l.code = 'ab' and l.inner.amount > 149 order by l.code", Leaf.class)
                    .getSingleResult();
            found.code = "xyz";
            found.inner.amount = 7L;
        });
        assertThat(bench.columns("base", "code_old", "code_new", 1)).isEqualTo(sides("xyzxyz", "xyz"));
        assertThat(bench.columns("leaf", "inner_old", "inner_new", 1)).isEqualTo(sides("0.07", "7"));

        assertThatThrownBy(() -> leaves.inTransaction(
                        session -> session.find(Leaf.class, 1L).inner.amount = 100_000_000_000_001L))
                .isInstanceOf(ValueRefusedException.class);
        assertThatThrownBy(() ->
                        leaves.inTransaction(session -> session.createMutationQuery("update Leaf l set l.code = 'a'")
                                .executeUpdate()))
                .isInstanceOf(StatementRefusedException.class)
                .hasMessageContaining("several tables");
    }

    private List<@Nullable String> sides(String old, String current) {
        List<@Nullable String> sides = new ArrayList<>();
        if (phase.writes(Side.OLD)) {
            sides.add(old);
        }
        if (phase.writes(Side.NEW)) {
            sides.add(current);
        }
        return sides;
    }

    @Test
    void aDifferenceIsReportedInTheShadow() {
        threeAccounts();
        Runnable read = () -> factory.inTransaction(session ->
                session.createSelectionQuery("from Account", Account.class).getResultList());
        read.run();
        assertThat(bench.mismatches).isEmpty();
        if (phase.writesBoth()) {
            bench.database.execute(
                    "UPDATE account SET balance_cents = 1, limit_cents = 2 WHERE id = 1",
                    "UPDATE account SET tier = 'GOLD' WHERE id = 3");
        }
        read.run();

        if (phase == Phase.SHADOW_READ) {
            assertThat(bench.mismatches).containsExactlyInAnyOrder("balance", "limit", "tier");
        } else {
            assertThat(bench.mismatches).isEmpty();
        }
    }
}
