package dev.segue.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.change.ColumnChange;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Stage;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Plans as scripts: what they say, and what happens when somebody keeps them, changed or not, on the class path. */
@EachDatabase
@Execution(ExecutionMode.CONCURRENT)
class ScriptsTest {

    private static final List<Stage> AFTER_THE_FILL = List.of(Stage.GUARD, Stage.ENFORCE, Stage.RELAX, Stage.CONTRACT);

    private final Shop shop;

    private final Path classes;

    ScriptsTest(Engine engine, @TempDir Path classes) {
        this.classes = classes;
        shop = new Shop(engine);
        shop.customers();
    }

    @AfterEach
    void close() {
        shop.close();
    }

    private StageRunner scripted() throws Exception {
        URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()}, null);
        return new StageRunner(shop.database.dataSource(), shop.dialect, Shop.QUICK, new Scripts(loader), null);
    }

    private Path keep(ColumnChange change) throws Exception {
        shop.runner().plan(change, true).write(classes.resolve("db/segue"));
        return classes.resolve("db/segue/customer-full-name");
    }

    private String file(String name) {
        return name + (shop.postgres() ? ".postgresql.sql" : ".mysql.sql");
    }

    private void edit(Path scripts, String name, UnaryOperator<String> change) throws Exception {
        Path script = scripts.resolve(file(name));
        String before = Files.readString(script);
        String after = change.apply(before);
        assertThat(after).isNotEqualTo(before);
        Files.writeString(script, after);
    }

    @Test
    void everyStatementSaysItsLockAndItsPurposeAndReadsBackAsItself() throws Exception {
        for (ColumnChange change : List.of(shop.rename(), JavaChange.of(shop))) {
            ChangePlan plan = shop.runner().plan(change, true);
            List<Review.Planned> all =
                    new Review(shop.database.dataSource(), shop.dialect, shop.plans()).all(change, true);
            assertThat(plan.parts()).hasSameSizeAs(all).hasSizeGreaterThan(9);
            try (Connection connection = shop.database.connect()) {
                OwnSchema own = OwnSchema.of(connection, shop.dialect, change);
                for (int i = 0; i < all.size(); i++) {
                    List<Step> steps = all.get(i).steps();
                    steps.stream()
                            .flatMap(step -> step.sql().stream())
                            .forEach(sql -> assertThat(Explained.of(shop.dialect, sql))
                                    .as(sql)
                                    .isPresent());
                    Script read = ScriptParser.parse(
                            shop.dialect, "x", plan.parts().get(i).sql());
                    ScriptedSteps laid = ScriptedSteps.of(read, steps, change, own);
                    assertThat(laid.drift()).isEmpty();
                    assertThat(laid.steps())
                            .extracting(Step::unless)
                            .isEqualTo(steps.stream().map(Step::unless).toList());
                    assertThat(laid.steps())
                            .extracting(Step::kind)
                            .isEqualTo(steps.stream().map(Step::kind).toList());
                }
            }
        }
    }

    /** A change like that of {@link JavaShop}, of which nothing has been done yet. */
    private static final class JavaChange {

        static ColumnChange of(Shop shop) throws Exception {
            ColumnChange rename = shop.rename();
            dev.segue.change.Site site = rename.sites().get(0);
            return new ColumnChange(
                    rename.id(),
                    rename.kind(),
                    List.of(new dev.segue.change.Site(
                            site.table(), site.key(), site.oldColumns(), site.newColumns(), JavaShop.BRACKETS)));
        }
    }

    @Test
    void theLocksThatAreNamedAreThoseThatAreTaken() throws Exception {
        if (!shop.postgres()) {
            return;
        }
        ColumnChange change = shop.rename();
        Map<String, String> modes = Map.of(
                "ACCESS EXCLUSIVE", "AccessExclusiveLock",
                "SHARE ROW EXCLUSIVE", "ShareRowExclusiveLock",
                "SHARE UPDATE EXCLUSIVE", "ShareUpdateExclusiveLock");
        List<String> seen = new ArrayList<>();
        for (Stage stage : Stage.values()) {
            for (Step step : shop.plans().plan(change, stage, true).apply()) {
                for (String sql : step.sql()) {
                    String named = Explained.of(shop.dialect, sql).orElseThrow().lock();
                    if (sql.contains("CONCURRENTLY")) {
                        shop.database.execute(sql);
                        continue;
                    }
                    try (Connection connection = shop.database.connect()) {
                        connection.setAutoCommit(false);
                        Query query = new Query(connection);
                        query.run(sql);
                        List<String> held = query.strings(
                                "SELECT mode FROM pg_locks WHERE relation = 'customer'::regclass"
                                        + " AND pid = pg_backend_pid() AND mode NOT IN ('AccessShareLock', 'RowShareLock')");
                        connection.commit();
                        modes.forEach((name, mode) -> {
                            boolean nothing = sql.contains("IF EXISTS") && held.isEmpty();
                            if (named.startsWith(name) && !nothing) {
                                assertThat(held).as(sql).contains(mode).doesNotContainAnyElementsOf(stronger(name));
                                seen.add(name);
                            }
                        });
                        if (named.startsWith("none")) {
                            assertThat(held).as(sql).isEmpty();
                        }
                    }
                }
            }
            if (stage == Stage.EXPAND) {
                shop.database.execute("UPDATE customer SET full_name = name");
            }
        }
        assertThat(seen).contains("ACCESS EXCLUSIVE", "SHARE ROW EXCLUSIVE", "SHARE UPDATE EXCLUSIVE");
    }

    private static List<String> stronger(String lock) {
        return switch (lock) {
            case "ACCESS EXCLUSIVE" -> List.of("none");
            case "SHARE ROW EXCLUSIVE" -> List.of("AccessExclusiveLock", "ExclusiveLock");
            default -> List.of("AccessExclusiveLock", "ExclusiveLock", "ShareRowExclusiveLock", "ShareLock");
        };
    }

    @Test
    void aScriptOfTheClassPathIsWhatRunsAndWhatItDoesBesidesIsTold() throws Exception {
        ColumnChange change = shop.rename();
        Path scripts = keep(change);
        String extra = shop.postgres()
                ? "CREATE INDEX CONCURRENTLY IF NOT EXISTS customer_own ON customer (city)"
                : "ALTER TABLE customer COMMENT = 'being changed', ALGORITHM=INPLACE, LOCK=NONE";
        edit(
                scripts,
                "expand",
                sql -> "-- looked at by Ann; it's fine\n" + sql.replace("ADD COLUMN", "ADD\n   COLUMN") + "\n" + extra
                        + ";\n");
        StageRunner runner = scripted();

        runner.apply(change, Stage.EXPAND, true, Shop.CERTAIN);
        runner.apply(change, Stage.EXPAND, true, Shop.CERTAIN);
        shop.database.execute("UPDATE customer SET full_name = name");
        for (Stage stage : AFTER_THE_FILL) {
            runner.apply(change, stage, true, Shop.CERTAIN);
        }

        assertThat(runner.drift(change)).singleElement().asString().contains(file("expand"), extra.substring(0, 30));
        assertThat(shop.catalog("customer").toString()).contains("full_name").doesNotContain(" name");
        assertThat(shop.database.value(
                        shop.postgres()
                                ? "SELECT count(*) FROM pg_indexes WHERE indexname = 'customer_own'"
                                : "SELECT count(*) FROM information_schema.tables WHERE table_comment = 'being changed'"
                                        + " AND table_schema = DATABASE()",
                        Long.class))
                .isEqualTo(1);
    }

    @Test
    void stagesGoBackByTheirScriptsToo() throws Exception {
        ColumnChange change = shop.rename();
        keep(change);
        StageRunner runner = scripted();
        List<String> before = shop.catalog("customer");
        runner.apply(change, Stage.EXPAND, true, Shop.CERTAIN);
        shop.database.execute("UPDATE customer SET full_name = name");
        runner.apply(change, Stage.GUARD, true, Shop.CERTAIN);
        runner.guard(change, Side.OLD, Shop.CERTAIN);
        runner.apply(change, Stage.ENFORCE, true, Shop.CERTAIN);
        runner.apply(change, Stage.RELAX, true, Shop.CERTAIN);

        for (Stage stage : List.of(Stage.RELAX, Stage.ENFORCE, Stage.GUARD, Stage.EXPAND)) {
            runner.revert(change, stage, true, Shop.CERTAIN);
        }

        assertThat(shop.catalog("customer")).isEqualTo(before);
        assertThat(runner.drift(change)).isEmpty();
    }

    private void holds(StageRunner runner, ColumnChange change, Stage stage, String... words) {
        assertThatThrownBy(() -> runner.apply(change, stage, true, Shop.CERTAIN))
                .isInstanceOfSatisfying(StageHeldException.class, held -> {
                    assertThat(held).hasMessageContainingAll(words);
                    assertThat(held.remedy()).isNotBlank();
                });
    }

    @Test
    void aScriptThatLacksWhatComesNextIsHeldAfterIt() throws Exception {
        ColumnChange change = shop.rename();
        Path scripts = keep(change);
        edit(scripts, "expand", sql -> sql.replace("200)", "50)"));
        holds(scripted(), change, Stage.EXPAND, file("expand"), "(50)", "(200)");
        shop.database.execute("ALTER TABLE customer DROP COLUMN full_name");

        keep(change);
        edit(scripts, "expand", sql -> sql.replace("(200)", "(200) DEFAULT 'x'"));
        holds(scripted(), change, Stage.EXPAND, file("expand"), "full_name", "default");
        shop.database.execute("ALTER TABLE customer DROP COLUMN full_name");

        keep(change);
        StageRunner runner = scripted();
        runner.apply(change, Stage.EXPAND, true, Shop.CERTAIN);
        shop.database.execute("UPDATE customer SET full_name = name");
        edit(
                scripts,
                "enforce",
                sql -> sql.replaceAll("(?m)^.*(NOT NULL|VALIDATE|DROP CONSTRAINT|COMMIT|BEGIN).*$", ""));
        holds(runner, change, Stage.ENFORCE, file("enforce"), "NOT NULL", "has not been done");
        assertThat(runner.drift(change).toString()).contains("lacks");
    }

    @Test
    void columnsThatGoWithoutTheirTriggersAreNoticed() throws Exception {
        ColumnChange change = shop.rename();
        Path scripts = keep(change);
        StageRunner runner = scripted();
        runner.apply(change, Stage.EXPAND, true, Shop.CERTAIN);
        shop.database.execute("UPDATE customer SET full_name = name");
        for (Stage stage : List.of(Stage.GUARD, Stage.ENFORCE, Stage.RELAX)) {
            runner.apply(change, stage, true, Shop.CERTAIN);
        }
        edit(scripts, "contract", sql -> sql.replaceAll("(?m)^DROP (TRIGGER|FUNCTION).*$", ""));

        holds(runner, change, Stage.CONTRACT, file("contract"), shop.postgres() ? "depend on it" : "DROP TRIGGER");
    }

    @Test
    void aGuardOfAnotherConversionIsRefusedBeforeItRuns() throws Exception {
        ColumnChange change = shop.rename();
        Path scripts = keep(change);
        StageRunner runner = scripted();
        runner.apply(change, Stage.EXPAND, true, Shop.CERTAIN);
        List<String> before = shop.catalog("customer");
        edit(
                scripts,
                "guard",
                sql -> shop.postgres()
                        ? sql.replace("NEW.\"full_name\" := NEW.\"name\"", "NEW.\"full_name\" := upper(NEW.\"name\")")
                        : sql.replace("= NEW.`name`", "= UPPER(NEW.`name`)"));

        holds(runner, change, Stage.GUARD, file("guard"), "lacks the guard");
        assertThat(shop.catalog("customer")).isEqualTo(before);
    }

    @Test
    void aGuardThatStandsWithAnotherConversionIsNoProof() throws Exception {
        ColumnChange change = shop.rename();
        shop.apply(change, Stage.EXPAND, true);
        shop.apply(change, Stage.GUARD, true);
        Proof proof = new Proof(shop.database.dataSource(), shop.dialect, shop.plans());
        Act guard = Act.of(Stage.GUARD, true);
        List<Step> planned = shop.plans().plan(change, Stage.GUARD, true).apply();
        assertThat(proof.missing(change, guard, planned)).isEmpty();

        String function = planned.stream()
                .flatMap(step -> step.sql().stream())
                .filter(sql -> sql.startsWith(shop.postgres() ? "CREATE OR REPLACE FUNCTION" : "CREATE TRIGGER"))
                .filter(sql -> sql.contains(shop.postgres() ? ":= NEW.\"name\"" : "= NEW.`name`"))
                .findFirst()
                .orElseThrow();
        if (shop.postgres()) {
            shop.database.execute(function.replace(":= NEW.\"name\"", ":= upper(NEW.\"name\")"));
        } else {
            String name = function.split(" ", 4)[2];
            shop.database.execute("DROP TRIGGER " + name, function.replace("= NEW.`name`", "= UPPER(NEW.`name`)"));
        }

        assertThat(proof.missing(change, guard, planned))
                .singleElement()
                .asString()
                .contains("does not do");
    }

    @Test
    void twoScriptsOfOneNameAreRefused() throws Exception {
        ColumnChange change = shop.rename();
        keep(change);
        Path other = Files.createDirectories(classes.resolve("other"));
        shop.runner().plan(change, true).write(other.resolve("db/segue"));
        URLClassLoader loader = new URLClassLoader(
                new URL[] {classes.toUri().toURL(), other.toUri().toURL()}, null);
        StageRunner runner =
                new StageRunner(shop.database.dataSource(), shop.dialect, Shop.QUICK, new Scripts(loader), null);

        holds(runner, change, Stage.EXPAND, "several times", "expand");
    }

    @Test
    void aChangeOfAnyNameHasADirectoryOfItsOwn() {
        assertThat(Names.folder("customer-full-name")).isEqualTo("customer-full-name");
        assertThat(List.of(Names.folder("../x"), Names.folder("a/b"), Names.folder("a\\b"), Names.folder("a b")))
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("[\\w-]+"));
    }
}
