package dev.segue.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.change.Column;
import dev.segue.change.ColumnChange;
import dev.segue.change.Declaration;
import dev.segue.change.Form;
import dev.segue.change.JavaForm;
import dev.segue.change.SqlForm;
import dev.segue.database.TableName;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Stage;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Several columns take the place of one, one of several, or several of several. */
@EachDatabase
@Execution(ExecutionMode.CONCURRENT)
class SplitTest {

    private static final String BOTH = "name, first_name, last_name";

    private final Shop shop;

    SplitTest(Engine engine) {
        this.shop = new Shop(engine);
    }

    @AfterEach
    void drop() {
        shop.close();
    }

    private void customers() {
        shop.database.execute(
                "CREATE TABLE customer (id bigint PRIMARY KEY, name varchar(41) NOT NULL, city varchar(20))",
                "INSERT INTO customer (id, name) VALUES (1, 'Ada Lovelace'), (2, 'Grace Hopper'), (3, 'Alan Turing')");
    }

    private SqlForm parts() {
        return shop.postgres()
                ? new SqlForm(
                        List.of("split_part({name}, ' ', 1)", "split_part({name}, ' ', 2)"),
                        List.of("{first_name} || ' ' || {last_name}"))
                : new SqlForm(
                        List.of("SUBSTRING_INDEX({name}, ' ', 1)", "SUBSTRING_INDEX({name}, ' ', -1)"),
                        List.of("CONCAT({first_name}, ' ', {last_name})"));
    }

    private Declaration split(Form form) {
        return new Declaration(
                "customer-full-name",
                "Customer.name",
                Kind.REPLACE,
                TableName.of("customer"),
                List.of("name"),
                List.of(
                        new Declaration.NewColumn("first_name", "varchar(20)", true),
                        new Declaration.NewColumn("last_name", "varchar(20)", false)),
                form);
    }

    private String backfill() {
        SqlForm form = parts();
        return "UPDATE customer SET first_name = " + form.toNew().get(0).replace("{name}", "name") + ", last_name = "
                + form.toNew().get(1).replace("{name}", "name");
    }

    private ColumnChange guarded(Side... sides) throws Exception {
        ColumnChange change = shop.resolve(split(parts()));
        shop.apply(change, Stage.EXPAND, true);
        shop.database.execute(backfill());
        for (Side side : sides) {
            shop.runner().guard(change, side, Shop.CERTAIN);
        }
        return change;
    }

    @Test
    void goesThereAndBack() throws Exception {
        customers();
        for (boolean guarded : List.of(true, false)) {
            shop.thereAndBack(
                    shop.resolve(split(parts())),
                    guarded,
                    backfill(),
                    Stage.EXPAND,
                    Stage.GUARD,
                    Stage.ENFORCE,
                    Stage.RELAX);
        }
    }

    @Test
    void endsWithTheNewColumnsEachAsDeclared() throws Exception {
        customers();
        ColumnChange change = guarded(Side.NEW);
        assertThat(shop.resolve(split(parts()))).isEqualTo(change);
        for (Stage stage : List.of(Stage.ENFORCE, Stage.RELAX, Stage.CONTRACT, Stage.CONTRACT)) {
            shop.apply(change, stage, true);
        }

        List<Column> columns = shop.resolve(split(parts())).sites().get(0).newColumns();
        assertThat(columns).extracting(Column::mandatory).containsExactly(true, false);
        assertThat(shop.row("first_name, last_name", 2)).isEqualTo("[Grace, Hopper]");
        assertThat(shop.catalog("customer")).noneMatch(line -> line.contains("name=name,") || line.contains("segue_"));
        assertThatThrownBy(() -> shop.database.execute("INSERT INTO customer (id, last_name) VALUES (9, 'x')"))
                .hasMessageContaining("first_name");
    }

