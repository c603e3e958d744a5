package dev.segue.schema;

import dev.segue.change.Column;
import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Stage;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** MySQL 8.0 and newer. DDL commits by itself, so every step asks the catalog what is left to do. */
final class MySqlDialect implements SchemaDialect {

    private static final Database DB = Database.MYSQL;

    /** Never a silent copy of the table: what cannot be done at once, or beside writers, fails. */
    private static final String AT_ONCE = ", ALGORITHM=INSTANT";

    private static final String BESIDE_WRITERS = ", ALGORITHM=INPLACE, LOCK=NONE";

    private static String of(TableName table) {
        return "TABLE_SCHEMA = " + schema(table) + " AND TABLE_NAME = " + DB.literal(table.name());
    }

    private static String schema(TableName table) {
        return table.schema() == null ? "DATABASE()" : DB.literal(table.schema());
    }

    @Override
    public Optional<CatalogTable> read(Connection connection, TableName name) throws SQLException {
        Query query = new Query(connection);
        String table = of(name);
        if (query.strings(
                        "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_TYPE = 'BASE TABLE' AND " + table)
                .isEmpty()) {
            return Optional.empty();
        }
        List<Column> columns = query.list(
                "SELECT COLUMN_NAME, CONCAT(COLUMN_TYPE, IF(CHARACTER_SET_NAME IS NULL, '', CONCAT(' CHARACTER SET ',"
                        + " CHARACTER_SET_NAME, ' COLLATE ', COLLATION_NAME))), IS_NULLABLE = 'NO'"
                        + " FROM information_schema.COLUMNS WHERE " + table + " ORDER BY ORDINAL_POSITION",
                row -> new Column(row.getString(1), row.getString(2), row.getBoolean(3)));
        List<String> key = query.strings("SELECT COLUMN_NAME FROM information_schema.STATISTICS WHERE " + table
                + " AND INDEX_NAME = 'PRIMARY' ORDER BY SEQ_IN_INDEX");
        List<String> generated = query.strings("SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE " + table
                + " AND (GENERATION_EXPRESSION <> '' OR EXTRA LIKE '%auto_increment%')");
        return Optional.of(new CatalogTable(columns, key, generated, indexes(query, table), entangled(query, name)));
    }

    private record IndexColumn(String index, boolean unique, String column, boolean plain) {}

    private static List<IndexColumn> indexColumns(Query query, String table) throws SQLException {
        return query.list(
                "SELECT INDEX_NAME, NON_UNIQUE = 0, COALESCE(COLUMN_NAME, ''), INDEX_TYPE = 'BTREE' AND SUB_PART IS NULL"
                        + " AND EXPRESSION IS NULL AND COLLATION = 'A' FROM information_schema.STATISTICS WHERE "
                        + table
                        + " AND INDEX_NAME <> 'PRIMARY' ORDER BY INDEX_NAME, SEQ_IN_INDEX",
                row -> new IndexColumn(row.getString(1), row.getBoolean(2), row.getString(3), row.getBoolean(4)));
    }

    private static List<CarriedIndex> indexes(Query query, String table) throws SQLException {
        Map<String, List<IndexColumn>> byName = indexColumns(query, table).stream()
                .collect(Collectors.groupingBy(IndexColumn::index, TreeMap::new, Collectors.toList()));
        return byName.entrySet().stream()
                .filter(index -> index.getValue().stream().allMatch(IndexColumn::plain))
                .map(index -> new CarriedIndex(
                        index.getKey(),
                        index.getValue().get(0).unique(),
                        index.getValue().stream()
                                .map(column -> new CarriedIndex.Key(column.column(), ""))
                                .toList()))
                .toList();
    }

