package dev.segue.hibernate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.change.Conversion;
import dev.segue.change.SqlForm;
import dev.segue.database.Database;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Side;
import dev.segue.test.database.Engine;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.hibernate.SessionFactory;
import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.resource.jdbc.spi.StatementInspector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An old value that the conversion cannot take there and back stays what it is until somebody sets the attribute. */
@ParameterizedClass(name = "{0} {1}")
@MethodSource("phasesThatReadTheOldColumn")
class UnprovenRowsTest {

    @Entity(name = "Wallet")
    @Table(name = "wallet")
    public static class Wallet {

        @Id
        public long id;

        @Version
        public int version;

        @Column(name = "money_cents")
        @Replaces(change = "money", column = "money", conversion = Rounded.class)
        public @Nullable Long money;

        @Column(name = "credit_cents")
        @Replaces(change = "credit", column = "credit", conversion = RoundedInJava.class)
        public @Nullable Long credit;

        @Embedded
        public Inner inner = new Inner();

        public @Nullable String note;
    }

    @Embeddable
    public static class Inner {

        @Column(name = "fee_cents")
        @Replaces(change = "fee", column = "fee", conversion = Rounded.class)
        public @Nullable Long fee;

        public @Nullable String remark;
    }

    @Entity(name = "Purse")
    @Table(name = "purse")
    @DynamicUpdate
    public static class Purse {

        @Id
        public long id;

        @Column(name = "money_cents")
        @Replaces(change = "purse-money", column = "money", conversion = Rounded.class)
        public @Nullable Long money;

        public @Nullable String note;
    }

    public static class Rounded implements Conversion<BigDecimal, Long> {

        @Override
        @SuppressWarnings("NullAway")
        public Long toNew(@Nullable BigDecimal old) {
            return old == null
                    ? null
                    : old.movePointRight(2).setScale(0, RoundingMode.HALF_UP).longValueExact();
        }

        @Override
        @SuppressWarnings("NullAway")
        public BigDecimal toOld(@Nullable Long current) {
            return current == null ? null : BigDecimal.valueOf(current, 2);
        }

        @Override
        public Optional<SqlForm> sql(Database database) {
            return Optional.of(SqlForm.of("round({old} * 100)", "{new} / 100.0"));
        }
    }

    public static final class RoundedInJava extends Rounded {

        @Override
        public Optional<SqlForm> sql(Database database) {
            return Optional.empty();
        }
    }

    private final Bench bench;
    private final SessionFactory factory;
    private final Phase phase;
    private final List<String> sql = new CopyOnWriteArrayList<>();

    UnprovenRowsTest(Engine engine, Phase phase) {
        this.phase = phase;
        this.bench = new Bench(engine, phase);
        bench.database.execute(
                "CREATE TABLE wallet (id bigint PRIMARY KEY, version int NOT NULL, note varchar(200),"
                        + " remark varchar(200))",
                "CREATE TABLE purse (id bigint PRIMARY KEY, note varchar(200))");
        for (String name : List.of("money", "credit", "fee")) {
            bench.addColumns("wallet", name, "numeric(38,3)", name + "_cents", "bigint");
        }
        bench.addColumns("purse", "money", "numeric(38,3)", "money_cents", "bigint");
        for (int id = 1; id <= 25; id++) {
            bench.database.execute(
                    "INSERT INTO wallet (id, version, money, credit, fee) VALUES (" + id + ", 0, 1.000, 2.000, 3.000)");
        }
        bench.database.execute("INSERT INTO purse (id, money) VALUES (1, 43.505)");
        factory = bench.factory(
                List.of("money", "credit", "fee", "purse-money"),
                Map.of("hibernate.session_factory.statement_inspector", (StatementInspector) statement -> {
                    sql.add(statement);
                    return statement;
                }),
                Wallet.class,
                Purse.class);
    }

