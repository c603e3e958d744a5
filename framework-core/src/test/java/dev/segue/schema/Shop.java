package dev.segue.schema;

import dev.segue.change.Column;
import dev.segue.change.ColumnChange;
import dev.segue.change.Declaration;
import dev.segue.change.Problem;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import dev.segue.fleet.RegistryTables;
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

    Shop(Engine engine) {
        this.engine = engine;
        this.dialect = engine == Engine.POSTGRESQL ? Database.POSTGRESQL : Database.MYSQL;
        this.database = DatabaseServers.shared(engine).createDatabase();
        RegistryTables.migrate(database.dataSource(), dialect);
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
        return new StageRunner(database.dataSource(), dialect, patience);
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
        try (Connection connection = database.connect()) {
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

    /** What the catalog has of a table, as text that is equal when the tables are. */
    List<String> catalog(String table) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = database.connect()) {
            Dialect.Tables tables = Dialect.of(dialect).tables();
            CatalogTable read = tables.read(connection, TableName.of(table)).orElseThrow();
            read.columns().forEach(column -> found.add(column.toString()));
            read.indexes().forEach(index -> found.add(index.toString()));
            read.attachments().forEach(attachment -> found.add(attachment.toString()));
        }
        String guards = postgres()
                ? "SELECT tgname || ' ' || tgenabled::text AS guard FROM pg_trigger WHERE NOT tgisinternal"
                        + " UNION SELECT conname FROM pg_constraint WHERE conname LIKE 'segue%nn%'"
                        + " UNION SELECT proname FROM pg_proc WHERE proname LIKE 'segue%' ORDER BY 1"
                : "SELECT trigger_name AS guard FROM information_schema.triggers WHERE trigger_schema = DATABASE() ORDER BY 1";
        database.rows(guards).forEach(row -> found.add(row.values().toString()));
        return found;
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
        database.close();
    }
}