    private static List<CatalogTable.Entanglement> entangled(Query query, TableName name) throws SQLException {
        String table = of(name);
        List<CatalogTable.Entanglement> found = new ArrayList<>();
        indexColumns(query, table).stream()
                .filter(column -> !column.plain())
                .forEach(
                        column -> found.add(new CatalogTable.Entanglement(column.column(), "index " + column.index())));
        found.addAll(query.list(
                "SELECT COLUMN_NAME, CONCAT('foreign key ', CONSTRAINT_NAME) FROM information_schema.KEY_COLUMN_USAGE WHERE "
                        + table + " AND REFERENCED_TABLE_NAME IS NOT NULL",
                row -> new CatalogTable.Entanglement(row.getString(1), row.getString(2))));
        found.addAll(query.list(
                "SELECT REFERENCED_COLUMN_NAME, CONCAT('foreign key ', CONSTRAINT_NAME, ' of ', TABLE_NAME)"
                        + " FROM information_schema.KEY_COLUMN_USAGE WHERE REFERENCED_TABLE_SCHEMA = " + schema(name)
                        + " AND REFERENCED_TABLE_NAME = " + DB.literal(name.name()),
                row -> new CatalogTable.Entanglement(row.getString(1), row.getString(2))));
        found.addAll(query.list(
                "SELECT c.COLUMN_NAME, CONCAT('check ', t.CONSTRAINT_NAME) FROM information_schema.TABLE_CONSTRAINTS t"
                        + " JOIN information_schema.CHECK_CONSTRAINTS k USING (CONSTRAINT_SCHEMA, CONSTRAINT_NAME)"
                        + " JOIN information_schema.COLUMNS c ON c.TABLE_SCHEMA = t.TABLE_SCHEMA AND c.TABLE_NAME = t.TABLE_NAME"
                        + " WHERE t.TABLE_SCHEMA = " + schema(name) + " AND t.TABLE_NAME = " + DB.literal(name.name())
                        + " AND LOCATE(CONCAT('`', c.COLUMN_NAME, '`'), k.CHECK_CLAUSE) > 0",
                row -> new CatalogTable.Entanglement(row.getString(1), row.getString(2))));
        found.addAll(query.list(
                "SELECT c.COLUMN_NAME, CONCAT('trigger ', t.TRIGGER_NAME) FROM information_schema.TRIGGERS t"
                        + " JOIN information_schema.COLUMNS c ON c.TABLE_SCHEMA = t.EVENT_OBJECT_SCHEMA"
                        + " AND c.TABLE_NAME = t.EVENT_OBJECT_TABLE"
                        + " WHERE t.EVENT_OBJECT_SCHEMA = " + schema(name) + " AND t.EVENT_OBJECT_TABLE = "
                        + DB.literal(name.name()) + " AND t.TRIGGER_NAME NOT LIKE 'segue\\_%'"
                        + " AND LOCATE(c.COLUMN_NAME, t.ACTION_STATEMENT) > 0",
                row -> new CatalogTable.Entanglement(row.getString(1), row.getString(2))));
        return found;
    }

    // ---- stages

    @Override
    public List<Step> apply(ColumnChange change, Site site, Stage stage, List<CarriedIndex> indexes, boolean guarded) {
        String alter = "ALTER TABLE " + site.table().quoted(DB);
        List<Step> steps = new ArrayList<>();
        switch (stage) {
            case EXPAND -> {
                for (Column column : site.newColumns()) {
                    steps.add(Step.quick(
                            "SELECT " + columnIs(site, column.name(), "TRUE"),
                            alter + " ADD COLUMN " + definition(column) + " NULL" + AT_ONCE));
                }
            }
            case GUARD -> {}
            case ENFORCE -> {
                indexes.forEach(index -> steps.add(build(site, index)));
                site.newColumns().stream()
                        .filter(Column::mandatory)
                        .forEach(column -> steps.add(nullable(site, column, false)));
            }
            case RELAX -> {
                // With the guard its trigger fills an omitted column before MySQL looks for it. Without, a rebuild.
                if (!guarded) {
                    site.oldColumns().stream()
                            .filter(Column::mandatory)
                            .forEach(column -> steps.add(nullable(site, column, true)));
                }
            }
            case CONTRACT -> {
                indexes.forEach(index -> steps.add(dropIndex(site, index.name())));
                steps.add(drop(change, site, site.oldColumns()));
            }
        }
        return steps;
    }

    @Override
    public List<Step> revert(ColumnChange change, Site site, Stage stage, List<CarriedIndex> indexes, boolean guarded) {
        List<Step> steps = new ArrayList<>();
        switch (stage) {
            case EXPAND -> steps.add(drop(change, site, site.newColumns()));
            case GUARD -> {}
            case ENFORCE -> {
                site.newColumns().stream()
                        .filter(Column::mandatory)
                        .forEach(column -> steps.add(nullable(site, column, true)));
                indexes.forEach(index -> steps.add(dropIndex(site, Names.successor(index.name()))));
            }
            case RELAX -> {
                if (!guarded) {
                    site.oldColumns().stream()
                            .filter(Column::mandatory)
                            .forEach(column -> steps.add(nullable(site, column, false)));
                }
            }
            case CONTRACT -> throw new IllegalArgumentException("The drop is final.");
        }
        return steps;
    }

    private static String definition(Column column) {
        return DB.quote(column.name()) + " " + column.type();
    }

    private static Step nullable(Site site, Column column, boolean nullable) {
        return Step.scanning(
                "SELECT NOT " + columnIs(site, column.name(), "IS_NULLABLE = '" + (nullable ? "NO" : "YES") + "'"),
                "ALTER TABLE " + site.table().quoted(DB) + " MODIFY COLUMN " + definition(column)
                        + (nullable ? " NULL" : " NOT NULL") + BESIDE_WRITERS);
    }

