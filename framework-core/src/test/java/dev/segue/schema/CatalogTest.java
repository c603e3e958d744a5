package dev.segue.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.change.Column;
import dev.segue.change.ColumnChange;
import dev.segue.change.Problem;
import dev.segue.change.Site;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Stage;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the catalog says of a declaration, and what of a stage. */
@EachDatabase
class CatalogTest {

    private final Shop shop;

    CatalogTest(Engine engine) {
        this.shop = new Shop(engine);
    }

    @AfterEach
    void drop() {
        shop.close();
    }

    private List<String> problems(String table, String before, String after) throws SQLException {
        List<Problem> problems = new ArrayList<>();
        assertThat(shop.resolve(table, before, after, problems)).isEmpty();
        assertThat(problems)
                .allSatisfy(problem -> assertThat(problem.where()).isEqualTo("Customer.fullName"))
                .allSatisfy(problem -> assertThat(problem.remedy()).isNotBlank());
        return problems.stream().map(Problem::message).toList();
    }

    @Test
    void findsTheKeyInItsOrderAndTheTypeInFull() throws Exception {
        shop.database.execute(
                "CREATE TABLE line (a int NOT NULL, name numeric(10,2), b varchar(10) NOT NULL, c int NOT NULL, PRIMARY KEY (c, b, a))");
        Site site = shop.rename("line", "name", "full_name").sites().get(0);

        assertThat(site.key()).extracting(Column::name).containsExactly("c", "b", "a");
        assertThat(site.oldColumns())
                .containsExactly(new Column("name", shop.postgres() ? "numeric(10,2)" : "decimal(10,2)", false));
        assertThat(site.newColumns())
                .containsExactly(new Column("full_name", shop.postgres() ? "numeric(10,2)" : "decimal(10,2)", false));
    }

