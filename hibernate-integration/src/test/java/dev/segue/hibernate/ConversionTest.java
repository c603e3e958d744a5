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
import jakarta.persistence.criteria.CriteriaUpdate;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.hibernate.SessionFactory;
import org.hibernate.query.MutationQuery;
import org.hibernate.query.SelectionQuery;
import org.hibernate.resource.jdbc.spi.StatementInspector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An attribute of another type than its old column is written and asked for alike in every phase, or refused. */
@ParameterizedClass(name = "{0} {1}")
@MethodSource("everyPhase")
class ConversionTest {

    static final List<String> CHANGES = List.of("balance", "limit", "tier", "purse-balance", "purse-limit");

    private final Phase phase;
    private final Bench bench;
    private final SessionFactory factory;
    private final List<String> sql = new CopyOnWriteArrayList<>();

    ConversionTest(Engine engine, Phase phase) {
        this.phase = phase;
        this.bench = tables(engine, phase);
        this.factory = bench.factory(
                CHANGES,
                Map.of("hibernate.session_factory.statement_inspector", (StatementInspector) statement -> {
                    sql.add(statement);
                    return statement;
                }),
                Account.class,
                Account.Purse.class);
    }

    static Bench tables(Engine engine, Phase phase) {
        Bench bench = new Bench(engine, phase);
        bench.database.execute(
                "CREATE TABLE account (id bigint PRIMARY KEY, version int NOT NULL, note varchar(200))",
                "CREATE TABLE purse (id bigint PRIMARY KEY, note varchar(200))");
        for (String table : List.of("account", "purse")) {
            bench.addColumns(table, "balance", "numeric(38,2)", "balance_cents", "bigint");
            bench.addColumns(table, "credit", "numeric(38,2)", "limit_cents", "bigint");
        }
        bench.addColumns("account", "code", "varchar(10)", "tier", "varchar(10)");
        return bench;
    }

