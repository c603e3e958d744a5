package dev.segue.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.change.ColumnChange;
import dev.segue.change.Declaration;
import dev.segue.change.Form;
import dev.segue.change.JavaForm;
import dev.segue.change.SqlForm;
import dev.segue.database.TableName;
import dev.segue.fleet.NodeClock;
import dev.segue.fleet.Registry;
import dev.segue.lifecycle.Guard;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Progress;
import dev.segue.lifecycle.Stage;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A column goes that has no successor. */
@EachDatabase
@Execution(ExecutionMode.CONCURRENT)
class RetireTest {

    private final Shop shop;

    RetireTest(Engine engine) {
        this.shop = new Shop(engine);
    }

    @AfterEach
    void drop() {
        shop.close();
    }

    private static Declaration retire(List<String> columns, Form form) {
        return new Declaration(
                "customer-fax", "Customer.fax", Kind.RETIRE, TableName.of("customer"), columns, List.of(), form);
    }

    private static Declaration fax(String fill) {
        return retire(List.of("fax"), new SqlForm(List.of(), List.of(fill)));
    }

    private void customers(String fax) {
        shop.database.execute(
                "CREATE TABLE customer (id bigint PRIMARY KEY, fax " + fax + ", city varchar(20))",
                "INSERT INTO customer VALUES (1, '123', 'London')");
    }

    /** As the registry has it once the intent is recorded. */
    private void begin(ColumnChange change, Stage stage) throws SQLException {
        shop.database.execute("DELETE FROM segue_change");
        Registry registry = new Registry(shop.database.dataSource(), shop.dialect, "n1", NodeClock.SYSTEM);
        registry.declare(change.id(), change.definition(), Kind.RETIRE, Guard.Form.NONE);
        registry.underLock(change.id(), locked -> {
            locked.save(locked.situation().stage(stage, Progress.APPLYING));
            return locked.situation();
        });
    }

    @Test
    void goesThereAndBack() throws Exception {
        for (String fax : List.of("varchar(20) NOT NULL", "varchar(20)", "varchar(20) DEFAULT 'x' NOT NULL")) {
            shop.database.execute("DROP TABLE IF EXISTS customer");
            customers(fax);
            shop.thereAndBack(shop.resolve(fax("NULL")), true, "", Stage.RELAX);
            shop.thereAndBack(shop.resolve(fax(" null ")), false, "", Stage.RELAX);
        }
        for (String fax : List.of("varchar(20) NOT NULL", "varchar(20)")) {
            shop.database.execute("DROP TABLE IF EXISTS customer");
            customers(fax);
            shop.thereAndBack(shop.resolve(fax("'it''s none'")), true, "", Stage.RELAX);
        }
        shop.database.execute("INSERT INTO customer (id) VALUES (9)");
    }

    @Test
    void mayBeLeftOutOfAnInsertFromRelaxOn() throws Exception {
        customers("varchar(20) NOT NULL");
        ColumnChange change = shop.resolve(fax("NULL"));
        shop.apply(change, Stage.RELAX, true);
        shop.database.execute("INSERT INTO customer (id) VALUES (2)");
        assertThat(shop.row("fax", 2)).isEqualTo("[null]");

        // The row keeps its NULL, and so the column stays as it is.
        shop.revert(change, Stage.RELAX, true);
        shop.database.execute("INSERT INTO customer (id) VALUES (3)");
        shop.database.execute("UPDATE customer SET fax = '' WHERE fax IS NULL");
        shop.revert(change, Stage.RELAX, true);
        assertThatThrownBy(() -> shop.database.execute("INSERT INTO customer (id) VALUES (4)"))
                .hasMessageContaining("fax");
    }

    @Test
    void aNodeThatStartsLaterTakesRelaxBackAsItWas() throws Exception {
        customers("varchar(20) NOT NULL");
        List<String> before = shop.catalog("customer");
        shop.apply(shop.resolve(fax("NULL")), Stage.RELAX, true);
        shop.revert(shop.resolve(fax("NULL")), Stage.RELAX, true);
        assertThat(shop.catalog("customer")).isEqualTo(before);
    }

    @Test
    void holdsTheDeclaredValueInRowsThatLeaveItOut() throws Exception {
        customers("varchar(20) NOT NULL");
        ColumnChange change = shop.resolve(fax("'none'"));
        begin(change, Stage.RELAX);
        shop.apply(change, Stage.RELAX, true);
        shop.database.execute("INSERT INTO customer (id) VALUES (2)");
        assertThat(shop.row("fax", 2)).isEqualTo("[none]");

        assertThat(shop.resolve(fax("'none'"))).as("after a restart").isEqualTo(change);
        shop.apply(shop.resolve(fax("'none'")), Stage.RELAX, true);
        shop.revert(shop.resolve(fax("'none'")), Stage.RELAX, true);
        assertThat(shop.catalog("customer")).noneMatch(line -> line.contains("none"));
    }

