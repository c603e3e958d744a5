package dev.segue.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.segue.change.Column;
import dev.segue.change.ColumnChange;
import dev.segue.change.Declaration;
import dev.segue.change.Problem;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import dev.segue.fleet.RegistryTables;
import dev.segue.lifecycle.Stage;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A database with Segue's tables, in which a test changes columns. */
final class Shop implements AutoCloseable {

    static final Intent CERTAIN = connection -> {};

    static final LockPatience QUICK =
            new LockPatience(Duration.ofMillis(300), Duration.ofMillis(20), Duration.ofMillis(40), 500);

    final Engine engine;
    final Database dialect;
    final TestDatabase database;

    /** What the product works with: most of the time of a short statement is that of its connection. */
    final HikariDataSource pool = new HikariDataSource();

    Shop(Engine engine) {
        this.engine = engine;
        this.dialect = engine == Engine.POSTGRESQL ? Database.POSTGRESQL : Database.MYSQL;
        this.database = DatabaseServers.shared(engine).createDatabase();
        pool.setDataSource(database.dataSource());
        pool.setMaximumPoolSize(16);
        pool.setMinimumIdle(0);
        RegistryTables.migrate(pool, dialect);
    }

    boolean postgres() {
        return engine == Engine.POSTGRESQL;
    }

    /** A table with a mandatory name, an index and a unique index over it, and three rows. */
    void customers() {
        database.execute(
                """
                CREATE TABLE customer (id bigint PRIMARY KEY, name varchar(200) NOT NULL, city varchar(50),
                  credit int)""",
                "CREATE INDEX customer_name ON customer (name)",
                "CREATE UNIQUE INDEX customer_city_name ON customer (city, name)",
                "INSERT INTO customer (id, name, city) VALUES (1, 'Ada', 'London'), (2, 'Grace', 'New York'), (3, 'Edsger', NULL)");
    }

    StageRunner runner() {
        return runner(QUICK);
    }

    StageRunner runner(LockPatience patience) {
        return new StageRunner(pool, dialect, patience);
    }

    /** The change of customer.name into full_name. */
    ColumnChange rename() throws SQLException {
        return rename("customer", "name", "full_name");
    }

    ColumnChange rename(String table, String before, String after) throws SQLException {
        List<Problem> problems = new ArrayList<>();
        return resolve(table, before, after, problems)
                .orElseThrow(() -> new IllegalStateException(problems.toString()));
    }

    Optional<ColumnChange> resolve(String table, String before, String after, List<Problem> problems)
            throws SQLException {
        try (Connection connection = pool.getConnection()) {
            return new Catalog(connection, dialect)
                    .resolve(
                            "customer-full-name",
                            List.of(Declaration.rename(
                                    "customer-full-name",
                                    "Customer.fullName",
                                    TableName.of(table),
                                    before,
                                    after,
                                    false)),
                            problems);
        }
    }

    /** A change as declared, of which nothing is wrong. */
    ColumnChange resolve(Declaration declaration) throws SQLException {
        List<Problem> problems = new ArrayList<>();
        return resolve(declaration, problems).orElseThrow(() -> new IllegalStateException(problems.toString()));
    }

    /** What is wrong with a declaration, each problem in one line. */
    List<String> problems(Declaration declaration) throws SQLException {
        List<Problem> problems = new ArrayList<>();
        Optional<ColumnChange> resolved = resolve(declaration, problems);
        assertThat(resolved).isEmpty();
        assertThat(problems)
                .allSatisfy(problem -> assertThat(problem.where()).isEqualTo(declaration.attribute()))
                .allSatisfy(problem -> assertThat(problem.remedy()).isNotBlank());
        return problems.stream().map(Problem::toString).toList();
    }

