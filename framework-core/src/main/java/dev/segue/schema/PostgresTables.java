package dev.segue.schema;

import dev.segue.change.Column;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import dev.segue.schema.CatalogTable.Attachment;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
                table.kind().equals("p"),
                table.kind().equals("p") ? partitions(query, table.oid()) : List.of(),
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
                    OR EXISTS (SELECT 1 FROM pg_constraint k WHERE k.contypid = t.oid)),
                  CASE WHEN EXISTS (SELECT 1 FROM pg_partitioned_table p WHERE p.partrelid = a.attrelid
                      AND (a.attnum = ANY (p.partattrs)
                        OR p.partexprs IS NOT NULL AND position(quote_ident(a.attname) IN pg_get_partkeydef(p.partrelid)) > 0))
                    THEN 'it is part of the key by which the table is partitioned'
                    WHEN EXISTS (SELECT 1 FROM pg_index r WHERE r.indrelid = a.attrelid AND r.indisreplident
                        AND NOT r.indisprimary AND a.attnum = ANY (r.indkey))
                    THEN 'it is part of the index that is the replica identity of the table'
                    WHEN a.attinhcount > 0 THEN 'the table has it from a parent, which is the one to change' END,
                  ARRAY(SELECT s FROM (VALUES
                      (CASE WHEN COALESCE(a.attstattarget, -1) >= 0 THEN 'SET STATISTICS ' || a.attstattarget END),
                      ('SET (' || array_to_string(a.attoptions, ', ') || ')'),
                      (CASE WHEN a.attstorage <> t.typstorage THEN 'SET STORAGE ' || CASE a.attstorage
                        WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END),
                      (CASE a.attcompression WHEN 'p' THEN 'SET COMPRESSION pglz' WHEN 'l' THEN 'SET COMPRESSION lz4' END)
                    ) AS said (s) WHERE s IS NOT NULL)::text[],
                  ARRAY(SELECT acl.privilege_type || ' ' || CASE acl.grantee WHEN 0 THEN 'PUBLIC'
                        ELSE quote_ident(pg_get_userbyid(acl.grantee)) END
                      || CASE WHEN acl.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
                    FROM aclexplode(a.attacl) AS acl ORDER BY 1)::text[],
                  col_description(a.attrelid, a.attnum),
                  ARRAY(SELECT quote_ident(n.nspname) || '.' || quote_ident(q.relname) FROM pg_depend o
                    JOIN pg_class q ON q.oid = o.objid AND q.relkind = 'S' JOIN pg_namespace n ON n.oid = q.relnamespace
                    WHERE o.classid = 'pg_class'::regclass AND o.refclassid = 'pg_class'::regclass AND o.deptype = 'a'
                    AND o.refobjid = a.attrelid AND o.refobjsubid = a.attnum ORDER BY 1)::text[]
                FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
                LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                WHERE a.attrelid = %d AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum""".formatted(table), PostgresTables::column);
    }

    private static CatalogTable.Col column(ResultSet row) throws SQLException {
        Column column = new Column(row.getString(1), row.getString(3), row.getBoolean(2));
        String initial = row.getString(5);
        return new CatalogTable.Col(
                column,
                row.getBoolean(4),
                initial,
                initial != null && CONSTANT.matcher(initial).matches(),
                initial == null ? "" : " DEFAULT " + initial,
                "",
                row.getBoolean(6),
                row.getString(7),
                new CatalogTable.Extras(
                        list(row.getArray(8)), list(row.getArray(9)), row.getString(10), list(row.getArray(11))));
    }

    private static List<CatalogTable.Partition> partitions(Query query, long table) throws SQLException {
        return query.list(
                """
                SELECT n.nspname, c.relname, pn.nspname, pc.relname, t.isleaf
                FROM pg_partition_tree(%d) t JOIN pg_class c ON c.oid = t.relid JOIN pg_namespace n ON n.oid = c.relnamespace
                JOIN pg_class pc ON pc.oid = t.parentrelid JOIN pg_namespace pn ON pn.oid = pc.relnamespace
                WHERE t.level > 0 ORDER BY t.level, 1, 2""".formatted(table),
                row -> new CatalogTable.Partition(
                        new TableName(row.getString(1), row.getString(2)),
                        new TableName(row.getString(3), row.getString(4)),
                        row.getBoolean(5)));
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
                    AND ic.reloptions IS NULL AND NOT COALESCE((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false)
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
                          AND d.refobjsubid = a.attnum)))::text[],
                  substr(pg_get_indexdef(i.indexrelid), 1 + length(concat('CREATE ',
                    CASE WHEN i.indisunique THEN 'UNIQUE ' END, 'INDEX ', quote_ident(ic.relname), ' ON ',
                    CASE WHEN tp.relkind = 'p' THEN 'ONLY ' END, quote_ident(tn.nspname), '.', quote_ident(tp.relname), ' '))),
                  CASE WHEN u.oid IS NOT NULL THEN CASE WHEN u.condeferrable THEN ' DEFERRABLE' ELSE '' END
                    || CASE WHEN u.condeferred THEN ' INITIALLY DEFERRED' ELSE '' END END,
                  COALESCE(obj_description(u.oid, 'pg_constraint'), obj_description(ic.oid, 'pg_class')),
                  CASE WHEN tp.relkind = 'p' AND u.oid IS NOT NULL THEN
                      'the table is partitioned, and PostgreSQL makes no constraint of an index over such a table'
                    WHEN tp.relkind = 'p' AND EXISTS (SELECT 1 FROM pg_partition_tree(tp.oid) t
                      JOIN pg_class f ON f.oid = t.relid WHERE f.relkind = 'f')
                    THEN 'a partition of the table is a foreign table'
                    WHEN i.indisclustered THEN 'it is the one that the table is clustered by'
                    WHEN ic.reltablespace <> 0 THEN 'it has a tablespace of its own'
                    WHEN u.oid IS NOT NULL AND am.amname <> 'btree' THEN 'it is more than a unique index'
                    WHEN EXISTS (SELECT 1 FROM pg_attribute k WHERE k.attrelid = i.indexrelid AND k.attstattarget >= 0)
                      THEN 'it has statistics targets of its own' END
                FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid JOIN pg_class tp ON tp.oid = i.indrelid
                JOIN pg_namespace tn ON tn.oid = tp.relnamespace JOIN pg_am am ON am.oid = ic.relam
                LEFT JOIN pg_constraint u ON u.conrelid = i.indrelid AND u.conindid = i.indexrelid AND u.contype = 'u'
                WHERE i.indrelid = %d AND NOT i.indisprimary AND NOT EXISTS (SELECT 1 FROM pg_constraint co
                  WHERE co.conrelid = i.indrelid AND co.conindid = i.indexrelid AND co.contype = 'x')
                ORDER BY ic.relname""".formatted(table),
                row -> new CatalogTable.Index(
                        row.getString(1),
                        row.getBoolean(2),
                        row.getBoolean(3),
                        row.getBoolean(4),
                        keys(list(row.getArray(5)), list(row.getArray(6))),
                        list(row.getArray(7)),
                        row.getString(8),
                        row.getString(9),
                        row.getString(10),
                        row.getString(11)));
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

    /** What stands between the name of an object of extended statistics and its table. */
    private static final String STATISTICS_BODY = """
            substr(left(pg_get_statisticsobjdef(s.oid), -length(' FROM ' || s.stxrelid::regclass)),
              1 + length('CREATE STATISTICS ' || s.stxnamespace::regnamespace || '.' || quote_ident(s.stxname)))""";

    private static List<Attachment> attachments(Query query, long table) throws SQLException {
        return query.list(
                """
                SELECT CASE co.contype WHEN 'f' THEN 'FOREIGN_KEY' WHEN 'c' THEN 'CHECK' ELSE 'EXCLUSION' END AS kind,
                  co.conname AS name,
                  CASE co.contype WHEN 'f' THEN 'foreign key ' WHEN 'c' THEN 'check constraint '
                    ELSE 'exclusion constraint ' END || co.conname,
                  ARRAY(SELECT a.attname FROM unnest(co.conkey) WITH ORDINALITY AS k (attnum, at)
                    JOIN pg_attribute a ON a.attrelid = co.conrelid AND a.attnum = k.attnum ORDER BY k.at)::text[],
                  pg_get_constraintdef(co.oid), obj_description(co.oid, 'pg_constraint'),
                  CASE WHEN co.contype = 'x' THEN 'PostgreSQL builds it only while nobody uses the table'
                    WHEN co.contype = 'f' AND t.relkind = 'p' THEN 'the table is partitioned, and PostgreSQL looks at all'
                      || ' rows of such a table before it lets others write'
                    WHEN co.confrelid = co.conrelid AND co.confkey && co.conkey THEN 'it refers to the column itself'
                    WHEN to_jsonb(co) ->> 'confdelsetcols' IS NOT NULL THEN 'it names columns in ON DELETE'
                    WHEN co.coninhcount > 0 THEN 'it is that of a parent table' END,
                  NULL, NULL
                FROM pg_constraint co JOIN pg_class t ON t.oid = co.conrelid
                WHERE co.conrelid = %1$d AND co.contype IN ('f', 'c', 'x') AND co.conname !~ '^segue_[0-9a-f]+_nn_'
                UNION ALL SELECT 'REFERENCE', co.conname, 'foreign key ' || co.conname || ' of table ' || co.conrelid::regclass,
                  ARRAY(SELECT a.attname FROM pg_attribute a WHERE a.attrelid = co.confrelid
                    AND a.attnum = ANY (co.confkey) ORDER BY a.attnum)::text[],
                  pg_get_constraintdef(co.oid), obj_description(co.oid, 'pg_constraint'),
                  CASE WHEN co.confkey && co.conkey AND co.confrelid = co.conrelid THEN 'it refers to the column itself'
                    WHEN o.relkind = 'p' OR t.relkind = 'p' THEN 'one of the two tables is partitioned, and PostgreSQL'
                      || ' looks at all rows of both before it lets others write'
                    WHEN co.confupdtype NOT IN ('a', 'r') THEN 'when the column changes it writes the other table, which'
                      || ' is before the new column is brought up to date for a writer of the old one'
                    WHEN NOT pg_has_role(o.relowner, 'USAGE')
                      THEN 'its table is owned by ' || pg_get_userbyid(o.relowner) END,
                  n.nspname, o.relname
                FROM pg_constraint co JOIN pg_class o ON o.oid = co.conrelid JOIN pg_namespace n ON n.oid = o.relnamespace
                JOIN pg_class t ON t.oid = co.confrelid
                WHERE co.confrelid = %1$d AND co.contype = 'f' AND co.conparentid = 0
                UNION ALL SELECT 'STATISTICS', s.stxname, 'statistics ' || s.stxname,
                  ARRAY(SELECT a.attname FROM pg_attribute a WHERE a.attrelid = s.stxrelid AND a.attnum > 0
                    AND (a.attnum = ANY (s.stxkeys) OR EXISTS (SELECT 1 FROM pg_depend d
                      WHERE d.classid = 'pg_statistic_ext'::regclass AND d.objid = s.oid
                      AND d.refclassid = 'pg_class'::regclass AND d.refobjid = s.stxrelid
                      AND d.refobjsubid = a.attnum)) ORDER BY a.attnum)::text[],
                  %2$s, obj_description(s.oid, 'pg_statistic_ext'),
                  CASE WHEN COALESCE((to_jsonb(s) ->> 'stxstattarget')::int, -1) >= 0 THEN 'it has a target of its own' END,
                  NULL, NULL
                FROM pg_statistic_ext s WHERE s.stxrelid = %1$d
                ORDER BY kind, name""".formatted(table, STATISTICS_BODY),
                row -> new Attachment(
                        Attachment.Kind.valueOf(row.getString(1)),
                        row.getString(2),
                        row.getString(3),
                        list(row.getArray(4)),
                        row.getString(5),
                        row.getString(6),
                        row.getString(7),
                        row.getString(9) == null ? null : new TableName(row.getString(8), row.getString(9))));
    }

    /**
     * Lets the database itself say it: makes each thing on a copy of the table without rows, gives the column the other
     * name, and looks. A foreign key, which a temporary table cannot have to a lasting one, begins with its columns.
     */
    @Override
    public Map<String, String> renamed(Connection connection, CatalogTable table, String before, String after)
            throws SQLException {
        Map<String, String> renamed = new LinkedHashMap<>();
        Query query = new Query(connection);
        try (Trial trial = new Trial(connection, DB, table)) {
            for (CatalogTable.Index index : table.indexesOn(before)) {
                if (index.never() == null && !index.plain()) {
                    rename(
                                    trial,
                                    query,
                                    table,
                                    before,
                                    after,
                                    "CREATE INDEX segue_it ON pg_temp." + Trial.TABLE + " " + index.definition(),
                                    // Before PostgreSQL 15 it has the schema's own name.
                                    """
                            SELECT substr(d, strpos(d, '.segue_trial ') + length('.segue_trial ')) FROM (SELECT pg_get_indexdef(indexrelid) AS d
                            FROM pg_index WHERE indrelid = 'pg_temp.segue_trial'::regclass) AS it""")
                            .ifPresent(definition -> renamed.put(index.what(), definition));
                }
            }
            for (Attachment part : table.attachmentsOn(before)) {
                if (part.never() == null) {
                    definition(trial, query, table, part, before, after)
                            .ifPresent(definition -> renamed.put(part.what(), definition));
                }
            }
        }
        return renamed;
    }

    private static Optional<String> definition(
            Trial trial, Query query, CatalogTable table, Attachment part, String before, String after)
            throws SQLException {
        return switch (part.kind()) {
            case CHECK ->
                rename(
                        trial,
                        query,
                        table,
                        before,
                        after,
                        "ALTER TABLE pg_temp." + Trial.TABLE + " ADD CONSTRAINT segue_it " + part.definition(),
                        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'pg_temp.segue_trial'::regclass"
                                + " AND conname = 'segue_it'");
            case STATISTICS -> {
                Optional<String> other =
                        rename(trial, query, table, before, after, statistics(part.definition()), STATISTICS);
                // They are printed in the order of the table's columns.
                yield other.isPresent() && table.has(after)
                        ? rename(trial, query, table, "", "", statistics(other.get()), STATISTICS)
                        : other;
            }
            case FOREIGN_KEY ->
                query
                        .strings("""
                                SELECT now || substr(pg_get_constraintdef(oid), 1 + length(was)) FROM (
                                  SELECT co.oid,
                                    'FOREIGN KEY (' || string_agg(quote_ident(a.attname), ', ' ORDER BY k.at) || ')' AS was,
                                    'FOREIGN KEY (' || string_agg(quote_ident(CASE WHEN a.attname = %1$s THEN %2$s
                                      ELSE a.attname END), ', ' ORDER BY k.at) || ')' AS now
                                  FROM pg_constraint co, unnest(co.conkey) WITH ORDINALITY AS k (attnum, at)
                                  JOIN pg_attribute a ON a.attnum = k.attnum
                                  WHERE co.conrelid = %3$s::regclass AND co.conname = %4$s AND a.attrelid = co.conrelid
                                  GROUP BY co.oid) AS said
                                WHERE starts_with(pg_get_constraintdef(oid), was)""".formatted(
                                        DB.literal(before),
                                        DB.literal(after),
                                        DB.literal(table.name().quoted(DB)),
                                        DB.literal(part.name())))
                        .stream()
                        .findFirst();
            case REFERENCE ->
                query
                        .strings("""
                                SELECT now || substr(pg_get_constraintdef(oid), 1 + length(was)) FROM (
                                  SELECT oid, own || string_agg(quote_ident(attname), ', ' ORDER BY at) || ')' AS was,
                                    own || string_agg(quote_ident(CASE WHEN attname = %1$s THEN %2$s ELSE attname END), ', '
                                      ORDER BY at) || ')' AS now
                                  FROM (SELECT co.oid, a.attname, k.at, 'FOREIGN KEY (' || (
                                      SELECT string_agg(quote_ident(o.attname), ', ' ORDER BY j.at)
                                      FROM unnest(co.conkey) WITH ORDINALITY AS j (attnum, at)
                                      JOIN pg_attribute o ON o.attrelid = co.conrelid AND o.attnum = j.attnum)
                                      || ') REFERENCES ' || co.confrelid::regclass || '(' AS own
                                    FROM pg_constraint co, unnest(co.confkey) WITH ORDINALITY AS k (attnum, at)
                                    JOIN pg_attribute a ON a.attnum = k.attnum
                                    WHERE co.conrelid = %3$s::regclass AND co.conname = %4$s
                                    AND a.attrelid = co.confrelid) AS keys
                                  GROUP BY oid, own) AS said
                                WHERE starts_with(pg_get_constraintdef(oid), was)""".formatted(
                                        DB.literal(before),
                                        DB.literal(after),
                                        DB.literal(part.ownerOr(table.name()).quoted(DB)),
                                        DB.literal(part.name())))
                        .stream()
                        .findFirst();
            case EXCLUSION, HISTOGRAM, AID -> Optional.empty();
        };
    }

    private static final String STATISTICS =
            "SELECT " + STATISTICS_BODY + " FROM pg_statistic_ext s WHERE s.stxrelid = 'pg_temp.segue_trial'::regclass";

    private static String statistics(String body) {
        return "CREATE STATISTICS segue_it" + body + " FROM pg_temp." + Trial.TABLE;
    }

    /** @param before empty if nothing is to be renamed */
    private static Optional<String> rename(
            Trial trial, Query query, CatalogTable table, String before, String after, String create, String look)
            throws SQLException {
        List<String> found = new ArrayList<>();
        String copy = "ALTER TABLE pg_temp." + Trial.TABLE;
        trial.attempt(() -> {
            query.run("DROP TABLE IF EXISTS pg_temp." + Trial.TABLE);
            query.run("CREATE TEMPORARY TABLE " + Trial.TABLE + " (LIKE "
                    + table.name().quoted(DB) + ")");
            if (!before.isEmpty()) {
                query.run(copy + " DROP COLUMN IF EXISTS " + DB.quote(after));
            }
            query.run(create);
            if (!before.isEmpty()) {
                query.run(copy + " RENAME COLUMN " + DB.quote(before) + " TO " + DB.quote(after));
            }
            found.addAll(query.strings(look));
        });
        return found.stream().findFirst();
    }

    private static List<CatalogTable.Trigger> triggers(Query query, long table) throws SQLException {
        return query.list(
                """
                SELECT t.tgname, COALESCE(p.prosrc, '') || ' ' || pg_get_triggerdef(t.oid),
                  t.tgtype & 16 <> 0 AND t.tgenabled IN ('O', 'A') AND cardinality(t.tgattr::int2[]) = 0
                FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
                WHERE t.tgrelid = %d AND NOT t.tgisinternal AND NOT starts_with(t.tgname, %s) ORDER BY t.tgname""".formatted(table, DB.literal(Names.POSTGRES_TRIGGERS)),
                row -> new CatalogTable.Trigger(row.getString(1), row.getString(2), row.getBoolean(3)));
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

    /** Those of users, whose text the database does not understand before they run. */
    private static final String FUNCTIONS = """
            SELECT CASE p.prokind WHEN 'p' THEN 'procedure ' ELSE 'function ' END || p.oid::regprocedure, p.prosrc
            FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND p.prosrc <> ''
            AND p.proname !~ '^segue_[0-9a-f]{10}_' AND NOT EXISTS (SELECT 1 FROM pg_depend d
              WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e') ORDER BY 1""";

    @Override
    public List<Dialect.Dependent> dependents(Connection connection, CatalogTable table, String column)
            throws SQLException {
        Query query = new Query(connection);
        List<Dialect.Dependent> found = new ArrayList<>(query.list(
                """
                        SELECT DISTINCT CASE WHEN v.oid IS NULL THEN pg_describe_object(d.classid, d.objid, d.objsubid)
                          ELSE CASE v.relkind WHEN 'm' THEN 'materialized view ' WHEN 'v' THEN 'view '
                            ELSE 'rule ' || r.rulename || ' on table ' END || v.oid::regclass END
                        FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
                        LEFT JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
                        LEFT JOIN pg_class v ON v.oid = r.ev_class
                        WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = %1$s::regclass AND a.attname = %2$s
                        AND d.classid NOT IN ('pg_constraint'::regclass, 'pg_statistic_ext'::regclass)
                        AND NOT (d.classid = 'pg_class'::regclass AND d.deptype = 'a'
                          AND EXISTS (SELECT 1 FROM pg_class q WHERE q.oid = d.objid AND q.relkind = 'S'))
                        AND NOT (d.classid = 'pg_class'::regclass
                          AND EXISTS (SELECT 1 FROM pg_index i WHERE i.indexrelid = d.objid))
                        AND NOT (d.classid = 'pg_attrdef'::regclass AND EXISTS (SELECT 1 FROM pg_attrdef f
                          WHERE f.oid = d.objid AND f.adrelid = d.refobjid AND f.adnum = d.refobjsubid))
                        AND NOT (d.classid = 'pg_trigger'::regclass AND EXISTS (SELECT 1 FROM pg_trigger t
                          WHERE t.oid = d.objid AND starts_with(t.tgname, %3$s)))
                        ORDER BY 1""".formatted(
                        DB.literal(table.name().quoted(DB)), DB.literal(column), DB.literal(Names.POSTGRES_TRIGGERS)),
                row -> new Dialect.Dependent(row.getString(1), true)));
        table.triggers().stream()
                .filter(trigger -> trigger.mentions(column))
                .forEach(trigger -> found.add(new Dialect.Dependent("trigger " + trigger.name(), true)));
        query.list(FUNCTIONS, row -> {
            String body = row.getString(2);
            return CatalogTable.mentions(body, table.name().name())
                    && CatalogTable.mentions(body, column)
                    && found.add(new Dialect.Dependent(row.getString(1), false));
        });
        return found;
    }
}
