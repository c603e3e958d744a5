package dev.segue.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A column comes that has no predecessor. */
@EachDatabase
@Execution(ExecutionMode.CONCURRENT)
class IntroduceTest {

    private static final SqlForm TIER = new SqlForm(
            List.of("CASE WHEN {country} = 'DE' THEN 'HOME' WHEN {country} IS NULL THEN 'NONE' ELSE 'ABROAD' END"),
            List.of());

    private static final JavaForm JAVA = JavaForm.lossless(values -> List.of("FREE"), values -> values);

    private final Shop shop;

    IntroduceTest(Engine engine) {
        this.shop = new Shop(engine);
    }

    @AfterEach
    void drop() {
        shop.close();
    }

    private static Declaration tier(List<String> sources, Form form, boolean mandatory) {
        return new Declaration(
                "customer-full-name",
                "Customer.tier",
                Kind.INTRODUCE,
                TableName.of("customer"),
                sources,
                List.of(new Declaration.NewColumn("tier", "varchar(10)", mandatory)),
                form);
    }

    private static Declaration tier() {
        return tier(List.of("country"), TIER, true);
    }

    private void customers() {
        shop.database.execute(
                "CREATE TABLE customer (id bigint PRIMARY KEY, country varchar(2) DEFAULT 'DE', name varchar(20))",
                "CREATE INDEX by_country ON customer (country)",
                "INSERT INTO customer VALUES (1, 'DE', 'Ada'), (2, 'FR', 'Grace'), (3, NULL, 'Alan')");
    }

    private static String backfill() {
        return "UPDATE customer SET tier = " + TIER.toNew().get(0).replace("{country}", "country");
    }

    private ColumnChange until(Stage last, Declaration declaration, String backfill) throws Exception {
        ColumnChange change = shop.resolve(declaration);
        for (Stage stage : Stage.values()) {
            if (stage.compareTo(last) <= 0) {
                shop.apply(change, stage, true);
            }
            if (stage == Stage.EXPAND) {
                shop.database.execute(backfill);
            }
        }
        return change;
    }

    private String tierOf(long id) {
        return shop.row("country, tier", id);
    }

    @Test
    void theValueFollowsTheColumnsItIsComputedFrom() throws Exception {
        customers();
        ColumnChange change = until(Stage.ENFORCE, tier(), backfill());
        shop.database.execute(
                "INSERT INTO customer (id, country) VALUES (4, 'AT'), (5, NULL)",
                "INSERT INTO customer (id) VALUES (6)",
                "UPDATE customer SET country = 'FR' WHERE id = 1",
                "UPDATE customer SET country = NULL WHERE id = 2",
                "UPDATE customer SET country = 'DE' WHERE id = 3");

        assertThat(tierOf(4)).isEqualTo("[AT, ABROAD]");
        assertThat(tierOf(5)).isEqualTo("[null, NONE]");
        assertThat(tierOf(6)).isEqualTo("[DE, HOME]");
        assertThat(tierOf(1)).isEqualTo("[FR, ABROAD]");
        assertThat(tierOf(2)).isEqualTo("[null, NONE]");
        assertThat(tierOf(3)).isEqualTo("[DE, HOME]");
        assertThat(shop.hits()).hasSize(6);
        shop.database.execute("UPDATE customer SET country = 'IT'", "UPDATE customer SET country = 'ES', name = 'x'");
        assertThat(shop.disagreeing(change)).isZero();
        assertThat(shop.hits()).as("another country of the same tier is no hit").hasSize(10);
    }

    @Test
    void seesWhatTheDatabaseGivesASource() throws Exception {
        shop.database.execute(
                shop.postgres()
                        ? "CREATE TABLE customer (id bigint PRIMARY KEY, country text DEFAULT gen_random_uuid()::text, name int)"
                        : "CREATE TABLE customer (id bigint PRIMARY KEY, country varchar(40) DEFAULT (uuid()), name int,"
                                + " touched timestamp(6) DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6))");
        String source = shop.postgres() ? "country" : "touched";
        String text = shop.postgres() ? "{touched}" : "CAST({touched} AS CHAR)";
        ColumnChange change = until(
                Stage.ENFORCE,
                new Declaration(
                        "customer-full-name",
                        "Customer.tier",
                        Kind.INTRODUCE,
                        TableName.of("customer"),
                        List.of("country", source).stream().distinct().toList(),
                        List.of(
                                new Declaration.NewColumn("tier", "varchar(40)", true),
                                new Declaration.NewColumn("seen", "varchar(40)", true)),
                        new SqlForm(List.of("{country}", text.replace("touched", source)), List.of())),
                "SELECT 1");
        shop.database.execute("INSERT INTO customer (id) VALUES (1), (2)");
        assertThat(shop.disagreeing(change)).isZero();
        shop.database.execute("UPDATE customer SET name = 5");
        assertThat(shop.disagreeing(change)).isZero();
        assertThat(shop.database.value("SELECT COUNT(DISTINCT tier) FROM customer", Long.class))
                .isEqualTo(2);
    }

