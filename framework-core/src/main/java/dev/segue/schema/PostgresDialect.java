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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** PostgreSQL 14 and newer. */
final class PostgresDialect implements SchemaDialect {

    private static final Database DB = Database.POSTGRESQL;

    private static final String TABLE = "(SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE n.nspname = %s AND c.relname = %s AND c.relkind IN ('r', 'p'))";

    private static String table(TableName table) {
        String schema = table.schema() == null ? "current_schema()" : DB.literal(table.schema());
        return TABLE.formatted(schema, DB.literal(table.name()));
    }

    @Override
    public Optional<CatalogTable> read(Connection connection, TableName name) throws SQLException {
        String table = table(name);
        Query query = new Query(connection);
        if (query.strings("SELECT 'x' WHERE " + table + " IS NOT NULL").isEmpty()) {
            return Optional.empty();
        }
        List<Column> columns = query.list(
                """
                SELECT a.attname, a.attnotnull, format_type(a.atttypid, a.atttypmod)
                    || CASE WHEN a.attcollation <> t.typcollation
                       THEN (SELECT ' COLLATE ' || quote_ident(cn.nspname) || '.' || quote_ident(co.collname)
                             FROM pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace
                             WHERE co.oid = a.attcollation)
                       ELSE '' END
                FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
                WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum""".formatted(table), row -> new Column(row.getString(1), row.getString(3), row.getBoolean(2)));
        List<String> key = query.strings("""
                SELECT a.attname FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS k (attnum, at)
                JOIN pg_attribute a ON a.attrelid = %1$s AND a.attnum = k.attnum
                WHERE i.indrelid = %1$s AND i.indisprimary ORDER BY k.at""".formatted(table));
        List<String> generated = query.strings(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s AND attnum > 0 AND (attgenerated <> '' OR attidentity <> '')"
                        .formatted(table));
        return Optional.of(new CatalogTable(columns, key, generated, indexes(query, table), entangled(query, table)));
    }

    private static final String PLAIN = "am.amname = 'btree' AND i.indexprs IS NULL AND i.indpred IS NULL"
            + " AND i.indnkeyatts = i.indnatts AND NOT EXISTS (SELECT 1 FROM unnest(i.indcollation) WITH ORDINALITY ic (c, at)"
            + " JOIN unnest(i.indkey) WITH ORDINALITY ik (k, at) ON ik.at = ic.at"
            + " JOIN pg_attribute ca ON ca.attrelid = i.indrelid AND ca.attnum = ik.k WHERE ic.c <> ca.attcollation)";

    private static List<CarriedIndex> indexes(Query query, String table) throws SQLException {
        record Row(String index, boolean unique, CarriedIndex.Key key) {}
        List<Row> rows = query.list(
                """
                SELECT c.relname, i.indisunique, a.attname,
                    CASE WHEN op.opcdefault THEN '' ELSE ' ' || quote_ident(op.opcname) END
                    || CASE WHEN o.option & 1 = 1 THEN ' DESC' ELSE '' END
                    || CASE WHEN o.option & 3 = 2 THEN ' NULLS FIRST' WHEN o.option & 3 = 1 THEN ' NULLS LAST' ELSE '' END
                FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am am ON am.oid = c.relam,
                    unnest(i.indkey) WITH ORDINALITY AS k (attnum, at)
                    JOIN pg_attribute a ON a.attrelid = %1$s AND a.attnum = k.attnum,
                    unnest(i.indclass) WITH ORDINALITY AS oc (oid, at) JOIN pg_opclass op ON op.oid = oc.oid,
                    unnest(i.indoption) WITH ORDINALITY AS o (option, at)
                WHERE i.indrelid = %1$s AND NOT i.indisprimary AND i.indisvalid AND %2$s
                AND oc.at = k.at AND o.at = k.at
                AND NOT EXISTS (SELECT 1 FROM pg_constraint co WHERE co.conindid = i.indexrelid)
                ORDER BY c.relname, k.at""".formatted(table, PLAIN),
                row -> new Row(
                        row.getString(1), row.getBoolean(2), new CarriedIndex.Key(row.getString(3), row.getString(4))));
        Map<String, List<Row>> byName =
                rows.stream().collect(Collectors.groupingBy(Row::index, TreeMap::new, Collectors.toList()));
        return byName.values().stream()
                .map(of -> new CarriedIndex(
                        of.get(0).index(),
                        of.get(0).unique(),
                        of.stream().map(Row::key).toList()))
                .toList();
    }

