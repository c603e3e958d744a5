package dev.segue.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.change.ColumnChange;
import dev.segue.change.Declaration;
import dev.segue.change.Problem;
import dev.segue.change.SqlForm;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Stage;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A column goes all the way to CONTRACT: what it had, its successor has, or the plan has listed it. */
@EachDatabase
@Execution(ExecutionMode.CONCURRENT)
class RoundTripTest {

    private final Shop shop;
    private final List<Case> cases;

    RoundTripTest(Engine engine) {
        this.shop = new Shop(engine);
        this.cases = shop.postgres() ? PostgresCases.ALL : MysqlCases.ALL;
        shop.database.execute((shop.postgres() ? PostgresCases.BEFORE : MysqlCases.BEFORE).toArray(String[]::new));
    }

    @AfterEach
    void close() {
        shop.close();
    }

    @TestFactory
    Stream<DynamicTest> keepsAllThatAColumnHasThroughARename() {
        assertThat(cases).hasSizeGreaterThanOrEqualTo(40);
        return cases.stream()
                .map(each -> DynamicTest.dynamicTest(each.name(), () -> {
                    List<String> listed = goesThrough(each, null);
                    assertThat(listed).hasSize(each.lost().size());
                    each.lost().forEach(lost -> assertThat(listed).anyMatch(key -> key.startsWith(lost + " of ")));
                }));
    }

    @TestFactory
    Stream<DynamicTest> keepsOrListsAllThatAColumnHasThroughAnotherType() {
        return cases.stream()
                .filter(each -> each.retyped() != null)
                .map(each -> DynamicTest.dynamicTest(each.name(), () -> goesThrough(each, each.retyped())));
    }

    /** @return the keys of what was listed as lost */
    private List<String> goesThrough(Case of, @Nullable String type) throws Exception {
        shop.database.execute(of.statements(shop.dialect));
        Map<String, String> before = ColumnDump.of(shop.database, shop.dialect, of, of.column());
        ColumnChange change = change(of, type);
        List<String> listed = new ArrayList<>();
        for (Stage stage : List.of(Stage.EXPAND, Stage.ENFORCE, Stage.RELAX, Stage.CONTRACT)) {
            if (stage == Stage.CONTRACT && !shop.postgres()) {
                isHiddenAndShown(of, change);
            }
            // With a guard in mind, but without one: nobody else writes here.
            StagePlan plan = shop.plans().plan(change, stage, true);
            for (Hold hold : plan.held()) {
                String key = String.valueOf(hold.key());
                assertThat(hold.key()).as("%s", hold).isNotNull();
                assertThat(hold.waived()).isEqualTo(listed.contains(key));
                if (!hold.waived()) {
                    listed.add(key);
                    shop.waive(change, key);
                }
            }
            if (!plan.holds().isEmpty()) {
                assertThat(shop.plans().plan(change, stage, true).holds()).isEmpty();
            }
            shop.steps().run(plan.apply(), Shop.CERTAIN);
            if (stage == Stage.EXPAND) {
                shop.database.execute("UPDATE %s SET %s = %s"
                        .formatted(
                                of.tableName().quoted(shop.dialect),
                                shop.dialect.quote(of.after()),
                                shop.dialect.quote(of.column())));
            }
        }
        Map<String, String> after = ColumnDump.of(shop.database, shop.dialect, of, of.after());
        before.forEach((what, definition) -> {
            boolean ofTheType = type != null && (what.equals("type") || what.equals("storage"));
            boolean told = listed.stream().anyMatch(key -> key.startsWith(what + " of "));
            if (!ofTheType && !told) {
                assertThat(withoutCasts(type, after.values())).as(what).contains(withoutCast(type, definition));
            }
        });
        if (type == null) {
            assertThat(after).hasSize(before.size() - lostFor(of, before));
        }
        shop.database.execute(
                "DROP TABLE " + of.tableName().quoted(shop.dialect) + (shop.postgres() ? " CASCADE" : ""));
        return listed;
    }

