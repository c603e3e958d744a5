package dev.segue.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.change.ColumnChange;
import dev.segue.change.Declaration;
import dev.segue.change.Declaration.NewColumn;
import dev.segue.change.Form;
import dev.segue.change.SqlForm;
import dev.segue.database.TableName;
import dev.segue.fleet.NodeClock;
import dev.segue.fleet.Registry;
import dev.segue.lifecycle.Guard;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Stage;
import dev.segue.test.database.Engine;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On PostgreSQL an update that takes a row to another partition deletes it there and inserts it here. */
@Execution(ExecutionMode.CONCURRENT)
class PartitionGuardTest {

    private final Shop shop = new Shop(Engine.POSTGRESQL);

    @BeforeEach
    void create() {
        shop.database.execute(
                "CREATE TABLE customer (id bigint, name varchar(20), city varchar(50), PRIMARY KEY (id, city)) PARTITION BY LIST (city)",
                "CREATE TABLE customer_london PARTITION OF customer FOR VALUES IN ('London')",
                "CREATE TABLE customer_else PARTITION OF customer DEFAULT",
                "INSERT INTO customer (id, name, city) VALUES (1, '1', 'London'), (2, '2', 'London'), (3, '3', 'London')");
    }

    @AfterEach
    void drop() {
        shop.close();
    }

    private ColumnChange change(@Nullable String type, Form form) throws Exception {
        ColumnChange change = shop.resolve(new Declaration(
                "customer-full-name",
                "Customer.fullName",
                Kind.REPLACE,
                TableName.of("customer"),
                List.of("name"),
                List.of(new NewColumn("full_name", type, false)),
                form));
        shop.runner().apply(change, Stage.EXPAND, true, Shop.CERTAIN);
        return change;
    }

    /** From varchar to a type of its own name, with triggers for each event, or to a copy. */
    private ColumnChange filled(String type) throws Exception {
        ColumnChange change = type.equals("copy")
                ? change(null, SqlForm.SAME)
                : change(type, SqlForm.of("{old}::" + type, "{new}::text"));
        new Registry(shop.pool, shop.dialect, "n1", NodeClock.SYSTEM)
                .declare(change.id(), change.definition(), Kind.REPLACE, Guard.Form.SQL);
        return change;
    }

    @ParameterizedTest
    @ValueSource(strings = {"copy", "bigint"})
    void keepsWhatIsWrittenOnTheWayToAnotherPartition(String type) throws Exception {
        ColumnChange change = filled(type);
        shop.database.execute("UPDATE customer SET full_name = id");
        for (Side side : Side.values()) {
            shop.runner().guard(change, side, Shop.CERTAIN);
        }
        shop.database.execute(
                "UPDATE customer SET name = '41', city = 'Paris' WHERE id = 1",
                "UPDATE customer SET full_name = 42, city = 'Paris' WHERE id = 2",
                "UPDATE customer SET city = 'Paris' WHERE id = 3");

        assertThat(shop.sides(1)).isEqualTo("[41, 41]");
        assertThat(shop.sides(2)).isEqualTo("[42, 42]");
        assertThat(shop.sides(3)).isEqualTo("[3, 3]");
        assertThat(shop.hits()).hasSize(1);

        shop.database.execute(
                "UPDATE customer SET name = NULL, city = 'London' WHERE id = 1",
                "UPDATE customer SET full_name = NULL, city = 'London' WHERE id = 2",
                "UPDATE customer SET name = '43', id = 4 WHERE id = 3");
        assertThat(shop.sides(1)).isEqualTo("[null, null]");
        assertThat(shop.sides(2)).isEqualTo("[null, null]");
        assertThat(shop.sides(4)).isEqualTo("[43, 43]");
        assertThat(shop.hits()).hasSize(3);
        assertThat(shop.runner().guarded(change)).containsExactly(Side.OLD, Side.NEW);
    }

    @ParameterizedTest
    @ValueSource(strings = {"copy", "bigint"})
    void fillsARowThatNothingHasFilledYet(String type) throws Exception {
        shop.runner().guard(filled(type), Side.NEW, Shop.CERTAIN);
        shop.database.execute("UPDATE customer SET city = 'Paris' WHERE id = 1");

        assertThat(shop.sides(1)).isEqualTo("[1, 1]");
    }

    @Test
    void breaksNobodyOverAValueThatTheConversionCannotTake() throws Exception {
        shop.runner().guard(filled("bigint"), Side.NEW, Shop.CERTAIN);
        shop.database.execute(
                "UPDATE customer SET full_name = id", "UPDATE customer SET name = 'one', city = 'Paris' WHERE id = 1");

        assertThat(shop.sides(1)).isEqualTo("[one, null]");
        assertThat(JavaShop.dirty(shop)).isNotEmpty().allMatch(key(1, "Paris")::equals);
    }

    @Test
    void recordsForAWorkerThatConvertsInJava() throws Exception {
        ColumnChange change = change("varchar(40)", JavaShop.BRACKETS);
        shop.database.execute("UPDATE customer SET full_name = '<' || name || '>' WHERE id <> 3");
        shop.runner().guard(change, Side.NEW, GuardMode.RECORDS, Shop.CERTAIN);
        shop.database.execute(
                "UPDATE customer SET name = 'one', city = 'Paris' WHERE id = 1",
                "UPDATE customer SET city = 'Rome' WHERE id = 2",
                "UPDATE customer SET name = 'four', id = 4 WHERE id = 1");

        assertThat(JavaShop.dirty(shop)).containsExactly(key(1, "Paris"), key(2, "Rome"), key(4, "Paris"));
        assertThat(shop.hits()).hasSize(2);

        shop.database.execute("UPDATE customer SET city = 'Oslo' WHERE id = 3");
        assertThat(JavaShop.dirty(shop)).contains(key(3, "Oslo"));
    }

    @Test
    void refusesWhoeverLeavesASideBehindOnTheWay() throws Exception {
        ColumnChange change = change("varchar(40)", JavaShop.BRACKETS);
        shop.database.execute("UPDATE customer SET full_name = '<' || name || '>'");
        shop.runner().guard(change, Side.NEW, GuardMode.REFUSES, Shop.CERTAIN);
        JavaShop.refused(shop, "UPDATE customer SET name = 'one', city = 'Paris' WHERE id = 1");
        shop.database.execute(
                "UPDATE customer SET name = 'one', full_name = '<one>', city = 'Paris' WHERE id = 1",
                "UPDATE customer SET city = 'Rome' WHERE id = 2");

        assertThat(shop.sides(1)).isEqualTo("[one, <one>]");
        assertThat(JavaShop.dirty(shop)).containsExactlyInAnyOrder(key(1, "Paris"), key(2, "Rome"));
        assertThat(shop.hits()).isEmpty();
    }

    private static String key(long id, String city) {
        StringBuilder text = new StringBuilder().append(id).append(',');
        for (byte one : city.getBytes(StandardCharsets.UTF_8)) {
            text.append("%%%02x".formatted(one));
        }
        return text.toString();
    }
}