    private static List<CatalogTable.Entanglement> entangled(Query query, String table) throws SQLException {
        List<CatalogTable.Entanglement> found = new ArrayList<>(query.list(
                """
                SELECT a.attname, CASE co.contype WHEN 'f' THEN 'foreign key ' WHEN 'c' THEN 'check '
                    WHEN 'u' THEN 'unique constraint ' WHEN 'p' THEN 'primary key ' ELSE 'constraint ' END || co.conname
                FROM pg_constraint co JOIN pg_attribute a ON a.attrelid = %1$s
                WHERE co.contype IN ('f', 'c', 'u', 'p', 'x')
                AND ((co.conrelid = %1$s AND a.attnum = ANY (co.conkey))
                    OR (co.confrelid = %1$s AND a.attnum = ANY (co.confkey)))
                AND co.conname NOT LIKE 'segue\\_%%'""".formatted(table), row -> new CatalogTable.Entanglement(row.getString(1), row.getString(2))));
        found.addAll(query.list(
                """
                SELECT a.attname, 'index ' || c.relname
                FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am am ON am.oid = c.relam
                JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid
                    AND d.refclassid = 'pg_class'::regclass AND d.refobjid = i.indrelid
                JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = d.refobjsubid
                WHERE i.indrelid = %s AND NOT i.indisprimary AND NOT (%s)""".formatted(table, PLAIN), row -> new CatalogTable.Entanglement(row.getString(1), row.getString(2))));
        found.addAll(query.list(
                """
                SELECT a.attname, 'trigger ' || t.tgname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
                JOIN pg_attribute a ON a.attrelid = t.tgrelid AND a.attnum > 0
                WHERE t.tgrelid = %s AND NOT t.tgisinternal AND t.tgname NOT LIKE '%%segue\\_%%'
                AND position(a.attname IN p.prosrc) > 0""".formatted(table), row -> new CatalogTable.Entanglement(row.getString(1), row.getString(2))));
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
                            exists(site, column.name()),
                            alter + " ADD COLUMN " + DB.quote(column.name()) + " " + column.type()));
                }
            }
            case GUARD -> {}
            case ENFORCE -> {
                indexes.forEach(index -> steps.addAll(build(site, index)));
                site.newColumns().stream()
                        .filter(Column::mandatory)
                        .forEach(column -> steps.addAll(mandatory(change, site, column)));
            }
            case RELAX -> {
                for (Column column : site.oldColumns()) {
                    steps.add(Step.quick(
                            "SELECT NOT " + isNotNull(site, column.name()),
                            alter + " ALTER COLUMN " + DB.quote(column.name()) + " DROP NOT NULL"));
                }
            }
            case CONTRACT -> steps.add(drop(change, site, site.oldColumns()));
        }
        return steps;
    }

    @Override
    public List<Step> revert(ColumnChange change, Site site, Stage stage, List<CarriedIndex> indexes, boolean guarded) {
        String alter = "ALTER TABLE " + site.table().quoted(DB);
        List<Step> steps = new ArrayList<>();
        switch (stage) {
            case EXPAND -> steps.add(drop(change, site, site.newColumns()));
            case GUARD -> {}
            case ENFORCE -> {
                for (Column column : site.newColumns()) {
                    steps.add(Step.quick(
                            "SELECT NOT " + isNotNull(site, column.name()),
                            alter + " ALTER COLUMN " + DB.quote(column.name()) + " DROP NOT NULL"));
                    String check = Names.notNull(change, site, column.name());
                    steps.add(Step.quick(
                            "SELECT NOT " + constraint(site, check, "true"),
                            alter + " DROP CONSTRAINT " + DB.quote(check)));
                }
                for (CarriedIndex index : indexes) {
                    steps.add(Step.scanning(
                            "SELECT NOT EXISTS (" + index(site, index, "true") + ")", dropIndex(site, index)));
                }
            }
            case RELAX ->
                site.oldColumns().stream()
                        .filter(Column::mandatory)
                        .forEach(column -> steps.addAll(mandatory(change, site, column)));
            case CONTRACT -> throw new IllegalArgumentException("The drop is final.");
        }
        return steps;
    }

    /** NOT NULL without a scan under an exclusive lock: a check that is validated first proves it. */
    private static List<Step> mandatory(ColumnChange change, Site site, Column column) {
        String alter = "ALTER TABLE " + site.table().quoted(DB);
        String quoted = DB.quote(column.name());
        String check = Names.notNull(change, site, column.name());
        String done = isNotNull(site, column.name());
        return List.of(
                Step.quick(
                        "SELECT " + done + " OR " + constraint(site, check, "true"),
                        alter + " ADD CONSTRAINT " + DB.quote(check) + " CHECK (" + quoted + " IS NOT NULL) NOT VALID"),
                Step.scanning(
                        "SELECT " + done + " OR " + constraint(site, check, "co.convalidated"),
                        alter + " VALIDATE CONSTRAINT " + DB.quote(check)),
                Step.quick("SELECT " + done, alter + " ALTER COLUMN " + quoted + " SET NOT NULL"),
                Step.quick(
                        "SELECT NOT " + constraint(site, check, "true"),
                        alter + " DROP CONSTRAINT " + DB.quote(check)));
    }

    private static List<Step> build(Site site, CarriedIndex index) {
        String columns = index.successorKeys(DB, site);
        return List.of(
                // A build that was killed leaves an index that is maintained and never used.
                Step.scanning(
                        "SELECT NOT EXISTS (" + index(site, index, "NOT i.indisvalid") + ")", dropIndex(site, index)),
                Step.scanning(
                        "SELECT EXISTS (" + index(site, index, "i.indisvalid") + ")",
                        "CREATE " + (index.unique() ? "UNIQUE " : "") + "INDEX CONCURRENTLY "
                                + DB.quote(Names.successor(index.name())) + " ON "
                                + site.table().quoted(DB) + " (" + columns + ")"));
    }

    private static String dropIndex(Site site, CarriedIndex index) {
        return "DROP INDEX CONCURRENTLY IF EXISTS "
                + new TableName(site.table().schema(), Names.successor(index.name())).quoted(DB);
    }

    private static String index(Site site, CarriedIndex index, String condition) {
        return "SELECT 1 FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid WHERE i.indrelid = "
                + table(site.table()) + " AND ic.relname = " + DB.literal(Names.successor(index.name())) + " AND "
                + condition;
    }

    /** The columns and the guard go in one transaction: a guard without its column would fail every write. */
    private static Step drop(ColumnChange change, Site site, List<Column> columns) {
        List<String> sql = new ArrayList<>();
        for (Side side : Side.values()) {
            dropTriggers(change, site, side).forEach(sql::add);
        }
        columns.forEach(column -> sql.add(
                "ALTER TABLE " + site.table().quoted(DB) + " DROP COLUMN IF EXISTS " + DB.quote(column.name())));
        String gone = columns.stream()
                .map(column -> "NOT " + columnExists(site, column.name()))
                .collect(Collectors.joining(" AND "));
        return new Step(sql, "SELECT " + gone, false);
    }

    private static String exists(Site site, String column) {
        return "SELECT " + columnExists(site, column);
    }

    private static String columnExists(Site site, String column) {
        return "EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = %s AND attname = %s AND NOT attisdropped)"
                .formatted(table(site.table()), DB.literal(column));
    }

    private static String isNotNull(Site site, String column) {
        return "COALESCE((SELECT attnotnull FROM pg_attribute WHERE attrelid = %s AND attname = %s AND NOT attisdropped), false)"
                .formatted(table(site.table()), DB.literal(column));
    }

    private static String constraint(Site site, String name, String condition) {
        return "EXISTS (SELECT 1 FROM pg_constraint co WHERE co.conrelid = %s AND co.conname = %s AND %s)"
                .formatted(table(site.table()), DB.literal(name), condition);
    }

    // ---- guard

    @Override
    public List<Step> installGuard(Connection connection, ColumnChange change, Site site, Side filled)
            throws SQLException {
        String registry =
                new Query(connection).strings("SELECT current_schema()").get(0);
        String disagree = site.disagrees(DB, "NEW.");
        List<Column> target = filled == Side.NEW ? site.newColumns() : site.oldColumns();
        List<Column> given = filled == Side.NEW ? site.oldColumns() : site.newColumns();
        List<String> sql = new ArrayList<>(dropTriggers(change, site, filled));
        sql.add(function(registry, change, site, filled, "insert", fill(target, values(site, filled, "NEW.")), true));
        sql.add(function(
                registry, change, site, filled, "update", correct(site, target, values(site, filled, "")), false));
        // An INSERT that gives NEW is never from somebody who knows only OLD, so NEW wins over a default of OLD.
        String insertWhen = filled == Side.NEW
                ? all(target, "NEW.%s IS NULL") + " AND " + any(given, "NEW.%s IS NOT NULL")
                : any(given, "NEW.%s IS NOT NULL") + " AND " + disagree;
        sql.add(trigger(registry, change, site, filled, "insert", "BEFORE INSERT", insertWhen));
        sql.add(trigger(
                registry,
                change,
                site,
                filled,
                "update",
                // Without OF: a trigger of the user's may have changed the column.
                "AFTER UPDATE",
                changed(given) + " AND NOT " + changed(target) + " AND " + disagree));
        return List.of(new Step(sql, "SELECT false", false));
    }

    private static List<String> values(Site site, Side filled, String qualifier) {
        return filled == Side.NEW ? site.toNew(DB, qualifier) : site.toOld(DB, qualifier);
    }

    private static String fill(List<Column> target, List<String> values) {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < target.size(); i++) {
            body.append("  NEW.%s := %s;%n".formatted(DB.quote(target.get(i).name()), values.get(i)));
        }
        return body.toString();
    }

    private static String correct(Site site, List<Column> target, List<String> values) {
        List<String> set = new ArrayList<>();
        for (int i = 0; i < target.size(); i++) {
            set.add(DB.quote(target.get(i).name()) + " = " + values.get(i));
        }
        String row = site.key().stream()
                .map(key -> DB.quote(key.name()) + " = NEW." + DB.quote(key.name()))
                .collect(Collectors.joining(" AND "));
        return "  UPDATE %s SET %s WHERE %s;%n".formatted(qualified(site), String.join(", ", set), row);
    }

    /** The function runs with a search path of its own, so the name of the table must stand whole. */
    private static String qualified(Site site) {
        return site.table().schema() == null ? "SEGUE_TABLE" : site.table().quoted(DB);
    }

    private static String function(
            String registry, ColumnChange change, Site site, Side filled, String event, String body, boolean before) {
        TableName table = new TableName(
                site.table().schema() == null ? registry : site.table().schema(),
                site.table().name());
        String hit = filled == Side.OLD
                ? ""
                : """
                  INSERT INTO %s (change_id, site, writer, written_at) VALUES (%s, %s,
                    session_user || COALESCE(' (' || NULLIF(current_setting('application_name', true), '') || ')', ''),
                    clock_timestamp());
                """.formatted(
                                new TableName(registry, "segue_guard_hit").quoted(DB),
                                DB.literal(change.id()),
                                DB.literal(site.table().toString()));
        return """
                CREATE OR REPLACE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
                SET search_path = pg_catalog, pg_temp AS $segue$
                BEGIN
                %s%s  RETURN %s;
                END $segue$""".formatted(
                        new TableName(registry, name(change, site, filled, event)).quoted(DB),
                        body.replace("SEGUE_TABLE", table.quoted(DB)),
                        hit,
                        before ? "NEW" : "NULL");
    }

    private static String trigger(
            String registry, ColumnChange change, Site site, Side filled, String event, String when, String condition) {
        String name = name(change, site, filled, event);
        return "CREATE TRIGGER %s %s ON %s FOR EACH ROW WHEN (%s) EXECUTE FUNCTION %s()"
                .formatted(
                        // Triggers run by name; this one sees what all others have made of the row.
                        DB.quote("zzz_" + name),
                        when,
                        site.table().quoted(DB),
                        condition,
                        new TableName(registry, name).quoted(DB));
    }

    private static String name(ColumnChange change, Site site, Side filled, String event) {
        return Names.ofSite(change, site) + "_" + filled.name().toLowerCase(java.util.Locale.ROOT) + "_" + event;
    }

    private static String all(List<Column> columns, String condition) {
        return columns.stream()
                .map(column -> condition.formatted(DB.quote(column.name())))
                .collect(Collectors.joining(" AND ", "(", ")"));
    }

    private static String any(List<Column> columns, String condition) {
        return columns.stream()
                .map(column -> condition.formatted(DB.quote(column.name())))
                .collect(Collectors.joining(" OR ", "(", ")"));
    }

    private static String changed(List<Column> columns) {
        return columns.stream()
                .map(column ->
                        DB.distinct("OLD." + DB.quote(column.name()), "NEW." + DB.quote(column.name()), column.type()))
                .collect(Collectors.joining(" OR ", "(", ")"));
    }

    @Override
    public List<Step> removeGuard(ColumnChange change, Site site, Side filled) {
        return List.of(new Step(dropTriggers(change, site, filled), "SELECT false", false));
    }

    private static List<String> dropTriggers(ColumnChange change, Site site, Side filled) {
        List<String> sql = new ArrayList<>();
        for (String event : List.of("insert", "update")) {
            String name = name(change, site, filled, event);
            sql.add("DROP TRIGGER IF EXISTS " + DB.quote("zzz_" + name) + " ON "
                    + site.table().quoted(DB));
            sql.add("DROP FUNCTION IF EXISTS " + DB.quote(name) + "()");
        }
        return sql;
    }

    @Override
    public List<String> dependents(Connection connection, ColumnChange change, Site site, Column column)
            throws SQLException {
        return new Query(connection).strings("""
                SELECT DISTINCT CASE WHEN r.oid IS NOT NULL
                    THEN CASE v.relkind WHEN 'm' THEN 'materialized view ' ELSE 'view ' END || v.relname
                    ELSE pg_describe_object(d.classid, d.objid, d.objsubid) END
                FROM pg_depend d
                JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
                LEFT JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
                LEFT JOIN pg_class v ON v.oid = r.ev_class
                WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = %1$s AND a.attname = %2$s
                AND d.classid NOT IN ('pg_constraint'::regclass, 'pg_attrdef'::regclass)
                AND NOT (d.classid = 'pg_class'::regclass AND EXISTS (SELECT 1 FROM pg_index i WHERE i.indexrelid = d.objid))
                AND NOT (d.classid = 'pg_trigger'::regclass AND EXISTS (SELECT 1 FROM pg_trigger t
                    WHERE t.oid = d.objid AND t.tgname LIKE 'zzz\\_segue\\_%%'))
                UNION SELECT 'generated column ' || g.attname FROM pg_attrdef ad
                JOIN pg_attribute g ON g.attrelid = ad.adrelid AND g.attnum = ad.adnum AND g.attgenerated <> ''
                JOIN pg_depend gd ON gd.classid = 'pg_attrdef'::regclass AND gd.objid = ad.oid
                JOIN pg_attribute a ON a.attrelid = gd.refobjid AND a.attnum = gd.refobjsubid
                WHERE gd.refobjid = %1$s AND a.attname = %2$s AND g.attname <> %2$s
                UNION SELECT 'publication ' || p.pubname FROM pg_publication_rel pr JOIN pg_publication p ON p.oid = pr.prpubid
                WHERE pr.prrelid = %1$s""".formatted(table(site.table()), DB.literal(column.name())));
    }

    // ---- locks

    @Override
    public void limitLockWait(Connection connection, Duration timeout) throws SQLException {
        new Query(connection).run("SET lock_timeout = " + Math.max(1, timeout.toMillis()));
    }

    @Override
    public void unlimitLockWait(Connection connection) throws SQLException {
        new Query(connection).run("RESET lock_timeout");
    }

    @Override
    public boolean transactionalDdl() {
        return true;
    }

    @Override
    public Set<String> writers(Connection connection, TableName name, boolean all) throws SQLException {
        String modes = "'RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'";
        String holders = all
                ? "l.locktype = 'virtualxid'"
                : "l.locktype = 'relation' AND l.mode IN (" + modes + ") AND l.relation IN (SELECT " + table(name)
                        + " UNION ALL SELECT inhrelid FROM pg_inherits WHERE inhparent = " + table(name) + ")";
        return new HashSet<>(new Query(connection).strings("""
                SELECT DISTINCT l.virtualtransaction || COALESCE(' (pid ' || l.pid || ', ' || a.usename
                    || COALESCE(', ' || NULLIF(a.application_name, ''), '') || ', since ' || a.xact_start::text || ')', ' (prepared)')
                FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
                WHERE %s AND l.granted AND l.pid IS DISTINCT FROM pg_backend_pid()
                AND (l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                    OR a.datname = current_database())""".formatted(holders)));
    }
}
