package dev.segue.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.change.ColumnChange;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Stage;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A column is renamed, stage by stage, forth and back. */
@EachDatabase
@Execution(ExecutionMode.CONCURRENT)
class RenameTest {

    private final Shop shop;

    RenameTest(Engine engine) {
        this.shop = new Shop(engine);
    }

    @AfterEach
    void drop() {
        shop.close();
    }

    @Test
    void endsWithTheNewColumnAlone() throws Exception {
        shop.customers();
        ColumnChange change = shop.rename();
        forth(change, "customer", "name", "full_name");

        assertThat(shop.database.rows("SELECT full_name, city FROM customer ORDER BY id"))
                .hasToString(
                        "[{full_name=Ada, city=London}, {full_name=Grace, city=New York}, {full_name=Edsger, city=null}]");
        assertThat(shop.catalog("customer")).noneMatch(line -> line.contains("=name,") || line.contains("segue_"));
        assertThatThrownBy(() -> shop.database.execute("INSERT INTO customer (id, full_name) VALUES (9, NULL)"))
                .hasMessageContaining("null");
        assertThatThrownBy(() ->
                        shop.database.execute("INSERT INTO customer (id, full_name, city) VALUES (9, 'Ada', 'London')"))
                .hasMessageContaining("customer_city_full_name");
        assertThat(
                        shop.database.rows(
                                shop.postgres()
                                        ? "SELECT description FROM segue_schema_history_customer_full_name WHERE version::int > 0 ORDER BY installed_rank"
                                        : "SELECT description FROM segue_schema_history_customer_full_name WHERE version + 0 > 0 ORDER BY installed_rank"))
                .extracting(row -> row.get("description"))
                .containsExactly("expand apply", "enforce apply", "relax apply", "contract apply");
    }

    private void forth(ColumnChange change, String table, String before, String after) throws Exception {
        StageRunner runner = shop.runner();
        runner.apply(change, Stage.EXPAND, true, Shop.CERTAIN);
        runner.apply(change, Stage.GUARD, true, Shop.CERTAIN);
        shop.database.execute("UPDATE %s SET %s = %s"
                .formatted(shop.dialect.quote(table), shop.dialect.quote(after), shop.dialect.quote(before)));
        runner.apply(change, Stage.ENFORCE, true, Shop.CERTAIN);
        runner.apply(change, Stage.RELAX, true, Shop.CERTAIN);
        runner.guard(change, Side.OLD, Shop.CERTAIN);
        runner.apply(change, Stage.CONTRACT, true, Shop.CERTAIN);
    }

    @Test
    void takesAnyName() throws Exception {
        for (List<String> names : List.of(
                List.of("order", "select", "from"),
                List.of("Customer Table", "Full Name", "FULL NAME 2"),
                List.of(
                        "a`b\"c'; drop table customer; --",
                        "x`y\"z'; drop table customer; --",
                        "$segue$ {old} %s ü"))) {
            String table = shop.dialect.quote(names.get(0));
            String before = shop.dialect.quote(names.get(1));
            String after = shop.dialect.quote(names.get(2));
            shop.database.execute(
                    "CREATE TABLE %s (id int PRIMARY KEY, %s varchar(20) NOT NULL)".formatted(table, before),
                    "CREATE INDEX %s ON %s (%s)".formatted(shop.dialect.quote("ix " + names.get(1)), table, before),
                    "INSERT INTO %s (id, %s) VALUES (1, 'one')".formatted(table, before));
            ColumnChange change = shop.rename(names.get(0), names.get(1), names.get(2));
            shop.runner().apply(change, Stage.EXPAND, true, Shop.CERTAIN);
            shop.runner().apply(change, Stage.GUARD, true, Shop.CERTAIN);
            shop.database.execute("INSERT INTO %s (id, %s) VALUES (2, 'two')".formatted(table, before));
            assertThat(shop.database.value("SELECT %s FROM %s WHERE id = 2".formatted(after, table), String.class))
                    .isEqualTo("two");
            forth(change, names.get(0), names.get(1), names.get(2));
            assertThat(shop.database.rows("SELECT * FROM " + table + " ORDER BY id"))
                    .extracting(row -> row.get(names.get(2)))
                    .containsExactly("one", "two");
        }
    }