    static Stream<Arguments> everyPhase() {
        return PhaseMappingTest.everyPhase();
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

    /** What the row holds on the sides that the phase writes, as the attributes' values. */
    private void assertRow(String table, long id, @Nullable Long balance, @Nullable Long limit) {
        Map<String, Object> row = bench.database
                .rows("SELECT * FROM " + table + " WHERE id = " + id)
                .get(0);
        List<@Nullable Object> expected = new ArrayList<>();
        List<@Nullable Object> found = new ArrayList<>();
        if (phase.writes(Side.OLD)) {
            expected.addAll(euros(balance, limit));
            found.add(plain(row.get("balance")));
            found.add(plain(row.get("credit")));
        }
        if (phase.writes(Side.NEW)) {
            expected.add(balance);
            expected.add(limit);
            found.add(row.get("balance_cents"));
            found.add(row.get("limit_cents"));
        }
        assertThat(found).isEqualTo(expected).isNotEmpty();
    }

    private static List<@Nullable Object> euros(@Nullable Long... cents) {
        List<@Nullable Object> euros = new ArrayList<>();
        for (Long one : cents) {
            euros.add(one == null ? null : BigDecimal.valueOf(one, 2).toPlainString());
        }
        return euros;
    }

    private static @Nullable String plain(@Nullable Object number) {
        return number == null ? null : ((BigDecimal) number).toPlainString();
    }

    private void assertTier(long id, @Nullable Tier tier) {
        Map<String, Object> row =
                bench.database.rows("SELECT * FROM account WHERE id = " + id).get(0);
        if (phase.writes(Side.OLD)) {
            assertThat(row.get("code")).isEqualTo(tier == null ? null : tier == Tier.GOLD ? "g" : "s");
        }
        if (phase.writes(Side.NEW)) {
            assertThat(row.get("tier")).isEqualTo(tier == null ? null : tier.name());
        }
    }

    private boolean convertsInJava() {
        return phase.reads() == Side.OLD;
    }

    @Test
    void persistWritesEachSideInItsOwnType() {
        persist(new Account(1, 4350L, -1L, Tier.GOLD), new Account(2, null, null, null));

        assertRow("account", 1, 4350L, -1L);
        assertTier(1, Tier.GOLD);
        assertRow("account", 2, null, null);
        assertTier(2, null);
        factory.inTransaction(session -> {
            Account found = session.find(Account.class, 1L);
            assertThat(found.balance).isEqualTo(4350L);
            assertThat(found.limit).isEqualTo(-1L);
            assertThat(found.tier).isEqualTo(Tier.GOLD);
            Account empty = session.find(Account.class, 2L);
            assertThat(empty.balance).isNull();
            assertThat(empty.limit).isNull();
            assertThat(empty.tier).isNull();
        });
    }

    @Test
    void aChangeAndAMergeAreFlushedToEverySide() {
        persist(new Account(1, 4350L, 1L, Tier.GOLD));
        change(account -> {
            account.balance = 5L;
            account.limit = 6L;
            account.tier = Tier.SILVER;
        });
        assertRow("account", 1, 5L, 6L);
        assertTier(1, Tier.SILVER);

        Account detached = factory.fromTransaction(session -> session.find(Account.class, 1L));
        detached.balance = 7L;
        detached.limit = null;
        detached.tier = null;
        factory.inTransaction(session -> session.merge(detached));
        assertRow("account", 1, 7L, null);
        assertTier(1, null);
        change(account -> account.note = "n");
        assertRow("account", 1, 7L, null);
    }

    @Test
    void aStatelessSessionWritesEverySide() {
        factory.inStatelessTransaction(session -> session.insert(new Account(1, 1L, 2L, Tier.GOLD)));
        assertRow("account", 1, 1L, 2L);
        factory.inStatelessTransaction(session -> {
            Account found = Objects.requireNonNull(session.get(Account.class, 1L));
            assertThat(found.limit).isEqualTo(2L);
            found.balance = 3L;
            found.limit = 4L;
            session.update(found);
        });
        assertRow("account", 1, 3L, 4L);
        for (long value : new long[] {5, 7}) {
            factory.inStatelessTransaction(session -> {
                Account.Purse purse = new Account.Purse();
                purse.id = 9;
                purse.balance = value;
                purse.limit = value + 1;
                session.upsert(purse);
            });
            assertRow("purse", 9, value, value + 1);
        }
    }

    @Test
    void anUpdateOfOnlyTheChangedColumnsHasBothOrNone() {
        Account.Purse purse = new Account.Purse();
        purse.id = 1;
        purse.balance = 1L;
        purse.limit = 2L;
        factory.inTransaction(session -> session.persist(purse));
        factory.inTransaction(session -> session.find(Account.Purse.class, 1L).balance = 3L);
        assertRow("purse", 1, 3L, 2L);
        factory.inTransaction(session -> session.find(Account.Purse.class, 1L).limit = 4L);
        assertRow("purse", 1, 3L, 4L);

        sql.clear();
        factory.inTransaction(session -> session.find(Account.Purse.class, 1L).note = "n");
        assertThat(sql.get(1)).doesNotContain("balance").doesNotContain("credit");
    }

    @Test
    void aReadNeverCausesAnUpdateAndABatchNeedsNoMoreStatements() {
        persist(LongStream.rangeClosed(1, 30)
                .mapToObj(id -> new Account(id, id, id, Tier.GOLD))
                .toArray(Account[]::new));
        sql.clear();
        factory.inTransaction(session -> session.find(Account.class, 1L));
        assertThat(sql).hasSize(1);

        sql.clear();
        factory.inTransaction(session -> session.createSelectionQuery("from Account", Account.class)
                .getResultList()
                .forEach(account -> account.limit = account.id + 100));
        assertThat(sql).hasSize(2);
        assertRow("account", 30, 30L, 130L);
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
        assertRow("account", 1, 1L, 2L);
        assertThat(bench.database.value("SELECT count(*) FROM account", Long.class))
                .isEqualTo(1L);
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

    @Test
    void aBulkUpdateByParameterOrLiteralGoesToEverySideEveryTimeThePlanIsUsed() {
        persist(new Account(1, 1L, 2L, Tier.GOLD), new Account(2, 3L, 4L, Tier.GOLD));
        for (long value : new long[] {10, 20}) {
            run(
                    "update Account a set a.balance = ?1, a.limit = ?2, a.tier = ?3 where a.limit = ?4 or a.id = 1",
                    value,
                    value + 1,
                    Tier.SILVER,
                    999L);
            assertRow("account", 1, value, value + 1);
            assertTier(1, Tier.SILVER);
            assertRow("account", 2, 3L, 4L);
        }
        run("update Account a set a.balance = 77, a.limit = 78, a.tier = GOLD where a.limit = 21");
        assertRow("account", 1, 77L, 78L);
        assertTier(1, Tier.GOLD);
        run("update Account a set a.balance = null, a.limit = null, a.tier = null where a.tier = GOLD and a.id = 1");
        assertRow("account", 1, null, null);
        assertTier(1, null);
    }

    @Test
    void aBulkUpdateComputesInTheAttributesUnitsWhereSqlConverts() {
        persist(new Account(1, 50L, 2L, Tier.GOLD));
        run("update Account a set a.balance = a.balance * 2 + ?1 where a.balance between 49 and 51", 1L);

        assertRow("account", 1, 101L, 2L);
    }

    @Test
    void aBulkExpressionIsRefusedWhereOnlyJavaConverts() {
        persist(new Account(1, 50L, 2L, Tier.GOLD));
        for (String hql : List.of(
                "update Account a set a.limit = a.limit + 1",
                "update Account a set a.limit = a.id + 1",
                "update Account a set a.balance = a.limit",
                "insert into Account (id, version, limit) select a.id + 10, 0, a.limit from Account a",
                "insert into Account (id, version, limit) select a.id + 20, 0, 5L from Account a")) {
            boolean refused = hql.contains("set a.balance") ? convertsInJava() : phase.writes(Side.OLD);
            if (refused) {
                assertThatThrownBy(() -> run(hql))
                        .as(hql)
                        .isInstanceOf(StatementRefusedException.class)
                        .hasMessageContaining("Account.limit")
                        .hasMessageContaining("'limit'")
                        .hasMessageContaining(phase.id());
            } else {
                run(hql);
            }
        }
        if (phase.writes(Side.OLD)) {
            assertThat(bench.database.value("SELECT count(*) FROM account", Long.class))
                    .isEqualTo(1L);
        }
    }

    @Test
    void aCriteriaUpdateGoesToEverySide() {
        persist(new Account(1, 50L, 2L, Tier.GOLD));
        factory.inTransaction(session -> {
            var criteria = session.getCriteriaBuilder();
            CriteriaUpdate<Account> update = criteria.createCriteriaUpdate(Account.class);
            var account = update.from(Account.class);
            update.set("balance", 8L)
                    .set("limit", 9L)
                    .set("tier", Tier.SILVER)
                    .where(criteria.equal(account.get("limit"), 2L));
            session.createMutationQuery(update).executeUpdate();
        });

        assertRow("account", 1, 8L, 9L);
        assertTier(1, Tier.SILVER);
    }

    @Test
    void aBulkInsertGoesToEverySide() {
        run(
                "insert into Account (id, version, balance, limit, tier) values (?1, 0, ?2, ?3, ?4), (2, 0, 5, 6, SILVER)",
                1L,
                3L,
                4L,
                Tier.GOLD);
        assertRow("account", 1, 3L, 4L);
        assertTier(1, Tier.GOLD);
        assertRow("account", 2, 5L, 6L);
        assertTier(2, Tier.SILVER);

        run("insert into Account (id, version, balance) select a.id + 100, 0, a.balance + 1 from Account a");
        assertRow("account", 101, 4L, null);

        run(
                "insert into Account (id, version, balance, limit) values (?1, 0, ?2, ?3)"
                        + " on conflict (id) do update set balance = excluded.balance, limit = ?4",
                1L,
                30L,
                40L,
                50L);
        assertRow("account", 1, 30L, 50L);
    }

    private List<Long> ids(String hql, Object... parameters) {
        return factory.fromTransaction(session -> {
            SelectionQuery<Long> query = session.createSelectionQuery(hql, Long.class);
            for (int i = 0; i < parameters.length; i++) {
                query.setParameter(i + 1, parameters[i]);
            }
            return query.getResultList();
        });
    }

    private void threeAccounts() {
        persist(
                new Account(1, 100L, 100L, Tier.GOLD),
                new Account(2, 1000L, 1000L, Tier.SILVER),
                new Account(3, null, null, null));
    }

    @Test
    void everyQueryIsRightWhereSqlConverts() {
        threeAccounts();
        String from = "select a.id from Account a where ";

        assertThat(ids(from + "a.balance = 100")).containsExactly(1L);
        assertThat(ids(from + "a.balance = ?1", 1000L)).containsExactly(2L);
        assertThat(ids(from + "a.balance <> 100")).containsExactly(2L);
        assertThat(ids(from + "a.balance > 200")).containsExactly(2L);
        assertThat(ids(from + "a.balance between 50 and ?1", 150L)).containsExactly(1L);
        assertThat(ids(from + "a.balance in (100, 5)")).containsExactly(1L);
        assertThat(ids(from + "a.balance in ?1", List.of(1000L, 7L))).containsExactly(2L);
        assertThat(ids(from + "a.balance is null")).containsExactly(3L);
        assertThat(ids(from + "a.balance + 1 = 101")).containsExactly(1L);
        assertThat(ids(from + "a.balance = a.id * 100")).containsExactly(1L);
        assertThat(ids(from + "a.balance = (select max(b.balance) from Account b)"))
                .containsExactly(2L);
        assertThat(ids(from + "cast(a.balance as string) like '100%' order by a.balance desc"))
                .containsExactly(2L, 1L);
        assertThat(ids("select sum(a.balance) from Account a")).containsExactly(1100L);
        assertThat(ids("select a.balance * 2 from Account a where a.balance is not null order by a.balance"))
                .containsExactly(200L, 2000L);
        assertThat(ids("select a.balance from Account a where a.id < 3 group by a.balance"))
                .containsExactlyInAnyOrder(100L, 1000L);
    }

    @Test
    void equalityIsRightWhereOnlyJavaConverts() {
        threeAccounts();
        String from = "select a.id from Account a where ";

        assertThat(ids(from + "a.limit = 100")).containsExactly(1L);
        assertThat(ids(from + "?1 = a.limit", 1000L)).containsExactly(2L);
        assertThat(ids(from + "a.limit <> 100")).containsExactly(2L);
        assertThat(ids(from + "not (a.limit = 100)")).containsExactly(2L);
        assertThat(ids(from + "a.limit in (100, 5)")).containsExactly(1L);
        assertThat(ids(from + "a.limit in ?1", List.of(1000L, 7L))).containsExactly(2L);
        assertThat(ids(from + "a.limit is null")).containsExactly(3L);
        assertThat(ids(from + "a.limit is not null order by a.id")).containsExactly(1L, 2L);
        assertThat(ids(from + "a.tier = ?1", Tier.GOLD)).containsExactly(1L);
        assertThat(ids(from + "a.tier = SILVER")).containsExactly(2L);
        assertThat(ids(from + "a.tier in ?1", List.of(Tier.GOLD))).containsExactly(1L);
        assertThat(ids(from + "a.id in (select b.id from Account b where b.limit = 100)"))
                .containsExactly(1L);
        assertThat(ids("select a.limit from Account a where a.id = 1")).containsExactly(100L);
        assertThat(ids("select distinct a.limit from Account a where a.id = 1")).containsExactly(100L);
        assertThat(ids("select a.limit from Account a where a.id < 3 group by a.limit"))
                .containsExactlyInAnyOrder(100L, 1000L);
        assertThat(ids("select x.l from (select b.limit as l from Account b where b.id = 2) x"))
                .containsExactly(1000L);
        factory.inTransaction(session -> {
            var criteria = session.getCriteriaBuilder();
            var query = criteria.createQuery(Account.class);
            var account = query.from(Account.class);
            query.where(
                    criteria.equal(account.get("limit"), 1000L),
                    account.get("tier").in(Tier.SILVER));
            assertThat(session.createSelectionQuery(query).getSingleResult().tier)
                    .isEqualTo(Tier.SILVER);
            assertThat(session.createSelectionQuery("from Account", Account.class)
                            .getResultCount())
                    .isEqualTo(3L);
        });
    }

    static final List<String> UNCONVERTED = List.of(
            "select a.id from Account a where a.limit > 200",
            "select a.id from Account a where a.limit between 50 and 150",
            "select a.id from Account a where a.limit + 1 = 101",
            "select a.id from Account a where a.limit = a.id * 100",
            "select a.id from Account a where a.limit = a.balance",
            "select a.id from Account a where a.limit = (select max(b.limit) from Account b)",
            "select a.id from Account a where a.limit in (select b.limit from Account b)",
            "select a.id from Account a where a.balance in (select b.limit from Account b)",
            "select a.id from Account a where coalesce(a.limit, 0) = 100",
            "select a.id from Account a where abs(a.limit) = 100",
            "select a.id from Account a where cast(a.limit as string) like '1%'",
            "select a.id from Account a where case when a.id = 1 then a.limit else 0 end = 100",
            "select a.id from Account a order by a.limit",
            "select a.limit as l from Account a order by l",
            "select a.limit from Account a order by 1",
            "select sum(a.limit) from Account a",
            "select count(distinct a.limit) from Account a",
            "select a.limit * 2 from Account a",
            "select a.limit from Account a union all select b.id from Account b",
            "select a.limit from Account a group by a.limit having max(a.limit) > 5",
            "select rank() over (order by a.limit) from Account a",
            "select a.id from Account a join Account b on a.limit = b.limit",
            "select x.l + 1 from (select b.limit as l from Account b where b.id = 2) x",
            "select a.id from Account a where a.id = 1 and exists (select 1 from Account b where b.limit < a.balance)");

    @Test
    void whatComparesOrComputesIsRefusedWhereOnlyJavaConverts() {
        threeAccounts();
        for (String hql : UNCONVERTED) {
            if (convertsInJava()) {
                assertThatThrownBy(() -> ids(hql))
                        .as(hql)
                        .isInstanceOf(StatementRefusedException.class)
                        .hasMessageContaining("Account.limit")
                        .hasMessageContaining("'limit'")
                        .hasMessageContaining(phase.id())
                        .hasMessageContaining("SQL form");
            } else {
                factory.inTransaction(session ->
                        session.createSelectionQuery(hql, Object.class).getResultList());
            }
        }
        for (String hql : List.of(
                "delete from Account a where a.limit > 0", "update Account a set a.note = 'n' where a.limit > 5")) {
            if (convertsInJava()) {
                assertThatThrownBy(() -> run(hql)).as(hql).isInstanceOf(StatementRefusedException.class);
            }
        }
    }

    @Test
    void aCriteriaQueryThatComparesIsRefusedWhereOnlyJavaConverts() {
        threeAccounts();
        Runnable query = () -> factory.inTransaction(session -> {
            var criteria = session.getCriteriaBuilder();
            var select = criteria.createQuery(Account.class);
            var account = select.from(Account.class);
            select.where(criteria.greaterThan(account.<Long>get("limit"), 200L));
            assertThat(session.createSelectionQuery(select).getResultList()).hasSize(1);
        });
        if (convertsInJava()) {
            assertThatThrownBy(query::run)
                    .isInstanceOf(StatementRefusedException.class)
                    .hasMessageContaining("Account.limit");
        } else {
            query.run();
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
