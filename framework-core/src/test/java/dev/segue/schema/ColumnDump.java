package dev.segue.schema;

import dev.segue.database.Database;
import dev.segue.test.database.TestDatabase;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * All that the catalog says of a column, by the database's own words and by another way than the product's: from what it
 * is, with its name, to its definition, in which the column is called {@code <column>} and the thing itself nothing.
 */
final class ColumnDump {

    private static final Pattern MYSQL_LINE =
            Pattern.compile("\\s*((?:UNIQUE |FULLTEXT |SPATIAL )?KEY|CONSTRAINT)?\\s*(`(?:[^`]|``)+`) (.*?),?");

    private ColumnDump() {}

    static Map<String, String> of(TestDatabase database, Database dialect, Case of, String column) {
        Map<String, String> found =
                dialect == Database.POSTGRESQL ? postgres(database, of, column) : mysql(database, of, column);
        Map<String, String> dump = new TreeMap<>();
        String plain = dialect == Database.POSTGRESQL
                ? database.value("SELECT quote_ident(?)", String.class, column)
                : dialect.quote(column);
        String bare = plain.startsWith("\"") || plain.startsWith("`") ? Pattern.quote(plain) : "\\b" + plain + "\\b";
        found.forEach((what, definition) -> dump.put(
                what,
                what.startsWith("comment") || what.startsWith("default")
                        ? definition
                        : what.startsWith("statistics")
                                ? sorted(outsideTexts(definition, bare))
                                : outsideTexts(definition, bare)));
        return dump;
    }

    /** They are printed in the order of the table's columns. */
    private static String sorted(String definition) {
        return Arrays.stream(definition.split("[ ,]+", -1)).sorted().collect(Collectors.joining(" "));
    }

    /** A name in a text is a text. */
    private static String outsideTexts(String definition, String name) {
        Matcher parts =
                Pattern.compile("'(?:[^'\\\\]|''|\\\\.)*'|(" + name + ")").matcher(definition);
        return parts.replaceAll(match -> match.group(1) == null ? Matcher.quoteReplacement(match.group()) : "<column>");
    }