    private static Step build(Site site, CarriedIndex index) {
        String columns = index.successorKeys(DB, site);
        return Step.scanning(
                "SELECT " + indexExists(site, Names.successor(index.name())),
                "ALTER TABLE " + site.table().quoted(DB) + " ADD " + (index.unique() ? "UNIQUE " : "") + "INDEX "
                        + DB.quote(Names.successor(index.name())) + " (" + columns + ")" + BESIDE_WRITERS);
    }

    private static Step dropIndex(Site site, String index) {
        return Step.scanning(
                "SELECT NOT " + indexExists(site, index),
                "ALTER TABLE " + site.table().quoted(DB) + " DROP INDEX " + DB.quote(index) + BESIDE_WRITERS);
    }

    private static String columnIs(Site site, String column, String condition) {
        return "EXISTS (SELECT 1 FROM information_schema.COLUMNS WHERE %s AND COLUMN_NAME = %s AND %s)"
                .formatted(of(site.table()), DB.literal(column), condition);
    }

    private static String indexExists(Site site, String index) {
        return "EXISTS (SELECT 1 FROM information_schema.STATISTICS WHERE %s AND INDEX_NAME = %s)"
                .formatted(of(site.table()), DB.literal(index));
    }

    /**
     * Under a table lock nobody sees the moment in which the guard is gone and the column is not, or the other way
     * round. The indexes have been dropped before, so that the column goes at once.
     */
    private static Step drop(ColumnChange change, Site site, List<Column> columns) {
        List<String> sql = new ArrayList<>();
        sql.add("LOCK TABLES " + site.table().quoted(DB) + " WRITE");
        for (Side side : Side.values()) {
            sql.addAll(dropTriggers(change, site, side));
        }
        sql.add("ALTER TABLE " + site.table().quoted(DB)
                + columns.stream()
                        .map(column -> " DROP COLUMN " + DB.quote(column.name()))
                        .collect(Collectors.joining(","))
                + AT_ONCE);
        sql.add("UNLOCK TABLES");
        String gone = columns.stream()
                .map(column -> "NOT " + columnIs(site, column.name(), "TRUE"))
                .collect(Collectors.joining(" AND "));
        return new Step(sql, "SELECT " + gone, false);
    }

    // ---- guard

    @Override
    public List<Step> installGuard(Connection connection, ColumnChange change, Site site, Side filled) {
        List<Column> target = filled == Side.NEW ? site.newColumns() : site.oldColumns();
        List<Column> given = filled == Side.NEW ? site.oldColumns() : site.newColumns();
        List<String> values = filled == Side.NEW ? site.toNew(DB, "NEW.") : site.toOld(DB, "NEW.");
        String disagree = site.disagrees(DB, "NEW.");
        // An INSERT that gives NEW is never from somebody who knows only OLD, so NEW wins over a default of OLD.
        String onInsert = filled == Side.NEW
                ? join(target, "NEW.%s IS NULL", " AND ") + " AND " + join(given, "NEW.%s IS NOT NULL", " OR ")
                : join(given, "NEW.%s IS NOT NULL", " OR ") + " AND " + disagree;
        String onUpdate = changed(given) + " AND NOT " + changed(target) + " AND " + disagree;
        List<Step> steps = new ArrayList<>();
        steps.add(trigger(change, site, filled, "INSERT", onInsert, target, values));
        steps.add(trigger(change, site, filled, "UPDATE", onUpdate, target, values));
        return steps;
    }