    @Test
    void writesTheOtherSideWholeForThoseWhoKnowOnlyOne() throws Exception {
        customers();
        ColumnChange change = guarded(Side.NEW, Side.OLD);
        shop.database.execute(
                "INSERT INTO customer (id, name) VALUES (8, 'Edsger Dijkstra')",
                "INSERT INTO customer (id, first_name, last_name) VALUES (9, 'Barbara', 'Liskov')",
                "UPDATE customer SET name = 'Augusta King' WHERE id = 1",
                "UPDATE customer SET last_name = 'Murray' WHERE id = 2");

        assertThat(shop.row(BOTH, 8)).isEqualTo("[Edsger Dijkstra, Edsger, Dijkstra]");
        assertThat(shop.row(BOTH, 9)).isEqualTo("[Barbara Liskov, Barbara, Liskov]");
        assertThat(shop.row(BOTH, 1)).isEqualTo("[Augusta King, Augusta, King]");
        assertThat(shop.row(BOTH, 2)).isEqualTo("[Grace Murray, Grace, Murray]");
        assertThat(shop.hits()).hasSize(2);
        assertThat(shop.disagreeing(change)).isZero();
    }

    @Test
    void coversNullsAndWritesOfManyRows() throws Exception {
        shop.database.execute(
                "CREATE TABLE customer (id bigint PRIMARY KEY, name varchar(41))",
                "INSERT INTO customer VALUES (1, 'Ada Lovelace'), (2, NULL), (3, 'Alan Turing')");
        ColumnChange change = guarded(Side.NEW, Side.OLD);
        shop.database.execute(
                "UPDATE customer SET name = " + (shop.postgres() ? "name || '!'" : "CONCAT(name, '!')"),
                "INSERT INTO customer (id, name) SELECT id + 10, name FROM customer",
                "UPDATE customer SET name = NULL WHERE id = 3",
                "UPDATE customer SET first_name = 'No', last_name = 'One' WHERE id = 2",
                "UPDATE customer SET first_name = NULL, last_name = NULL WHERE id = 11");

        assertThat(shop.row(BOTH, 1)).isEqualTo("[Ada Lovelace!, Ada, Lovelace!]");
        assertThat(shop.row(BOTH, 2)).isEqualTo("[No One, No, One]");
        assertThat(shop.row(BOTH, 3)).isEqualTo("[null, null, null]");
        assertThat(shop.row(BOTH, 13)).isEqualTo("[Alan Turing!, Alan, Turing!]");
        assertThat(shop.row(BOTH, 11)).isEqualTo("[null, null, null]");
        assertThat(shop.row(BOTH, 12)).isEqualTo("[null, null, null]");
        assertThat(shop.disagreeing(change)).isZero();
    }

    @Test
    void leavesWritesOfBothOrNeitherAlone() throws Exception {
        customers();
        guarded(Side.NEW, Side.OLD);
        shop.database.execute(
                "INSERT INTO customer (id, name, first_name, last_name) VALUES (9, 'A B', 'A', 'B')",
                // Of the new side only one column changes.
                "UPDATE customer SET name = 'Ada King', first_name = 'Ada', last_name = 'King' WHERE id = 1",
                "UPDATE customer SET city = 'Paris'",
                "UPDATE customer SET name = name, first_name = first_name");

        assertThat(shop.hits()).isEmpty();
        assertThat(shop.row(BOTH, 1)).isEqualTo("[Ada King, Ada, King]");
    }

    @Test
    void javaGuardsTellOneSidedWritesByAllColumnsOfASide() throws Exception {
        customers();
        JavaForm form = JavaForm.lossless(SplitTest::toParts, SplitTest::toName);
        ColumnChange change = shop.resolve(split(form));
        shop.apply(change, Stage.EXPAND, true);
        shop.database.execute(backfill());
        shop.runner().guard(change, Side.NEW, GuardMode.RECORDS, Shop.CERTAIN);
        shop.database.execute(
                "UPDATE customer SET name = 'Ada King' WHERE id = 1",
                "UPDATE customer SET name = 'Grace Murray', last_name = 'Murray' WHERE id = 2",
                "INSERT INTO customer (id, name) VALUES (8, 'A B')",
                "INSERT INTO customer (id, name, last_name) VALUES (9, 'A B', 'B')");
        assertThat(shop.database.rows("SELECT row_key FROM segue_dirty ORDER BY id").stream()
                        .map(row -> row.get("row_key")))
                .containsExactly("1", "8");

        shop.runner().guard(change, Side.NEW, GuardMode.REFUSES, Shop.CERTAIN);
        shop.database.execute(
                "UPDATE customer SET name = 'Alan M', first_name = 'Alan', last_name = 'M' WHERE id = 3",
                "UPDATE customer SET last_name = 'Turing' WHERE id = 3");
        for (String refused : List.of(
                "UPDATE customer SET name = 'x y' WHERE id = 3",
                "INSERT INTO customer (id, name) VALUES (10, 'A B')")) {
            assertThatThrownBy(() -> shop.database.execute(refused))
                    .rootCause()
                    .hasMessageContaining("customer-full-name")
                    .hasMessageContaining("give first_name, last_name as well");
        }
    }