    @Test
    void keepsACollationThatIsNotTheUsualOne() throws Exception {
        shop.database.execute(
                shop.postgres()
                        ? "CREATE TABLE customer (id int PRIMARY KEY, name text COLLATE \"C\")"
                        : "CREATE TABLE customer (id int PRIMARY KEY, name varchar(20) COLLATE utf8mb4_bin) CHARACTER SET utf8mb4");
        ColumnChange change = shop.rename();
        assertThat(shop.column(change).type())
                .isEqualTo(
                        shop.postgres()
                                ? "text COLLATE pg_catalog.\"C\""
                                : "varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
        shop.runner().apply(change, Stage.EXPAND, true, Shop.CERTAIN);
        assertThat(shop.rename()).isEqualTo(change);
    }

    @Test
    void findsTheSameChangeAgainAfterEveryStage() throws Exception {
        shop.customers();
        ColumnChange change = shop.rename();
        for (Stage stage : Stage.values()) {
            shop.runner().apply(change, stage, true, Shop.CERTAIN);
            shop.database.execute(stage == Stage.EXPAND ? "UPDATE customer SET full_name = name" : "SELECT 1");
            assertThat(shop.rename()).as("after %s", stage).isEqualTo(change);
        }
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        shop.customers();
        shop.database.execute(
                "CREATE TABLE keyless (name varchar(20))",
                "CREATE VIEW seen AS SELECT id, name FROM customer",
                "CREATE TABLE typed (id int PRIMARY KEY, name varchar(20), full_name varchar(30))",
                "CREATE TABLE computed (id int PRIMARY KEY, base int, name int GENERATED ALWAYS AS (base + 1) STORED)");

        assertThat(problems("nowhere", "name", "full_name"))
                .singleElement()
                .asString()
                .contains("no such table");
        assertThat(problems("seen", "name", "full_name"))
                .singleElement()
                .asString()
                .contains("view");
        assertThat(problems("customer", "nam", "full_name"))
                .singleElement()
                .asString()
                .contains("no such column");
        assertThat(problems("customer", "name", "name"))
                .singleElement()
                .asString()
                .contains("old and the new");
        assertThat(problems("keyless", "name", "full_name"))
                .singleElement()
                .asString()
                .contains("primary key");
        assertThat(problems("typed", "name", "full_name"))
                .singleElement()
                .asString()
                .contains("(30)", "(20)");
        assertThat(problems("computed", "name", "full_name"))
                .singleElement()
                .asString()
                .contains("computed");
        assertThat(problems("customer", "id", "number"))
                .singleElement()
                .asString()
                .contains("primary key");
        assertThat(problems("keyless", "nam", "full_name")).hasSize(2);
    }

    @Test
    void holdsAStageRatherThanLoseAConstraint() throws Exception {
        uncarried();
        ColumnChange change = shop.rename();
        List<String> before = shop.catalog("customer");
        String[] words = shop.postgres() ? new String[] {"apart"} : new String[] {"name_given", "lowered"};

        shop.runner().apply(change, Stage.EXPAND, true, Shop.CERTAIN);
        shop.holds(change, Stage.ENFORCE, words);
        shop.holds(change, Stage.CONTRACT, words);
        shop.runner().revert(change, Stage.EXPAND, true, Shop.CERTAIN);
        assertThat(shop.catalog("customer")).isEqualTo(before);
        // The other end of the foreign key.
        ColumnChange referenced = shop.rename("person", "handle", "nick");
        shop.runner().apply(referenced, Stage.EXPAND, true, Shop.CERTAIN);
        if (shop.postgres()) {
            shop.database.execute(
                    "CREATE TABLE follower (who varchar(20) CONSTRAINT writes REFERENCES person (handle) ON UPDATE CASCADE)");
            shop.holds(referenced, Stage.ENFORCE, "writes", "follower", "brought up to date");
            shop.database.execute("DROP TABLE follower");
            shop.apply(referenced, Stage.ENFORCE, true);
            // With nobody to keep the old column current, a new row could not be referred to.
            assertThat(shop.plans().plan(referenced, Stage.RELAX, false).holds())
                    .extracting(hold -> hold.message() + hold.remedy())
                    .singleElement()
                    .asString()
                    .contains("name_known", "customer", "Drop it; its successor");
            assertThat(shop.plans().plan(referenced, Stage.RELAX, true).holds()).isEmpty();
        } else {
            shop.holds(referenced, Stage.ENFORCE, "name_known", "customer");
        }
    }

    private void uncarried() {
        shop.database.execute(
                "CREATE TABLE person (id int PRIMARY KEY, handle varchar(20) UNIQUE)",
                """
                CREATE TABLE customer (id int PRIMARY KEY, name varchar(20), city varchar(20),
                  CONSTRAINT name_given CHECK (name <> ''),
                  CONSTRAINT name_known FOREIGN KEY (name) REFERENCES person (handle))""",
                shop.postgres()
                        ? "ALTER TABLE customer ADD CONSTRAINT apart EXCLUDE USING hash (name WITH =)"
                        : "CREATE INDEX lowered ON customer ((lower(name)))");
    }

    @Test
    void anOperatorMayGiveUpWhatCannotBeCarriedOver() throws Exception {
        uncarried();
        ColumnChange change = shop.rename();
        shop.apply(change, Stage.EXPAND, true);
        List<Hold> held = shop.plans().plan(change, Stage.ENFORCE, true).held();
        assertThat(held)
                .extracting(Hold::key)
                .containsExactlyElementsOf(
                        shop.postgres()
                                ? List.of("exclusion constraint apart of customer")
                                : List.of("index lowered of customer", "check constraint name_given of customer"));
        for (Hold hold : held) {
            assertThat(hold.problem().remedy()).contains("waive \"" + hold.key() + "\"");
            shop.waive(change, String.valueOf(hold.key()));
        }

        assertThat(shop.plans().plan(change, Stage.ENFORCE, true).holds()).isEmpty();
        assertThat(shop.runner().plan(change, true).toString())
                .containsPattern(
                        "-- WAIVED by ann at 20\\d\\d-\\d\\d-\\d\\dT[\\d:]+Z: customer.name: .*not carried over")
                .doesNotContainPattern("HELD: .*not carried over");
        for (Stage stage : List.of(Stage.ENFORCE, Stage.RELAX, Stage.CONTRACT)) {
            shop.apply(change, stage, true);
        }
        assertThat(shop.catalog("customer")).noneMatch(line -> line.contains("apart") || line.contains("lowered"));
    }

    @Test
    void carriesTheOptionsOfAnIndexOver() throws Exception {
        shop.customers();
        String create = shop.postgres()
                ? "CREATE INDEX fancy_%1$s ON customer (city DESC, %1$s varchar_pattern_ops DESC NULLS LAST, id NULLS FIRST)"
                : "CREATE INDEX fancy_%1$s ON customer (city DESC, %1$s (3), id DESC)";
        shop.database.execute(create.formatted("name"));
        ColumnChange change = shop.rename();
        shop.runner().apply(change, Stage.EXPAND, true, Shop.CERTAIN);
        shop.database.execute("UPDATE customer SET full_name = name");
        shop.runner().apply(change, Stage.ENFORCE, true, Shop.CERTAIN);
        List<String> carried = shop.catalog("customer");
        shop.database.execute(
                shop.postgres() ? "DROP INDEX fancy_full_name" : "DROP INDEX fancy_full_name ON customer",
                create.formatted("full_name"));

        assertThat(shop.catalog("customer")).isEqualTo(carried);
    }

    private boolean publishesColumns() {
        return shop.postgres()
                && shop.database.value("SELECT current_setting('server_version_num')::int", Integer.class) >= 150_000;
    }

    @Test
    void holdsTheDropWhileSomethingDependsOnTheColumn() throws Exception {
        shop.customers();
        shop.database.execute("CREATE VIEW named AS SELECT id, name FROM customer");
        if (shop.postgres()) {
            shop.database.execute(
                    "CREATE MATERIALIZED VIEW counted AS SELECT name, count(*) FROM customer GROUP BY name",
                    "ALTER TABLE customer ADD COLUMN shout text GENERATED ALWAYS AS (upper(name)) STORED",
                    "CREATE FUNCTION newest() RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT name FROM customer ORDER BY id DESC LIMIT 1; END",
                    "CREATE STATISTICS together ON name, city FROM customer");
            if (publishesColumns()) {
                shop.database.execute("CREATE PUBLICATION names FOR TABLE customer (id, name)");
            }
        } else {
            shop.database.execute(
                    "ALTER TABLE customer ADD COLUMN shout text GENERATED ALWAYS AS (upper(name)) STORED");
        }
        ColumnChange change = shop.rename();
        shop.runner().apply(change, Stage.EXPAND, true, Shop.CERTAIN);
        shop.database.execute("UPDATE customer SET full_name = name");
        shop.holds(change, Stage.CONTRACT, "customer_name", "no counterpart");
        shop.runner().apply(change, Stage.ENFORCE, true, Shop.CERTAIN);

        shop.holds(
                change,
                Stage.CONTRACT,
                shop.postgres()
                        ? new String[] {"view named", "materialized view counted", "shout", "newest"}
                        : new String[] {"named", "shout"});
        if (publishesColumns()) {
            shop.holds(change, Stage.CONTRACT, "names");
        }
        assertThat(shop.database.value("SELECT name FROM customer WHERE id = 1", String.class))
                .isEqualTo("Ada");
    }

    @Test
    void whatUsesATableOfTheSameNameInAnotherSchemaHoldsNothing() throws Exception {
        shop.customers();
        // A server of MySQL has one catalog for all its databases, and each of them is a schema to it.
        String other = shop.database.name() + "_other";
        shop.database.execute(
                "CREATE SCHEMA " + other,
                "CREATE TABLE " + other + ".customer (id bigint PRIMARY KEY, name varchar(200))",
                "CREATE VIEW " + other + ".named AS SELECT name FROM " + other + ".customer",
                "CREATE VIEW " + other + ".reading AS SELECT name FROM "
                        + (shop.postgres() ? "public" : shop.database.name()) + ".customer");
        try {
            if (!shop.postgres()) {
                shop.database.execute("CREATE TRIGGER " + other + ".greeting BEFORE INSERT ON " + other + ".customer"
                        + " FOR EACH ROW SET NEW.name = CONCAT('customer ', NEW.name)");
            }
            ColumnChange change = shop.rename();
            shop.runner().apply(change, Stage.EXPAND, true, Shop.CERTAIN);
            shop.database.execute("UPDATE customer SET full_name = name");
            for (Stage stage : List.of(Stage.GUARD, Stage.ENFORCE, Stage.RELAX)) {
                shop.runner().apply(change, stage, true, Shop.CERTAIN);
            }

            shop.holds(change, Stage.CONTRACT, "reading");
            shop.database.execute("DROP VIEW " + other + ".reading");

            shop.runner().apply(change, Stage.CONTRACT, true, Shop.CERTAIN);
        } finally {
            shop.database.execute("DROP SCHEMA " + other + (shop.postgres() ? " CASCADE" : ""));
        }
    }

    @Test
    void holdsTheBeginningForATriggerThatNamesTheColumn() throws Exception {
        shop.customers();
        if (shop.postgres()) {
            shop.database.execute(
                    "CREATE FUNCTION trimmed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name := trim(NEW.name); RETURN NEW; END $$",
                    "CREATE FUNCTION other() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.credit := length(NEW.city || 'surname'); RETURN NEW; END $$",
                    "CREATE TRIGGER trimming BEFORE INSERT ON customer FOR EACH ROW EXECUTE FUNCTION trimmed()",
                    "CREATE TRIGGER harmless BEFORE INSERT ON customer FOR EACH ROW EXECUTE FUNCTION other()");
        } else {
            shop.database.execute(
                    "CREATE TRIGGER trimming BEFORE INSERT ON customer FOR EACH ROW SET NEW.name = TRIM(NEW.name)",
                    "CREATE TRIGGER harmless BEFORE INSERT ON customer FOR EACH ROW SET NEW.credit = LENGTH(CONCAT(NEW.city, 'surname'))");
        }
        ColumnChange change = shop.rename();
        shop.holds(change, Stage.EXPAND, "trimming");
        shop.database.execute(shop.postgres() ? "DROP TRIGGER trimming ON customer" : "DROP TRIGGER trimming");

        shop.runner().apply(change, Stage.EXPAND, true, Shop.CERTAIN);
        shop.runner().apply(change, Stage.GUARD, true, Shop.CERTAIN);
    }

    @Test
    void holdsTheBeginningForATriggerThatWouldTakeTheBackfillForAChange() throws Exception {
        shop.customers();
        if (shop.postgres()) {
            shop.database.execute(
                    "CREATE FUNCTION other() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.credit := 0; RETURN NEW; END $$",
                    "CREATE TRIGGER auditing BEFORE INSERT OR UPDATE ON customer FOR EACH ROW EXECUTE FUNCTION other()",
                    "CREATE TRIGGER elsewhere BEFORE UPDATE OF city ON customer FOR EACH ROW EXECUTE FUNCTION other()",
                    "CREATE TRIGGER asleep BEFORE UPDATE ON customer FOR EACH ROW EXECUTE FUNCTION other()",
                    "ALTER TABLE customer DISABLE TRIGGER asleep");
        } else {
            shop.database.execute("CREATE TRIGGER auditing BEFORE UPDATE ON customer FOR EACH ROW SET NEW.credit = 0");
        }
        ColumnChange change = shop.rename();

        assertThat(shop.plans().plan(change, Stage.EXPAND, true).held())
                .singleElement()
                .satisfies(hold -> {
                    assertThat(hold.problem().message())
                            .isEqualTo("trigger auditing fires for every row that the backfill writes.");
                    shop.waive(change, String.valueOf(hold.key()));
                });

        shop.runner().apply(change, Stage.EXPAND, true, Shop.CERTAIN);
        shop.runner().apply(change, Stage.GUARD, true, Shop.CERTAIN);
    }

    @Test
    void holdsWhereADefaultCannotBeKnownOrATypeWouldRewrite() throws Exception {
        shop.database.execute(
                shop.postgres()
                        ? "CREATE TABLE customer (id int PRIMARY KEY, name text DEFAULT gen_random_uuid()::text)"
                        : "CREATE TABLE customer (id int PRIMARY KEY, name varchar(40) DEFAULT (uuid()))");
        ColumnChange change = shop.rename();
        shop.runner().apply(change, Stage.EXPAND, true, Shop.CERTAIN);
        shop.holds(change, Stage.GUARD, "default");
        assertThatThrownBy(() -> shop.runner().guard(change, Side.NEW, Shop.CERTAIN))
                .isInstanceOf(StageHeldException.class)
                .hasMessageContaining("default");
        if (shop.postgres()) {
            shop.database.execute(
                    "CREATE DOMAIN given AS text CHECK (value <> '')",
                    "CREATE TABLE person (id int PRIMARY KEY, name given)");
            shop.holds(shop.rename("person", "name", "full_name"), Stage.EXPAND, "every row");
        }
    }

    @Test
    void usesAnIndexThatIsThereAlreadyAndLeavesItWhenReverting() throws Exception {
        shop.customers();
        ColumnChange change = shop.rename();
        shop.runner().apply(change, Stage.EXPAND, true, Shop.CERTAIN);
        shop.database.execute(
                "UPDATE customer SET full_name = name", "CREATE INDEX made_by_hand ON customer (full_name)");
        shop.runner().apply(change, Stage.ENFORCE, true, Shop.CERTAIN);
        assertThat(shop.catalog("customer")).noneMatch(line -> line.contains("name=customer_full_name,"));
        shop.runner().revert(change, Stage.ENFORCE, true, Shop.CERTAIN);
        assertThat(shop.catalog("customer")).anyMatch(line -> line.contains("made_by_hand"));
    }
}