    static Stream<Arguments> phasesThatReadTheOldColumn() {
        return PhaseMappingTest.everyPhase().filter(each -> ((Phase) each.get()[1]).reads() == Side.OLD);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private void change(Consumer<Wallet> change) {
        factory.inTransaction(session -> change.accept(session.find(Wallet.class, 1L)));
    }

    private String old(String table, String column) {
        return Objects.requireNonNull(
                        bench.database.value("SELECT " + column + " FROM " + table + " WHERE id = 1", BigDecimal.class))
                .toPlainString();
    }

    private void assertRefused(String attribute, Runnable write) {
        assertThatThrownBy(write::run)
                .isInstanceOf(ValueRefusedException.class)
                .hasMessageContaining(attribute)
                .hasMessageContaining("in " + phase.id())
                .hasMessageContaining("Set the attribute")
                .hasMessageNotContaining("505");
    }

    @Test
    void isReadButNotReplacedByAWriteThatDoesNotSetIt() {
        for (String column : List.of("money", "credit", "fee")) {
            String attribute = "." + column + " ";
            bench.database.execute("UPDATE wallet SET " + column + " = 43.505 WHERE id = 1");
            Wallet detached = factory.fromTransaction(session -> session.find(Wallet.class, 1L));

            assertRefused(attribute, () -> change(wallet -> wallet.note = "n"));
            assertRefused(attribute, () -> change(wallet -> wallet.inner.remark = "r"));
            assertRefused(
                    attribute,
                    () -> factory.inTransaction(session -> {
                        Wallet found = session.find(Wallet.class, 1L);
                        session.refresh(found);
                        found.note = "n";
                    }));
            assertRefused(
                    attribute,
                    () -> factory.inTransaction(session -> {
                        detached.note = "merged";
                        session.merge(detached);
                    }));
            assertRefused(
                    attribute,
                    () -> factory.inStatelessTransaction(session -> {
                        Wallet found = Objects.requireNonNull(session.get(Wallet.class, 1L));
                        found.note = "n";
                        session.update(found);
                    }));
            assertRefused(attribute, () -> factory.inStatelessTransaction(session -> session.update(detached)));
            factory.inTransaction(session -> session.createMutationQuery("update Wallet set note = 'bulk'")
                    .executeUpdate());

            assertThat(old("wallet", column)).isEqualTo("43.505");
            bench.database.execute("UPDATE wallet SET " + column + " = 1 WHERE id = 1");
        }
    }

    @Test
    void isReplacedByWhoeverSetsTheAttribute() {
        bench.database.execute("UPDATE wallet SET money = 43.505, credit = 43.505, fee = 43.505 WHERE id = 1");
        change(wallet -> {
            assertThat(wallet.credit).isEqualTo(4351);
            wallet.money = 1L;
            wallet.credit = 2L;
            wallet.inner.fee = 3L;
        });
        change(wallet -> wallet.note = "n");

        assertThat(old("wallet", "money")).isEqualTo("0.010");
        assertThat(old("wallet", "credit")).isEqualTo("0.020");
        assertThat(old("wallet", "fee")).isEqualTo("0.030");
    }

    @Test
    void anUpdateOfOnlyTheChangedColumnsLeavesItAlone() {
        factory.inTransaction(session -> session.find(Purse.class, 1L).note = "n");
        assertThat(old("purse", "money")).isEqualTo("43.505");
        assertRefused(
                ".money ",
                () -> factory.inStatelessTransaction(
                        session -> session.update(Objects.requireNonNull(session.get(Purse.class, 1L)))));
        assertRefused(
                ".money ",
                () -> factory.inStatelessTransaction(
                        session -> session.upsert(Objects.requireNonNull(session.get(Purse.class, 1L)))));
    }

    @Test
    void otherRowsAreWrittenInOneBatch() {
        sql.clear();
        factory.inTransaction(session -> session.createSelectionQuery("from Wallet", Wallet.class)
                .getResultList()
                .forEach(wallet -> wallet.note = "n"));

        assertThat(sql).hasSize(2);
        assertThat(bench.database.value("SELECT count(*) FROM wallet WHERE note = 'n' AND money = 1", Long.class))
                .isEqualTo(25);
    }
}