    @Test
    void leavesWritesOfBothAlone() throws Exception {
        customers();
        until(Stage.ENFORCE, tier(), backfill());
        shop.database.execute(
                "INSERT INTO customer (id, country, tier) VALUES (4, 'AT', 'ABROAD')",
                "UPDATE customer SET country = 'DE', tier = 'HOME' WHERE id = 4",
                "UPDATE customer SET name = 'x'");
        assertThat(shop.hits()).isEmpty();
    }

    @Test
    void isSetFreelyFromRelaxOn() throws Exception {
        customers();
        ColumnChange change = until(Stage.RELAX, tier(), backfill());
        assertThat(shop.runner().guardMode(change, Side.NEW)).contains(GuardMode.FILLS_INSERTS);
        shop.database.execute(
                "INSERT INTO customer (id, country, tier) VALUES (4, 'AT', 'GOLD')",
                "INSERT INTO customer (id, country) VALUES (5, 'AT')",
                "INSERT INTO customer (id, tier) VALUES (6, 'GOLD')",
                "UPDATE customer SET tier = 'GOLD' WHERE id = 1",
                "UPDATE customer SET country = 'XX' WHERE id IN (1, 2)");

        assertThat(tierOf(4)).isEqualTo("[AT, GOLD]");
        assertThat(tierOf(5)).isEqualTo("[AT, ABROAD]");
        assertThat(tierOf(6)).isEqualTo("[DE, GOLD]");
        assertThat(tierOf(1)).isEqualTo("[XX, GOLD]");
        assertThat(tierOf(2)).isEqualTo("[XX, ABROAD]");

        shop.revert(change, Stage.RELAX, true);
        assertThat(shop.runner().guardMode(change, Side.NEW)).contains(GuardMode.FILLS);
        shop.database.execute("UPDATE customer SET country = 'DE' WHERE id = 1");
        assertThat(tierOf(1)).isEqualTo("[DE, HOME]");
    }

    @Test
    void goesThereAndBack() throws Exception {
        customers();
        for (boolean guarded : List.of(true, false)) {
            shop.thereAndBack(
                    shop.resolve(tier()), guarded, backfill(), Stage.EXPAND, Stage.GUARD, Stage.ENFORCE, Stage.RELAX);
        }
    }

    @Test
    void endsWithNothingDroppedButTheGuard() throws Exception {
        customers();
        ColumnChange change = until(Stage.CONTRACT, tier(), backfill());
        shop.apply(change, Stage.CONTRACT, true);

        assertThat(shop.catalog("customer"))
                .noneMatch(line -> line.contains("segue_"))
                .anyMatch(line -> line.contains("name=country"))
                .anyMatch(line -> line.contains("by_country"))
                .anyMatch(line -> line.contains("name=tier") && line.contains("mandatory=true"));
        assertThat(shop.resolve(tier())).isEqualTo(change);
        assertThatThrownBy(() -> shop.database.execute("INSERT INTO customer (id) VALUES (9)"))
                .hasMessageContaining("tier");
    }

    @Test
    void withoutAGuardTheLastStagesAreOnlyRecorded() throws Exception {
        customers();
        ColumnChange change = shop.resolve(tier());
        shop.runner().apply(change, Stage.EXPAND, false, Shop.CERTAIN);
        List<String> before = shop.catalog("customer");
        for (Stage stage : List.of(Stage.GUARD, Stage.RELAX, Stage.CONTRACT)) {
            shop.runner().apply(change, stage, false, Shop.CERTAIN);
            assertThat(shop.catalog("customer")).isEqualTo(before);
        }
        assertThat(shop.history(change)).containsExactly("expand apply", "relax apply", "contract apply");
    }

    @Test
    void aConstantNeedsNoSource() throws Exception {
        customers();
        ColumnChange change = until(
                Stage.ENFORCE,
                tier(List.of(), new SqlForm(List.of("'FREE'"), List.of()), true),
                "UPDATE customer SET tier = 'FREE'");
        shop.database.execute("INSERT INTO customer (id) VALUES (4)", "UPDATE customer SET country = 'FR'");
        assertThat(tierOf(4)).isEqualTo("[FR, FREE]");
        shop.apply(change, Stage.RELAX, true);
        shop.database.execute(
                "INSERT INTO customer (id, tier) VALUES (5, 'GOLD')", "INSERT INTO customer (id) VALUES (6)");
        assertThat(tierOf(5)).isEqualTo("[DE, GOLD]");
        assertThat(tierOf(6)).isEqualTo("[DE, FREE]");
        assertThat(shop.disagreeing(change)).isEqualTo(1);
    }