    @Test
    void fillsNumbersAndTextsOfAnyLength() throws Exception {
        shop.database.execute("CREATE TABLE customer (id bigint PRIMARY KEY, n int NOT NULL, long_text text NOT NULL)");
        ColumnChange change =
                shop.resolve(retire(List.of("n", "long_text"), new SqlForm(List.of(), List.of("-1", "'a' "))));
        shop.apply(change, Stage.RELAX, true);
        shop.database.execute("INSERT INTO customer (id) VALUES (1)");
        assertThat(shop.row("n, long_text", 1)).isEqualTo("[-1, a]");
    }

    @Test
    void endsWithoutTheColumnsAndTheirIndexes() throws Exception {
        customers("varchar(20) NOT NULL");
        shop.database.execute(
                "ALTER TABLE customer ADD COLUMN telex varchar(9)",
                "CREATE INDEX faxes ON customer (fax, telex)",
                "CREATE INDEX cities ON customer (city)");
        Declaration both = retire(List.of("fax", "telex"), new SqlForm(List.of(), List.of("NULL", "NULL")));
        ColumnChange change = shop.resolve(both);
        for (Stage stage : List.of(Stage.RELAX, Stage.CONTRACT, Stage.CONTRACT)) {
            shop.runner().apply(change, stage, true, Shop.CERTAIN);
        }

        assertThat(shop.catalog("customer"))
                .noneMatch(line -> line.contains("fax") || line.contains("telex"))
                .anyMatch(line -> line.contains("cities"));
        assertThat(shop.history(change)).containsExactly("relax apply", "contract apply", "contract apply");
        assertThat(shop.problems(both)).hasSize(2).allMatch(line -> line.contains("no such column"));
        begin(change, Stage.CONTRACT);
        assertThat(shop.resolve(both).sites()).hasSize(1);
        shop.apply(shop.resolve(both), Stage.CONTRACT, true);
    }

    @Test
    void holdsTheDropForWhatWouldGoWithTheColumn() throws Exception {
        customers("varchar(20)");
        shop.database.execute(
                "CREATE INDEX also_cities ON customer (city, fax)",
                "CREATE VIEW faxes AS SELECT id, fax FROM customer",
                "ALTER TABLE customer ADD CONSTRAINT both_given CHECK (fax <> city)");
        ColumnChange change = shop.resolve(fax("NULL"));
        shop.holds(change, Stage.RELAX, "both_given", "NULL");
        shop.holds(change, Stage.CONTRACT, "also_cities", "serves city", "faxes", "both_given");
    }

    @Test
    void holdsRelaxForWhatWouldRefuseTheFilledValue() throws Exception {
        customers("varchar(20)");
        shop.database.execute("CREATE UNIQUE INDEX one_each ON customer (fax)");
        shop.apply(shop.resolve(fax("NULL")), Stage.RELAX, true);
        shop.holds(shop.resolve(fax("'none'")), Stage.RELAX, "one_each", "'none'");
        ColumnChange change = shop.resolve(fax("'none'"));
        shop.database.execute("ALTER TABLE customer ALTER COLUMN fax SET DEFAULT 'other'");
        shop.holds(change, Stage.RELAX, "default", "other");
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        customers("varchar(20) DEFAULT 'x'");
        assertThat(shop.problems(retire(List.of("telefax"), new SqlForm(List.of(), List.of("NULL")))))
                .singleElement()
                .asString()
                .contains("customer.telefax", "no such column");
        assertThat(shop.problems(fax("'none'"))).singleElement().asString().contains("customer-fax", "default already");
        assertThat(shop.problems(fax("{city}"))).singleElement().asString().contains("{city}", "Give a constant");
        assertThat(shop.problems(retire(List.of("fax"), SqlForm.SAME)))
                .anyMatch(line -> line.contains("toNew has 1 expressions for 0 columns"));
        assertThat(shop.problems(retire(List.of("fax"), JavaForm.lossless(v -> v, v -> v))))
                .singleElement()
                .asString()
                .contains("in SQL");
        assertThat(shop.problems(retire(List.of("id"), new SqlForm(List.of(), List.of("NULL")))))
                .singleElement()
                .asString()
                .contains("primary key");
        shop.database.execute("ALTER TABLE customer ADD COLUMN n int");
        assertThat(shop.problems(retire(List.of("n"), new SqlForm(List.of(), List.of("'many'")))))
                .singleElement()
                .asString()
                .contains("'many'", "column n");
    }

    @Test
    void printsOnlyTheStagesThatItHas() throws Exception {
        customers("varchar(20) NOT NULL");
        assertThat(shop.runner().plan(shop.resolve(fax("NULL")), true).toString())
                .contains("retire", "-- relax", "-- contract")
                .doesNotContain("-- expand", "-- guard", "-- enforce", "TRIGGER segue");
    }
}
