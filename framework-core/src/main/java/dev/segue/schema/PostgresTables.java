package dev.segue.schema;

import dev.segue.change.Column;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** The catalog of PostgreSQL 14 and newer. */
final class PostgresTables implements Dialect.Tables {

    private static final Database DB = Database.POSTGRESQL;

    /** How the catalog prints a default that is a constant: {@code 'x'::character varying}, {@code 0}, {@code (-1)}. */
    private static final Pattern CONSTANT =
            Pattern.compile("('([^']|'')*'|\\(?-?[0-9.]+\\)?|true|false)(::[^(;]+(\\([0-9, ]+\\))?[^(;]*)?");

    private record Found(long oid, String schema, String name, String kind) {}

    @Override
    public Optional<CatalogTable> read(Connection connection, TableName name) throws SQLException {
        Query query = new Query(connection);
        List<Found> found = query.list(
                """
                SELECT c.oid, n.nspname, c.relname, c.relkind
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = %s AND c.relname = %s AND c.relkind IN ('r', 'p', 'v', 'm', 'f')""".formatted(
                                name.schema() == null ? "current_schema()" : DB.literal(name.schema()),
                                DB.literal(name.name())),
                row -> new Found(row.getLong(1), row.getString(2), row.getString(3), row.getString(4)));
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Found table = found.get(0);
        return Optional.of(new CatalogTable(
                new TableName(table.schema(), table.name()),
                table.kind().equals("r") || table.kind().equals("p"),
                columns(query, table.oid()),
                key(query, table.oid()),
                indexes(query, table.oid()),
                attachments(query, table.oid()),
                triggers(query, table.oid()),
                List.of()));
    }

    private static List<CatalogTable.Col> columns(Query query, long table) throws SQLException {
        return query.list("""
                SELECT a.attname, a.attnotnull, format_type(a.atttypid, a.atttypmod)
                    || CASE WHEN a.attcollation <> t.typcollation THEN
                      (SELECT ' COLLATE ' || quote_ident(n.nspname) || '.' || quote_ident(c.collname)
                       FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace WHERE c.oid = a.attcollation)
                      ELSE '' END,
                  a.attgenerated <> '' OR a.attidentity <> '',
                  -- A default of NULL is none.
                  CASE WHEN pg_get_expr(d.adbin, d.adrelid) !~ '^NULL(::|$)' THEN pg_get_expr(d.adbin, d.adrelid) END,
                  -- A domain with a constraint or a default makes ADD COLUMN write every row.
                  t.typtype = 'd' AND (t.typnotnull OR t.typdefault IS NOT NULL
                    OR EXISTS (SELECT 1 FROM pg_constraint k WHERE k.contypid = t.oid))
                FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
                LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                WHERE a.attrelid = %d AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum""".formatted(table), row -> {
            Column column = new Column(row.getString(1), row.getString(3), row.getBoolean(2));
            String initial = row.getString(5);
            return new CatalogTable.Col(
                    column,
                    row.getBoolean(4),
                    initial,
                    initial != null && CONSTANT.matcher(initial).matches(),
                    column.type(),
                    row.getBoolean(6));
        });
    }

    private static List<String> key(Query query, long table) throws SQLException {
        return query.strings("""
                SELECT a.attname FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS k (attnum, at)
                JOIN pg_attribute a ON a.attrelid = %1$d AND a.attnum = k.attnum
                WHERE i.indrelid = %1$d AND i.indisprimary AND k.at <= i.indnkeyatts ORDER BY k.at""".formatted(table));
    }

    private static List<CatalogTable.Index> indexes(Query query, long table) throws SQLException {
        return query.list(
                """
                SELECT ic.relname, i.indisunique, i.indisvalid,
                  am.amname = 'btree' AND i.indexprs IS NULL AND i.indpred IS NULL AND i.indnkeyatts = i.indnatts
                    AND ic.reloptions IS NULL AND NOT i.indisreplident AND tp.relkind = 'r'
                    AND NOT COALESCE((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false)
                    AND NOT EXISTS (SELECT 1 FROM unnest(i.indkey) WITH ORDINALITY AS k (attnum, at)
                                    JOIN unnest(i.indcollation) WITH ORDINALITY AS c (oid, at) ON c.at = k.at
                                    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                                    WHERE c.oid <> a.attcollation),
                  ARRAY(SELECT COALESCE(a.attname, '') FROM unnest(i.indkey) WITH ORDINALITY AS k (attnum, at)
                        LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                        ORDER BY k.at)::text[],
                  ARRAY(SELECT CASE WHEN op.opcdefault THEN '' ELSE ' ' || quote_ident(n.nspname) || '.' || quote_ident(op.opcname) END
                          || CASE o.option & 3 WHEN 1 THEN ' DESC NULLS LAST' WHEN 2 THEN ' NULLS FIRST' WHEN 3 THEN ' DESC'
                             ELSE '' END
                        FROM unnest(i.indclass) WITH ORDINALITY AS c (oid, at) JOIN pg_opclass op ON op.oid = c.oid
                        JOIN pg_namespace n ON n.oid = op.opcnamespace
                        JOIN unnest(i.indoption) WITH ORDINALITY AS o (option, at) ON o.at = c.at ORDER BY c.at)::text[],
                  ARRAY(SELECT a.attname FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum > 0
                        AND (a.attnum = ANY (i.indkey) OR EXISTS (SELECT 1 FROM pg_depend d
                          WHERE d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid
                          AND d.refclassid = 'pg_class'::regclass AND d.refobjid = i.indrelid
                          AND d.refobjsubid = a.attnum)))::text[]
                FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid JOIN pg_class tp ON tp.oid = i.indrelid
                JOIN pg_am am ON am.oid = ic.relam
                WHERE i.indrelid = %d AND NOT i.indisprimary AND NOT EXISTS (SELECT 1 FROM pg_constraint co
                  WHERE co.conrelid = i.indrelid AND co.conindid = i.indexrelid AND co.contype IN ('u', 'x'))
                ORDER BY ic.relname""".formatted(table),
                row -> new CatalogTable.Index(
                        row.getString(1),
                        row.getBoolean(2),
                        row.getBoolean(3),
                        row.getBoolean(4),
                        keys(list(row.getArray(5)), list(row.getArray(6))),
                        list(row.getArray(7))));
    }