    private static List<@Nullable Object> toParts(List<@Nullable Object> values) {
        String name = (String) values.get(0);
        return name == null ? Arrays.asList(null, null) : Arrays.asList((Object[]) name.split(" ", 2));
    }

    private static List<@Nullable Object> toName(List<@Nullable Object> values) {
        return Arrays.asList(values.get(0) == null ? null : values.get(0) + " " + values.get(1));
    }

    @Test
    void holdsRatherThanLoseWhatHangsOnAColumn() throws Exception {
        shop.database.execute(
                "CREATE TABLE person (handle varchar(41) PRIMARY KEY)",
                """
                CREATE TABLE customer (id bigint PRIMARY KEY, name varchar(41), city varchar(20),
                  CONSTRAINT name_given CHECK (name <> ''),
                  CONSTRAINT name_known FOREIGN KEY (name) REFERENCES person (handle))""",
                "CREATE INDEX by_name ON customer (name)",
                "CREATE UNIQUE INDEX by_city ON customer (city, name)");
        ColumnChange change = guarded();
        for (Stage stage : List.of(Stage.ENFORCE, Stage.CONTRACT)) {
            shop.holds(
                    change,
                    stage,
                    "by_name",
                    "by_city",
                    "name_given",
                    "name_known",
                    "name become first_name, last_name");
        }
        shop.database.execute(
                shop.postgres()
                        ? "ALTER TABLE customer DROP CONSTRAINT name_given, DROP CONSTRAINT name_known"
                        : "ALTER TABLE customer DROP CHECK name_given, DROP FOREIGN KEY name_known",
                shop.postgres()
                        ? "DROP INDEX by_name, by_city"
                        : "ALTER TABLE customer DROP INDEX by_name, DROP INDEX by_city");
        shop.apply(change, Stage.ENFORCE, true);
    }

    @Test
    void aNodeThatStartsLaterTakesRelaxBackAsItWas() throws Exception {
        for (boolean filled : List.of(true, false)) {
            shop.database.execute(
                    "DROP TABLE IF EXISTS customer",
                    "CREATE TABLE customer (id bigint PRIMARY KEY, name varchar(41) NOT NULL)");
            shop.apply(shop.resolve(split(parts())), Stage.EXPAND, filled);
            List<String> before = shop.catalog("customer");
            shop.apply(shop.resolve(split(parts())), Stage.RELAX, filled);
            ColumnChange later = shop.resolve(split(parts()));
            assertThat(later.sites().get(0).oldColumns().get(0).mandatory()).isTrue();
            shop.revert(later, Stage.RELAX, filled);
            assertThat(shop.catalog("customer")).isEqualTo(before);
            assertThat(shop.database.value("SELECT COUNT(*) FROM segue_relaxed", Long.class))
                    .isZero();
        }
    }