    private static Map<String, String> postgres(TestDatabase database, Case of, String column) {
        Map<String, String> found = new TreeMap<>();
        String table = of.tableName().quoted(Database.POSTGRESQL);
        database.rows("""
                WITH c AS (SELECT a.*, t.typstorage FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
                  WHERE attrelid = ?::regclass AND attname = ?)
                SELECT 'type' AS what, format_type(atttypid, atttypmod) || ' ' || attcollation::regcollation AS definition FROM c
                UNION ALL SELECT 'not null', attnotnull::text FROM c
                UNION ALL SELECT 'storage', concat(attstorage, attcompression) FROM c
                UNION ALL SELECT 'settings', concat(attstattarget, attoptions) FROM c
                UNION ALL SELECT 'default of column', pg_get_expr(d.adbin, d.adrelid) FROM c JOIN pg_attrdef d
                  ON d.adrelid = attrelid AND d.adnum = attnum
                UNION ALL SELECT 'comment', col_description(attrelid, attnum) FROM c
                UNION ALL SELECT 'privileges', (SELECT string_agg(g::text, ',' ORDER BY g::text) FROM aclexplode(attacl) g) FROM c
                UNION ALL SELECT 'sequence ' || d.objid::regclass, '' FROM c JOIN pg_depend d ON d.refobjid = attrelid
                  AND d.refobjsubid = attnum AND d.deptype = 'a' JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
                UNION ALL SELECT CASE WHEN co.oid IS NULL THEN 'index ' ELSE 'unique constraint ' END || i.relname, concat_ws(' ',
                    x.indisunique, x.indisvalid, regexp_replace(pg_get_indexdef(i.oid), '^.*? USING ', ''),
                    co.condeferrable, co.condeferred, x.indisclustered, x.indisreplident,
                    quote_literal(obj_description(COALESCE(co.oid, i.oid))))
                  FROM c JOIN pg_index x ON x.indrelid = attrelid JOIN pg_class i ON i.oid = x.indexrelid
                  LEFT JOIN pg_constraint co ON co.conindid = i.oid AND co.contype = 'u'
                  WHERE EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid IN (i.oid, co.oid) AND d.refobjid = attrelid AND d.refobjsubid = attnum)
                  AND NOT EXISTS (SELECT 1 FROM pg_constraint e WHERE e.conindid = i.oid AND e.contype = 'x')
                UNION ALL SELECT CASE contype WHEN 'c' THEN 'check constraint ' WHEN 'f' THEN 'foreign key '
                    ELSE 'exclusion constraint ' END || conname,
                    concat_ws(' ', pg_get_constraintdef(co.oid), quote_literal(obj_description(co.oid)))
                  FROM c JOIN pg_constraint co ON conrelid = attrelid AND contype IN ('c', 'f', 'x') AND attnum = ANY (conkey)
                UNION ALL SELECT 'reference from ' || conrelid::regclass, concat_ws(' ', pg_get_constraintdef(co.oid),
                    quote_literal(obj_description(co.oid)))
                  FROM c JOIN pg_constraint co ON confrelid = attrelid AND contype = 'f' AND attnum = ANY (confkey)
                UNION ALL SELECT 'statistics ' || stxname, concat_ws(' ',
                    regexp_replace(pg_get_statisticsobjdef(s.oid), '^CREATE STATISTICS [^ ]+( [^ .]+\\.[^ ]+)?', ''),
                    quote_literal(obj_description(s.oid)))
                  FROM c JOIN pg_statistic_ext s ON s.stxrelid = attrelid AND EXISTS (SELECT 1 FROM pg_depend d
                    WHERE d.objid = s.oid AND d.refobjid = attrelid AND d.refobjsubid = attnum)""", table, column).forEach(row -> {
            if (row.get("definition") != null) {
                found.put(String.valueOf(row.get("what")), String.valueOf(row.get("definition")));
            }
        });
        return found;
    }

    private static Map<String, String> mysql(TestDatabase database, Case of, String column) {
        Map<String, String> found = new TreeMap<>();
        String quoted = Database.MYSQL.quote(column);
        String create = String.valueOf(
                database.rows("SHOW CREATE TABLE " + of.tableName().quoted(Database.MYSQL))
                        .get(0)
                        .get("Create Table"));
        create.lines().skip(1).filter(line -> line.contains(quoted)).forEach(line -> {
            Matcher parts = MYSQL_LINE.matcher(line);
            if (!parts.matches()) {
                return;
            }
            String name =
                    parts.group(2).substring(1, parts.group(2).length() - 1).replace("``", "`");
            String rest = parts.group(3);
            if (parts.group(1) == null) {
                int type = rest.indexOf(' ') < 0 ? rest.length() : rest.indexOf(' ');
                found.put("type", rest.substring(0, type));
                found.put("column", rest.substring(type));
            } else if (parts.group(1).equals("CONSTRAINT")) {
                found.put((rest.startsWith("CHECK") ? "check constraint " : "foreign key ") + name, rest);
            } else {
                found.put("index " + name, parts.group(1) + " " + rest);
            }
        });
        database.rows(
                        "SELECT GROUP_CONCAT(privilege_type, grantee) AS said FROM information_schema.column_privileges"
                                + " WHERE table_schema = DATABASE() AND table_name = ? AND column_name = ? GROUP BY column_name",
                        of.table(),
                        column)
                .forEach(row -> found.put("privileges on column " + column, String.valueOf(row.get("said"))));
        database.rows(
                        "SELECT JSON_EXTRACT(histogram, '$.\"number-of-buckets-specified\"') AS buckets FROM information_schema.column_statistics WHERE schema_name = DATABASE() AND table_name = ? AND column_name = ?",
                        of.table(),
                        column)
                .forEach(row -> found.put("histogram of column " + column, String.valueOf(row.get("buckets"))));
        return found;
    }
}