    private Optional<ColumnChange> resolve(Declaration declaration, List<Problem> problems) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            return new Catalog(connection, dialect).resolve(declaration.change(), List.of(declaration), problems);
        }
    }

    /** Expects that a stage is held by these words. */
    void holds(ColumnChange change, Stage stage, String... words) {
        assertThatThrownBy(() -> runner().apply(change, stage, true, CERTAIN))
                .isInstanceOfSatisfying(StageHeldException.class, held -> {
                    assertThat(held).hasMessageContainingAll(words);
                    assertThat(held.remedy()).isNotBlank();
                });
    }

    /** One row of customer, as text: {@code [1, Ada, null]}. */
    String row(String columns, long id) {
        return database.rows("SELECT " + columns + " FROM customer WHERE id = ?", id)
                .get(0)
                .values()
                .toString();
    }

    /** How many rows of customer do not hold in the new columns what the old ones convert to. */
    long disagreeing(ColumnChange change) {
        return database.value(
                "SELECT COUNT(*) FROM customer AS t WHERE "
                        + change.sites().get(0).disagrees(dialect, "t."),
                Long.class);
    }

    /** Applies a stage, without its history, which takes its time. */
    void apply(ColumnChange change, Stage stage, boolean guarded) throws Exception {
        StagePlan plan = plans().plan(change, stage, guarded);
        assertThat(plan.holds()).isEmpty();
        steps().run(plan.apply(), CERTAIN);
    }

    void revert(ColumnChange change, Stage stage, boolean guarded) throws Exception {
        steps().run(plans().plan(change, stage, guarded).revert(), CERTAIN);
    }

    /** Hides the old columns for a dry run of the drop, or shows them again; nothing happens on PostgreSQL. */
    void dryRun(ColumnChange change, boolean hide) throws Exception {
        steps().run(plans().dryRun(change, hide), CERTAIN);
    }

    /** As the registry has it once an operator has waived it. */
    void waive(ColumnChange change, String key) {
        database.execute(
                "INSERT INTO segue_waiver (change_id, waived_key, operator, waived_at) VALUES (%s, %s, 'ann', %s)"
                        .formatted(dialect.literal(change.id()), dialect.literal(key), dialect.clock()));
    }

    StagePlans plans() {
        return new StagePlans(pool, dialect);
    }

    StepRunner steps() {
        return new StepRunner(pool, dialect, QUICK);
    }

    /** Applies each of these stages twice and then reverts each twice, and expects the table of before every time. */
    void thereAndBack(ColumnChange change, boolean guarded, String backfill, Stage... stages) throws Exception {
        List<List<String>> before = new ArrayList<>();
        for (Stage stage : stages) {
            before.add(catalog("customer"));
            apply(change, stage, guarded);
            List<String> once = catalog("customer");
            apply(change, stage, guarded);
            assertThat(catalog("customer")).as("%s again", stage).isEqualTo(once);
            if (stage == Stage.EXPAND) {
                database.execute(backfill);
            }
        }
        for (int i = stages.length - 1; i >= 0; i--) {
            revert(change, stages[i], guarded);
            assertThat(catalog("customer")).as("%s reverted", stages[i]).isEqualTo(before.get(i));
            revert(change, stages[i], guarded);
            assertThat(catalog("customer")).as("%s reverted again", stages[i]).isEqualTo(before.get(i));
        }
    }

    /** What the history says has been done. */
    List<String> history(ColumnChange change) {
        return database
                .rows("SELECT description FROM " + Names.history(change)
                        + " WHERE version <> '0' ORDER BY installed_rank")
                .stream()
                .map(row -> String.valueOf(row.get("description")))
                .toList();
    }

    /** What the catalog has of a table, as text that is equal when the tables are. */
    List<String> catalog(String table) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = pool.getConnection()) {
            Dialect.Tables tables = Dialect.of(dialect).tables();
            CatalogTable read = tables.read(connection, TableName.of(table)).orElseThrow();
            read.columns().forEach(column -> found.add(column.toString()));
            read.indexes().forEach(index -> found.add(index.toString()));
            read.attachments().forEach(attachment -> found.add(attachment.toString()));
            found.addAll(guards(new Query(connection)));
        }
        return found;
    }

    private List<String> guards(Query query) throws SQLException {
        return query.strings(
                postgres()
                        ? "SELECT tgname || ' ' || tgenabled::text AS guard FROM pg_trigger WHERE NOT tgisinternal"
                                + " UNION SELECT conname FROM pg_constraint WHERE conname LIKE 'segue%nn%'"
                                + " UNION SELECT proname FROM pg_proc WHERE proname LIKE 'segue%' ORDER BY 1"
                        : "SELECT trigger_name AS guard FROM information_schema.triggers WHERE trigger_schema = DATABASE() ORDER BY 1");
    }

    /** Sides of a row, each as text, {@code null} for NULL: {@code [Ada, Ada]}. */
    String sides(long id) {
        return database.rows("SELECT name, full_name FROM customer WHERE id = ?", id)
                .get(0)
                .values()
                .toString();
    }

    List<String> hits() {
        return database
                .rows("SELECT writer FROM segue_guard_hit WHERE change_id = 'customer-full-name' ORDER BY id")
                .stream()
                .map(row -> String.valueOf(row.values().iterator().next()))
                .toList();
    }

    Column column(ColumnChange change) {
        return change.sites().get(0).newColumns().get(0);
    }

    @Override
    public void close() {
        pool.close();
        database.close();
    }
}