    @Test
    void mergesColumnsAndDropsThemTogether() throws Exception {
        shop.database.execute(
                "CREATE TABLE customer (id bigint PRIMARY KEY, first_name varchar(20) NOT NULL, last_name varchar(20) NOT NULL)",
                "INSERT INTO customer VALUES (1, 'Ada', 'Lovelace')");
        Declaration merge = new Declaration(
                "customer-full-name",
                "Customer.name",
                Kind.REPLACE,
                TableName.of("customer"),
                List.of("first_name", "last_name"),
                List.of(new Declaration.NewColumn("name", "varchar(41)", true)),
                new SqlForm(/* toNew= */ parts().toOld(), /* toOld= */ parts().toNew()));
        ColumnChange change = shop.resolve(merge);
        String backfill = "UPDATE customer SET name = 'Ada Lovelace'";
        Stage[] stages = {Stage.EXPAND, Stage.GUARD, Stage.ENFORCE, Stage.RELAX};
        for (boolean guarded : List.of(true, false)) {
            shop.thereAndBack(change, guarded, backfill, stages);
        }
        for (Stage stage : stages) {
            shop.apply(change, stage, true);
            shop.database.execute(stage == Stage.EXPAND ? backfill : "SELECT 1");
        }
        shop.runner().guard(change, Side.OLD, Shop.CERTAIN);
        shop.database.execute(
                "INSERT INTO customer (id, name) VALUES (2, 'Grace Hopper')",
                "INSERT INTO customer (id, first_name, last_name) VALUES (3, 'Alan', 'Turing')",
                "UPDATE customer SET last_name = 'King' WHERE id = 1");
        assertThat(shop.row(BOTH, 1)).isEqualTo("[Ada King, Ada, King]");
        assertThat(shop.row(BOTH, 2)).isEqualTo("[Grace Hopper, Grace, Hopper]");
        assertThat(shop.row(BOTH, 3)).isEqualTo("[Alan Turing, Alan, Turing]");

        shop.apply(change, Stage.CONTRACT, true);
        shop.apply(change, Stage.CONTRACT, true);
        assertThat(shop.catalog("customer")).noneMatch(line -> line.contains("first_name") || line.contains("segue_"));
        assertThat(shop.resolve(merge).sites().get(0).newColumns()).hasSize(1);
    }

    @Test
    void bringsSeveralColumnsToSeveral() throws Exception {
        shop.database.execute(
                "CREATE TABLE customer (id bigint PRIMARY KEY, a int, b int)", "INSERT INTO customer VALUES (1, 1, 2)");
        ColumnChange change = shop.resolve(new Declaration(
                "customer-full-name",
                "Customer.pair",
                Kind.REPLACE,
                TableName.of("customer"),
                List.of("a", "b"),
                List.of(new Declaration.NewColumn("x", "int", false), new Declaration.NewColumn("y", "int", false)),
                new SqlForm(List.of("{a} + {b}", "{a} - {b}"), List.of("({x} + {y}) / 2", "({x} - {y}) / 2"))));
        shop.thereAndBack(change, true, "UPDATE customer SET x = a + b, y = a - b", Stage.EXPAND, Stage.GUARD);
        shop.apply(change, Stage.EXPAND, true);
        shop.database.execute("UPDATE customer SET x = a + b, y = a - b");
        shop.runner().guard(change, Side.NEW, Shop.CERTAIN);
        shop.runner().guard(change, Side.OLD, Shop.CERTAIN);
        shop.database.execute("UPDATE customer SET b = 5", "UPDATE customer SET y = 2");

        assertThat(shop.row("a, b, x, y", 1)).isEqualTo("[4, 2, 6, 2]");
    }

    @Test
    void saysWhichColumnsDoNotFit() throws Exception {
        customers();
        assertThat(shop.problems(split(SqlForm.SAME)))
                .hasSize(2)
                .first()
                .asString()
                .contains("toNew has 1 expressions for 2 columns (first_name, last_name)");
        Declaration untyped = new Declaration(
                "c",
                "Customer.name",
                Kind.REPLACE,
                TableName.of("customer"),
                List.of("name", "nam"),
                List.of(new Declaration.NewColumn("x", null, true)),
                parts());
        assertThat(shop.problems(untyped)).singleElement().asString().contains("customer.nam", "no such column");
        shop.database.execute("ALTER TABLE customer ADD COLUMN nam int");
        assertThat(shop.problems(untyped)).singleElement().asString().contains("customer.x", "type is not declared");
        assertThat(shop.problems(new Declaration(
                        "c",
                        "Customer.name",
                        Kind.REPLACE,
                        TableName.of("customer"),
                        List.of("name", "name"),
                        List.of(new Declaration.NewColumn("x", "int", true)),
                        parts())))
                .singleElement()
                .asString()
                .contains("named twice");
    }
}