    private static List<CatalogTable.Key> keys(List<String> columns, List<String> options) {
        // Columns that are only included come after the keys and have no options.
        return IntStream.range(0, options.size())
                .mapToObj(i -> new CatalogTable.Key(columns.get(i), options.get(i)))
                .toList();
    }

    private static List<String> list(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }

    private static List<CatalogTable.Attachment> attachments(Query query, long table) throws SQLException {
        return query.list("""
                SELECT a.attname, CASE co.contype WHEN 'f' THEN 'foreign key ' WHEN 'c' THEN 'check constraint '
                  WHEN 'u' THEN 'unique constraint ' ELSE 'exclusion constraint ' END || co.conname
                  || CASE WHEN co.conrelid <> a.attrelid THEN ' of table ' || co.conrelid::regclass ELSE '' END
                FROM pg_constraint co JOIN pg_attribute a ON a.attrelid = %1$d AND a.attnum > 0
                  AND ((co.conrelid = %1$d AND a.attnum = ANY (co.conkey))
                    OR (co.confrelid = %1$d AND a.attnum = ANY (co.confkey)))
                WHERE co.contype IN ('f', 'c', 'u', 'x') AND co.conname !~ '^segue_[0-9a-f]+_nn_'
                ORDER BY co.conname""".formatted(table), row -> new CatalogTable.Attachment(row.getString(1), row.getString(2)));
    }

    private static List<CatalogTable.Trigger> triggers(Query query, long table) throws SQLException {
        return query.list(
                """
                SELECT t.tgname, COALESCE(p.prosrc, '') || ' ' || pg_get_triggerdef(t.oid)
                FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
                WHERE t.tgrelid = %d AND NOT t.tgisinternal AND NOT starts_with(t.tgname, %s) ORDER BY t.tgname""".formatted(table, DB.literal(Names.POSTGRES_TRIGGERS)),
                row -> new CatalogTable.Trigger(row.getString(1), row.getString(2)));
    }

    @Override
    public List<CatalogTable.Col> trial(Connection connection, CatalogTable like, List<String> columns)
            throws SQLException {
        Query query = new Query(connection);
        query.run("DROP TABLE IF EXISTS pg_temp." + Trial.TABLE);
        query.run("CREATE TEMPORARY TABLE " + Trial.TABLE + " (" + String.join(", ", columns) + ")");
        long oid = query.list("SELECT 'pg_temp." + Trial.TABLE + "'::regclass::oid", row -> row.getLong(1))
                .get(0);
        return columns(query, oid);
    }

    @Override
    public boolean sameValue(Connection connection, CatalogTable.Col column, String expression) throws SQLException {
        return new Query(connection)
                .isTrue(
                        "SELECT CAST(CAST((%1$s) AS %3$s) AS text) IS NOT DISTINCT FROM CAST(CAST((%2$s) AS %3$s) AS text)"
                                .formatted(
                                        column.initial(),
                                        expression,
                                        column.column().type()));
    }

    /** None, and nobody need brace: who has a lock already goes ahead of a schema change that waits for it. */
    @Override
    public List<TableName> lockedAlong(Connection connection, TableName table) {
        return List.of();
    }

    @Override
    public List<String> dependents(Connection connection, CatalogTable table, String column) throws SQLException {
        List<String> found = new ArrayList<>(new Query(connection).strings("""
                        SELECT DISTINCT CASE WHEN v.oid IS NULL THEN pg_describe_object(d.classid, d.objid, d.objsubid)
                          ELSE CASE v.relkind WHEN 'm' THEN 'materialized view ' WHEN 'v' THEN 'view '
                            ELSE 'rule ' || r.rulename || ' on table ' END || v.oid::regclass END
                        FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
                        LEFT JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
                        LEFT JOIN pg_class v ON v.oid = r.ev_class
                        WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = %1$s::regclass AND a.attname = %2$s
                        AND d.classid <> 'pg_constraint'::regclass
                        AND NOT (d.classid = 'pg_class'::regclass
                          AND EXISTS (SELECT 1 FROM pg_index i WHERE i.indexrelid = d.objid))
                        AND NOT (d.classid = 'pg_attrdef'::regclass AND EXISTS (SELECT 1 FROM pg_attrdef f
                          WHERE f.oid = d.objid AND f.adrelid = d.refobjid AND f.adnum = d.refobjsubid))
                        AND NOT (d.classid = 'pg_trigger'::regclass AND EXISTS (SELECT 1 FROM pg_trigger t
                          WHERE t.oid = d.objid AND starts_with(t.tgname, %3$s)))
                        ORDER BY 1""".formatted(
                        DB.literal(table.name().quoted(DB)), DB.literal(column), DB.literal(Names.POSTGRES_TRIGGERS))));
        table.triggers().stream()
                .filter(trigger -> trigger.mentions(column))
                .forEach(trigger -> found.add("trigger " + trigger.name()));
        return found;
    }
}