    @Test
    void doesNothingTheSecondTime() throws Exception {
        shop.customers();
        ColumnChange change = shop.rename();
        StageRunner runner = shop.runner();
        AtomicInteger asked = new AtomicInteger();
        for (Stage stage : Stage.values()) {
            runner.apply(change, stage, true, Shop.CERTAIN);
            if (stage == Stage.EXPAND) {
                shop.database.execute("UPDATE customer SET full_name = name");
            }
            List<String> once = shop.catalog("customer");
            runner.apply(change, stage, true, connection -> asked.incrementAndGet());
            assertThat(shop.catalog("customer")).isEqualTo(once);
        }
        assertThat(asked).hasValue(0);
    }

    @Test
    void revertsToWhatWasThere() throws Exception {
        shop.customers();
        for (boolean guarded : List.of(true, false)) {
            List<List<String>> before = new ArrayList<>();
            ColumnChange change = shop.rename();
            StageRunner runner = shop.runner();
            List<Stage> stages = List.of(Stage.EXPAND, Stage.GUARD, Stage.ENFORCE, Stage.RELAX);
            for (Stage stage : stages) {
                before.add(shop.catalog("customer"));
                runner.apply(change, stage, guarded, Shop.CERTAIN);
                shop.database.execute("UPDATE customer SET full_name = name");
            }
            for (int i = stages.size() - 1; i >= 0; i--) {
                runner.revert(change, stages.get(i), guarded, Shop.CERTAIN);
                runner.revert(change, stages.get(i), guarded, Shop.CERTAIN);
                assertThat(shop.catalog("customer")).as("%s", stages.get(i)).isEqualTo(before.get(i));
            }
        }
        assertThatThrownBy(() -> shop.runner().revert(shop.rename(), Stage.CONTRACT, true, Shop.CERTAIN))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void makesTheOldColumnOmittableWithoutAGuard() throws Exception {
        shop.customers();
        ColumnChange change = shop.rename();
        shop.runner().apply(change, Stage.EXPAND, false, Shop.CERTAIN);
        shop.runner().apply(change, Stage.RELAX, false, Shop.CERTAIN);

        shop.database.execute("INSERT INTO customer (id, full_name) VALUES (9, 'Alan'), (10, 'Barbara')");

        assertThat(shop.sides(9)).isEqualTo("[null, Alan]");
    }

    @Test
    void buildsAnIndexAgainWhoseBuildFailed() throws Exception {
        shop.customers();
        ColumnChange change = shop.rename();
        shop.runner().apply(change, Stage.EXPAND, true, Shop.CERTAIN);
        shop.database.execute("UPDATE customer SET full_name = 'same', city = 'same'");
        // On PostgreSQL this leaves an invalid index behind.
        assertThatThrownBy(() -> shop.runner().apply(change, Stage.ENFORCE, true, Shop.CERTAIN))
                .isInstanceOf(SQLException.class);

        shop.database.execute("UPDATE customer SET full_name = name");
        shop.runner().apply(change, Stage.ENFORCE, true, Shop.CERTAIN);

        assertThat(shop.catalog("customer"))
                .anyMatch(line -> line.contains("customer_city_full_name") && line.contains("valid=true"));
    }

    @Test
    void aFailedRunBlocksNoLaterOne() throws Exception {
        shop.customers();
        ColumnChange change = shop.rename();
        shop.runner().apply(change, Stage.EXPAND, true, Shop.CERTAIN);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> shop.runner().revert(change, Stage.EXPAND, true, connection -> {
                        throw new SQLException("no longer wanted");
                    }))
                    .isInstanceOf(SQLException.class)
                    .hasMessage("no longer wanted");
        }
        assertThat(shop.catalog("customer")).anyMatch(line -> line.contains("full_name"));
        shop.runner().revert(change, Stage.EXPAND, true, Shop.CERTAIN);
        shop.runner().apply(change, Stage.EXPAND, true, Shop.CERTAIN);