    @Test
    void aConstantThatOnlyJavaKnowsIsRecordedAndThenAskedFor() throws Exception {
        customers();
        ColumnChange change = until(Stage.ENFORCE, tier(List.of(), JAVA, true), "UPDATE customer SET tier = 'FREE'");
        shop.revert(change, Stage.ENFORCE, true);
        shop.database.execute(
                "INSERT INTO customer (id) VALUES (4)", "UPDATE customer SET country = 'FR', name = 'x' WHERE id = 1");
        assertThat(shop.database.rows("SELECT row_key FROM segue_dirty").toString())
                .isEqualTo("[{row_key=4}]");

        shop.runner().guard(change, Side.NEW, GuardMode.REFUSES, Shop.CERTAIN);
        shop.apply(change, Stage.RELAX, true);
        shop.database.execute(
                "INSERT INTO customer (id, tier) VALUES (5, 'GOLD')",
                "UPDATE customer SET country = 'AT' WHERE id = 1");
        assertThatThrownBy(() -> shop.database.execute("INSERT INTO customer (id, country) VALUES (6, 'DE')"))
                .rootCause()
                .hasMessageContaining("customer-full-name")
                .hasMessageContaining("give tier as well");
        shop.apply(change, Stage.CONTRACT, true);
        assertThat(shop.catalog("customer")).noneMatch(line -> line.contains("segue_"));
    }

    @Test
    void holdsWhatAGuardCouldNotTell() throws Exception {
        customers();
        for (Stage stage : List.of(Stage.EXPAND, Stage.GUARD, Stage.RELAX)) {
            shop.holds(shop.resolve(tier(List.of("country"), TIER, false)), stage, "customer.tier", "may be NULL");
            shop.holds(shop.resolve(tier(List.of("country"), JAVA, true)), stage, "country only in Java");
        }
        ColumnChange empty = shop.resolve(tier(List.of(), new SqlForm(List.of("NULL"), List.of()), false));
        shop.apply(empty, Stage.EXPAND, true);
        shop.database.execute("ALTER TABLE customer ALTER COLUMN tier SET DEFAULT 'x'");
        shop.holds(empty, Stage.GUARD, "customer.tier", "default");
        shop.database.execute("ALTER TABLE customer ALTER COLUMN tier SET DEFAULT NULL");
        shop.apply(empty, Stage.GUARD, true);
        shop.apply(empty, Stage.RELAX, true);
        shop.database.execute(
                "INSERT INTO customer (id) VALUES (4)", "INSERT INTO customer (id, tier) VALUES (5, 'x')");
        assertThat(tierOf(4)).isEqualTo("[DE, null]");
        assertThat(tierOf(5)).isEqualTo("[DE, x]");

        // Nobody else writes: nothing has to be told apart.
        assertThat(shop.plans()
                        .plan(shop.resolve(tier(List.of("country"), JAVA, false)), Stage.RELAX, false)
                        .holds())
                .isEmpty();
    }

    @Test
    void neverWritesTheSources() throws Exception {
        customers();
        ColumnChange change = until(Stage.EXPAND, tier(), backfill());
        assertThatThrownBy(() -> shop.runner().guard(change, Side.OLD, Shop.CERTAIN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("customer-full-name");
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        customers();
        shop.database.execute("ALTER TABLE customer ADD COLUMN size int GENERATED ALWAYS AS (length(name)) STORED");
        assertThat(shop.problems(tier(List.of("land"), TIER, true)))
                .singleElement()
                .asString()
                .contains("customer.land", "no such column to compute");
        assertThat(shop.problems(tier(List.of("name"), TIER, true)))
                .singleElement()
                .asString()
                .contains("customer-full-name", "{country}", "Use {name}");
        assertThat(shop.problems(tier(List.of(), TIER, true)))
                .singleElement()
                .asString()
                .contains("Give a constant");
        assertThat(shop.problems(tier(List.of("size"), new SqlForm(List.of("{size}"), List.of()), true)))
                .singleElement()
                .asString()
                .contains("customer.size", "computed");
        assertThat(shop.problems(tier(List.of("tier"), TIER, true)))
                .singleElement()
                .asString()
                .contains("old and the new");
        shop.database.execute("CREATE TRIGGER watching BEFORE INSERT ON customer FOR EACH ROW "
                + (shop.postgres()
                        ? "WHEN (NEW.country = 'XX') EXECUTE FUNCTION suppress_redundant_updates_trigger()"
                        : "SET NEW.name = NEW.country"));
        shop.holds(shop.resolve(tier()), Stage.EXPAND, "watching", "country");
    }
}