    private void isHiddenAndShown(Case of, ColumnChange change) throws Exception {
        Map<String, String> visible = ColumnDump.of(shop.database, shop.dialect, of, of.column());
        shop.dryRun(change, true);
        Map<String, String> hidden = ColumnDump.of(shop.database, shop.dialect, of, of.column());
        assertThat(hidden.get("column")).contains("INVISIBLE");
        shop.dryRun(change, false);
        assertThat(ColumnDump.of(shop.database, shop.dialect, of, of.column())).isEqualTo(visible);
        shop.dryRun(change, true);
    }

    private static int lostFor(Case of, Map<String, String> before) {
        return (int) before.keySet().stream().filter(of.lost()::contains).count();
    }

    /** A default of another type may say its own. */
    private static List<String> withoutCasts(@Nullable String type, java.util.Collection<String> definitions) {
        return definitions.stream().map(each -> withoutCast(type, each)).toList();
    }

    private static String withoutCast(@Nullable String type, String definition) {
        return type == null
                ? definition
                : definition
                        .replaceAll("::[a-z ]+(\\([0-9,]+\\))?", "")
                        .replaceAll("DEFAULT \\(+(.*?)\\)+$", "DEFAULT $1")
                        .replace("_utf8mb4'", "'")
                        .replace("\\'", "''")
                        .replaceAll("^\\((.*)\\)$", "$1");
    }

    private ColumnChange change(Case of, @Nullable String type) throws Exception {
        Declaration declaration = new Declaration(
                "change " + of.name() + type,
                "Thing.thing",
                Kind.REPLACE,
                of.tableName(),
                List.of(of.column()),
                List.of(new Declaration.NewColumn(of.after(), type, false)),
                SqlForm.SAME);
        List<Problem> problems = new ArrayList<>();
        try (Connection connection = shop.pool.getConnection()) {
            return new Catalog(connection, shop.dialect)
                    .resolve(declaration.change(), List.of(declaration), problems)
                    .orElseThrow(() -> new AssertionError(problems));
        }
    }

    @Test
    void refusesAtTheStartWhatCannotGo() throws Exception {
        if (shop.postgres()) {
            shop.database.execute(
                    "CREATE TABLE person (id int, name text) PARTITION BY LIST (lower(name))",
                    "CREATE TABLE animal (id int PRIMARY KEY, name text)",
                    "CREATE TABLE dog (PRIMARY KEY (id)) INHERITS (animal)",
                    "CREATE TABLE numbered (id int PRIMARY KEY, name int GENERATED BY DEFAULT AS IDENTITY)",
                    "CREATE TABLE replicated (id int PRIMARY KEY, name text NOT NULL UNIQUE)",
                    "ALTER TABLE replicated REPLICA IDENTITY USING INDEX replicated_name_key",
                    "CREATE TABLE parted (id int, name text, PRIMARY KEY (id)) PARTITION BY LIST (id)",
                    "CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1)");
            assertThat(refused("replicated")).contains("replica identity");
            assertThat(refused("parted_1")).contains("from a parent");
            assertThat(refused("person")).contains("partitioned");
            assertThat(refused("dog")).contains("from a parent");
            assertThat(refused("numbered")).contains("computed by the database");
        } else {
            shop.database.execute(
                    "CREATE TABLE person (id int, name int, PRIMARY KEY (id, name), KEY (name)) PARTITION BY HASH (name)",
                    "CREATE TABLE numbered (id int PRIMARY KEY, name int AS (id + 1))");
            assertThat(refused("person")).contains("primary key", "partitioned");
            shop.database.execute("CREATE TABLE animal (id int PRIMARY KEY, name int)");
            List<Problem> problems = new ArrayList<>();
            assertThat(shop.resolve("animal", "name", "n".repeat(49), problems)).isEmpty();
            assertThat(problems.toString()).contains("so long a name");
            assertThat(refused("numbered")).contains("computed by the database");
        }
    }

    private String refused(String table) throws Exception {
        List<Problem> problems = new ArrayList<>();
        assertThat(shop.resolve(table, "name", "full_name", problems)).isEmpty();
        return problems.toString();
    }
}