        assertThat(
                        shop.database.rows(
                                "SELECT description, success FROM segue_schema_history_customer_full_name ORDER BY installed_rank"))
                .extracting(row -> row.get("description") + " " + row.get("success"))
                .endsWith("expand apply true", "expand revert true", "expand apply true")
                .hasSize(4);
    }

    @Test
    void doesNothingOnceTheIntentIsWithdrawn() throws Exception {
        shop.customers();
        ColumnChange change = shop.rename();
        List<String> before = shop.catalog("customer");
        assertThatThrownBy(() -> shop.runner().apply(change, Stage.EXPAND, true, connection -> {
                    throw new SQLException("withdrawn");
                }))
                .hasMessage("withdrawn");
        assertThatThrownBy(() -> shop.runner().guard(change, Side.NEW, connection -> {
                    throw new SQLException("withdrawn");
                }))
                .hasMessage("withdrawn");
        assertThat(shop.catalog("customer")).isEqualTo(before);
    }

    @Test
    void neverWritesTheTableAnew() throws Exception {
        shop.customers();
        ColumnChange change = shop.rename();
        String file = shop.postgres()
                ? "SELECT pg_relation_filenode('customer')::text"
                // An instant change keeps the table, a rebuild makes another one.
                : "SELECT table_id FROM information_schema.innodb_tables WHERE name = CONCAT(DATABASE(), '/customer')";
        String before = shop.database.value(file, String.class);
        shop.runner().apply(change, Stage.EXPAND, true, Shop.CERTAIN);
        shop.database.execute("UPDATE customer SET full_name = name");
        if (shop.postgres()) {
            shop.runner().apply(change, Stage.ENFORCE, true, Shop.CERTAIN);
            shop.runner().apply(change, Stage.RELAX, true, Shop.CERTAIN);
        }
        shop.runner().apply(change, Stage.GUARD, true, Shop.CERTAIN);
        assertThat(shop.database.value(file, String.class)).isEqualTo(before);
        if (!shop.postgres()) {
            shop.runner().apply(change, Stage.ENFORCE, true, Shop.CERTAIN);
            before = shop.database.value(file, String.class);
        }
        shop.runner().apply(change, Stage.CONTRACT, true, Shop.CERTAIN);
        assertThat(shop.database.value(file, String.class)).isEqualTo(before);
    }

    @Test
    void changesTheTableMoreOftenThanItsFormatAllowsAtOnce() throws Exception {
        if (shop.postgres()) {
            return;
        }
        shop.database.execute("CREATE TABLE customer (id bigint PRIMARY KEY, name varchar(200))");
        try (Connection connection = shop.database.connect();
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < 64; i++) {
                statement.execute("ALTER TABLE customer ADD COLUMN c" + i + " int, ALGORITHM=INSTANT");
            }
        }
        shop.runner().apply(shop.rename(), Stage.EXPAND, true, Shop.CERTAIN);

        assertThat(shop.catalog("customer")).anyMatch(line -> line.contains("full_name"));
    }

    @Test
    void keepsWhatElseIsSaidOfAColumn() throws Exception {
        if (shop.postgres()) {
            return;
        }
        shop.database.execute("""
                CREATE TABLE customer (id bigint PRIMARY KEY,
                  name varchar(200) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL COMMENT 'what''s it?')
                  CHARACTER SET utf8mb4""");
        ColumnChange change = shop.rename();
        String definition = "SELECT CONCAT_WS(' ', column_type, collation_name, is_nullable, column_comment)"
                + " FROM information_schema.columns WHERE table_schema = DATABASE() AND column_name = ?";
        shop.runner().apply(change, Stage.EXPAND, false, Shop.CERTAIN);
        shop.runner().apply(change, Stage.ENFORCE, false, Shop.CERTAIN);
        shop.runner().apply(change, Stage.RELAX, false, Shop.CERTAIN);

        assertThat(shop.database.value(definition, String.class, "name"))
                .isEqualTo("varchar(200) latin1_bin YES what's it?");
        assertThat(shop.database.value(definition, String.class, "full_name"))
                .isEqualTo("varchar(200) latin1_bin NO what's it?");
    }

    @Test
    void printsEveryStageForReview() throws Exception {
        shop.customers();
        String script = shop.runner().plan(shop.rename(), true).toString();

        assertThat(script)
                .contains("-- expand", "-- guard", "-- enforce", "-- relax", "-- contract", "-- relax-revert");
        if (shop.postgres()) {
            assertThat(script)
                    .contains(
                            "ALTER TABLE \"public\".\"customer\" ADD COLUMN IF NOT EXISTS \"full_name\" character varying(200);",
                            "CREATE UNIQUE INDEX CONCURRENTLY \"customer_city_full_name\" ON \"public\".\"customer\" (\"city\", \"full_name\");",
                            "CHECK (\"full_name\" IS NOT NULL) NOT VALID;",
                            "ALTER COLUMN \"name\" DROP NOT NULL;",
                            "DROP COLUMN IF EXISTS \"name\";");
        } else {
            assertThat(script)
                    .contains(
                            "ADD COLUMN `full_name` varchar(200) NULL, ALGORITHM=INSTANT;",
                            "ADD UNIQUE INDEX `customer_city_full_name` (`city`, `full_name`), ALGORITHM=INPLACE, LOCK=NONE;",
                            "MODIFY COLUMN `full_name` varchar(200) NOT NULL, ALGORITHM=INPLACE, LOCK=NONE;",
                            "DROP COLUMN `name`, ALGORITHM=INSTANT;");
        }
    }
}