    private static Step trigger(
            ColumnChange change,
            Site site,
            Side filled,
            String event,
            String condition,
            List<Column> target,
            List<String> values) {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < target.size(); i++) {
            body.append(
                    "    SET NEW.%s = %s;%n".formatted(DB.quote(target.get(i).name()), values.get(i)));
        }
        if (filled == Side.NEW) {
            body.append("""
                        INSERT INTO segue_guard_hit (change_id, site, writer, written_at)
                        VALUES (%s, %s, USER(), UTC_TIMESTAMP(6));
                    """.formatted(
                            DB.literal(change.id()), DB.literal(site.table().toString())));
        }
        String name = name(change, site, filled, event);
        return Step.quick(
                "SELECT EXISTS (SELECT 1 FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = %s AND TRIGGER_NAME = %s)"
                        .formatted(schema(site.table()), DB.literal(name)),
                """
                CREATE TRIGGER %s BEFORE %s ON %s FOR EACH ROW
                BEGIN
                  IF %s THEN
                %s  END IF;
                END""".formatted(qualified(site, name), event, site.table().quoted(DB), condition, body));
    }

    private static String qualified(Site site, String trigger) {
        return new TableName(site.table().schema(), trigger).quoted(DB);
    }

    private static String name(ColumnChange change, Site site, Side filled, String event) {
        return Names.ofSite(change, site) + "_" + (filled.name() + "_" + event).toLowerCase(Locale.ROOT);
    }

    private static String join(List<Column> columns, String condition, String by) {
        return columns.stream()
                .map(column -> condition.formatted(DB.quote(column.name())))
                .collect(Collectors.joining(by, "(", ")"));
    }

    private static String changed(List<Column> columns) {
        return columns.stream()
                .map(column ->
                        DB.distinct("OLD." + DB.quote(column.name()), "NEW." + DB.quote(column.name()), column.type()))
                .collect(Collectors.joining(" OR ", "(", ")"));
    }

    @Override
    public List<Step> removeGuard(ColumnChange change, Site site, Side filled) {
        return List.of(new Step(dropTriggers(change, site, filled), "SELECT FALSE", false));
    }

    private static List<String> dropTriggers(ColumnChange change, Site site, Side filled) {
        return List.of(
                "DROP TRIGGER IF EXISTS " + qualified(site, name(change, site, filled, "INSERT")),
                "DROP TRIGGER IF EXISTS " + qualified(site, name(change, site, filled, "UPDATE")));
    }

    @Override
    public List<String> dependents(Connection connection, ColumnChange change, Site site, Column column)
            throws SQLException {
        String quoted = DB.literal("`" + column.name() + "`");
        String table = DB.literal("`" + site.table().name() + "`");
        Query query = new Query(connection);
        List<String> found = new ArrayList<>(
                query.strings("SELECT CONCAT('view ', TABLE_NAME) FROM information_schema.VIEWS WHERE TABLE_SCHEMA = "
                        + schema(site.table()) + " AND LOCATE(" + table + ", VIEW_DEFINITION) > 0 AND LOCATE(" + quoted
                        + ", VIEW_DEFINITION) > 0"));
        found.addAll(
                query.strings("SELECT CONCAT('generated column ', COLUMN_NAME) FROM information_schema.COLUMNS WHERE "
                        + of(site.table()) + " AND LOCATE(" + quoted + ", GENERATION_EXPRESSION) > 0"));
        found.addAll(query.strings(
                "SELECT CONCAT('trigger ', TRIGGER_NAME) FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = "
                        + schema(site.table()) + " AND EVENT_OBJECT_TABLE = "
                        + DB.literal(site.table().name())
                        + " AND TRIGGER_NAME NOT LIKE 'segue\\_%' AND LOCATE(" + DB.literal(column.name())
                        + ", ACTION_STATEMENT) > 0"));
        return found;
    }

    // ---- locks

    @Override
    public void limitLockWait(Connection connection, Duration timeout) throws SQLException {
        // Both count in seconds, and one is the least.
        long seconds = Math.max(1, timeout.toSeconds());
        new Query(connection).run("SET SESSION lock_wait_timeout = " + seconds);
    }

    @Override
    public void unlimitLockWait(Connection connection) throws SQLException {
        new Query(connection).run("SET SESSION lock_wait_timeout = DEFAULT");
    }

    @Override
    public boolean transactionalDdl() {
        return false;
    }

    @Override
    public Set<String> writers(Connection connection, TableName name, boolean all) throws SQLException {
        String holders = all
                ? "TRUE"
                : "m.OBJECT_SCHEMA = " + schema(name) + " AND m.OBJECT_NAME = " + DB.literal(name.name())
                        + " AND m.LOCK_TYPE IN ('SHARED_WRITE', 'SHARED_NO_READ_WRITE', 'SHARED_UPGRADABLE', 'EXCLUSIVE')";
        return new HashSet<>(new Query(connection)
                .strings(
                        "SELECT DISTINCT CONCAT(m.OWNER_THREAD_ID, '/', m.OBJECT_INSTANCE_BEGIN, '/', m.OWNER_EVENT_ID,"
                                + " ' (connection ', t.PROCESSLIST_ID, ', ', t.PROCESSLIST_USER, ')')"
                                + " FROM performance_schema.metadata_locks m"
                                + " JOIN performance_schema.threads t ON t.THREAD_ID = m.OWNER_THREAD_ID"
                                + " WHERE m.OBJECT_TYPE = 'TABLE' AND m.LOCK_STATUS = 'GRANTED' AND m.LOCK_DURATION = 'TRANSACTION'"
                                + " AND t.PROCESSLIST_ID <> CONNECTION_ID() AND " + holders));
    }
}
