package dev.segue.schema;

import dev.segue.change.Column;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import dev.segue.schema.CatalogTable.Attachment;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The catalog of MySQL 8. */
final class MysqlTables implements Dialect.Tables {

    private static final Database DB = Database.MYSQL;

    private record Found(String schema, String name, String type, String collation, String engine) {}

    @Override
    public Optional<CatalogTable> read(Connection connection, TableName name) throws SQLException {
        Query query = new Query(connection);
        List<Found> found = query.list(
                """
                SELECT table_schema, table_name, table_type, COALESCE(table_collation, ''), COALESCE(engine, '')
                FROM information_schema.tables WHERE table_schema = %s AND table_name = %s""".formatted(
                        name.schema() == null ? "DATABASE()" : DB.literal(name.schema()), DB.literal(name.name())),
                row -> new Found(
                        row.getString(1), row.getString(2), row.getString(3), row.getString(4), row.getString(5)));
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Found table = found.get(0);
        boolean base = table.type().equals("BASE TABLE");
        List<String> missing = base && !table.engine().equals("InnoDB")
                ? List.of("its engine is " + table.engine() + ", which has no transactions")
                : List.of();
        TableName full = new TableName(table.schema(), table.name());
        List<CatalogTable.Col> columns = columns(query, full, table.collation());
        MysqlDefinitions definitions =
                base ? MysqlDefinitions.of(query, full.quoted(DB)) : new MysqlDefinitions(Map.of(), Map.of());
        List<CatalogTable.Index> all = indexes(query, full, columns, definitions);
        return Optional.of(new CatalogTable(
                full,
                base,
                columns,
                all.stream()
                        .filter(index -> index.name().equals("PRIMARY"))
                        .map(index -> index.keys().stream()
                                .map(CatalogTable.Key::column)
                                .toList())
                        .findFirst()
                        .orElse(List.of()),
                all.stream().filter(index -> !index.name().equals("PRIMARY")).toList(),
                attachments(query, full, columns, definitions),
                false,
                List.of(),
                triggers(query, full),
                missing));
    }

    private static List<CatalogTable.Col> columns(Query query, TableName table, String tableCollation)
            throws SQLException {
        return query.list("""
                SELECT column_name, CONCAT(column_type, COALESCE(CONCAT(' SRID ', srs_id), '')), collation_name,
                  is_nullable = 'YES', column_default, extra, column_comment,
                  EXISTS (SELECT 1 FROM information_schema.partitions p WHERE p.table_schema = c.table_schema
                    AND p.table_name = c.table_name AND LOCATE(CONCAT('`', REPLACE(column_name, '`', '``'), '`'),
                      CONCAT_WS(' ', p.partition_expression, p.subpartition_expression)) > 0)
                FROM information_schema.columns c WHERE %s ORDER BY ordinal_position""".formatted(of(table)), row -> column(query, table, row, tableCollation));
    }

    private static CatalogTable.Col column(Query query, TableName table, ResultSet row, String tableCollation)
            throws SQLException {
        String printed = row.getString(5);
        return column(
                row.getString(1),
                type(row.getString(2), row.getString(3), tableCollation),
                row.getBoolean(4),
                printed != null && printed.startsWith(BYTES) ? bytes(query, table, row.getString(1)) : printed,
                row.getString(6),
                row.getString(7),
                row.getBoolean(8) ? "it is part of the key by which the table is partitioned" : null);
    }

    /** How a default of bytes is printed, up to the first that is zero. */
    private static final String BYTES = "0x";

    /** All of it, though the table may have no rows. */
    private static String bytes(Query query, TableName table, String column) throws SQLException {
        String hex = query.strings("SELECT HEX(DEFAULT(t.%s)) FROM (SELECT 1) AS one LEFT JOIN %s AS t ON FALSE"
                        .formatted(DB.quote(column), table.quoted(DB)))
                .get(0);
        return hex.isEmpty() ? "" : BYTES + hex;
    }

    /** A collation says its character set by its name. */
    private static String type(String type, @Nullable String collation, String tableCollation) {
        return collation == null || collation.equals(tableCollation)
                ? type
                : type + " CHARACTER SET " + collation.replaceFirst("_.*", "") + " COLLATE " + collation;
    }

    private static CatalogTable.Col column(
            String name,
            String type,
            boolean nullable,
            @Nullable String printed,
            String extras,
            String comment,
            @Nullable String fixed) {
        String extra = extras.toUpperCase(Locale.ROOT);
        boolean constant = !extra.contains("DEFAULT_GENERATED");
        String initial = initial(printed, constant);
        String moving = initial == null ? "" : " DEFAULT " + initial;
        Matcher onUpdate = ON_UPDATE.matcher(extra);
        if (onUpdate.find()) {
            moving += " " + onUpdate.group();
        }
        String rest = extra.contains("INVISIBLE") ? " INVISIBLE" : "";
        if (!comment.isEmpty()) {
            rest += " COMMENT " + DB.literal(comment);
        }
        return new CatalogTable.Col(
                new Column(name, type, !nullable),
                extra.contains("VIRTUAL GENERATED")
                        || extra.contains("STORED GENERATED")
                        || extra.contains("AUTO_INCREMENT"),
                initial,
                constant,
                moving,
                rest,
                false,
                fixed,
                CatalogTable.Extras.NONE);
    }

    private static final Pattern ON_UPDATE = Pattern.compile("ON UPDATE CURRENT_TIMESTAMP(\\(\\d\\))?");

    private static @Nullable String initial(@Nullable String printed, boolean constant) {
        if (printed == null) {
            return null;
        }
        if (!constant) {
            // The dictionary prints an expression with a backslash before each quote and each backslash in it.
            String expression = printed.replaceAll("\\\\(.)", "$1");
            return expression.toUpperCase(Locale.ROOT).startsWith("CURRENT_TIMESTAMP")
                    ? expression
                    : "(" + expression + ")";
        }
        return printed.startsWith("b'") || printed.startsWith(BYTES) ? printed : DB.literal(printed);
    }

    private record Part(
            String index,
            boolean unique,
            @Nullable String column,
            boolean plain,
            @Nullable String expression,
            String options) {}

    private static List<CatalogTable.Index> indexes(
            Query query, TableName table, List<CatalogTable.Col> columns, MysqlDefinitions definitions)
            throws SQLException {
        Map<String, List<Part>> byName = new LinkedHashMap<>();
        query.list(
                """
                SELECT index_name, non_unique = 0, column_name, expression,
                  expression IS NULL AND index_type = 'BTREE' AND is_visible = 'YES' AND index_comment = '',
                  CONCAT(COALESCE(CONCAT(' (', sub_part, ')'), ''), IF(collation = 'D', ' DESC', ''))
                FROM information_schema.statistics WHERE %s ORDER BY index_name, seq_in_index""".formatted(of(table)),
                row -> byName.computeIfAbsent(row.getString(1), name -> new ArrayList<>())
                        .add(new Part(
                                row.getString(1),
                                row.getBoolean(2),
                                row.getString(3),
                                row.getBoolean(5),
                                row.getString(4),
                                row.getString(6))));
        return byName.values().stream()
                .map(parts -> index(parts, columns, definitions))
                .toList();
    }

    private static CatalogTable.Index index(
            List<Part> parts, List<CatalogTable.Col> columns, MysqlDefinitions definitions) {
        List<CatalogTable.Key> keys = new ArrayList<>();
        for (Part part : parts) {
            if (part.column() != null) {
                keys.add(new CatalogTable.Key(part.column(), part.options()));
            }
        }
        Part first = parts.get(0);
        String definition = definitions.indexes().getOrDefault(first.index(), "");
        return new CatalogTable.Index(
                first.index(),
                first.unique(),
                true,
                parts.stream().allMatch(Part::plain),
                keys,
                named(definition, columns),
                definition,
                null,
                null,
                neverAgain(parts, definition));
    }

    private static @Nullable String neverAgain(List<Part> parts, String definition) {
        if (parts.stream().anyMatch(part -> part.expression() != null)) {
            return "MySQL builds an index over an expression only while nobody writes";
        }
        return definition.startsWith(MysqlDefinitions.FULLTEXT) || definition.startsWith(MysqlDefinitions.SPATIAL)
                ? "MySQL builds it only while nobody writes"
                : null;
    }

    private static List<Attachment> attachments(
            Query query, TableName table, List<CatalogTable.Col> columns, MysqlDefinitions definitions)
            throws SQLException {
        List<Attachment> found = new ArrayList<>();
        definitions.constraints().forEach((name, definition) -> {
            boolean check = definition.startsWith("CHECK ");
            found.add(new Attachment(
                    check ? Attachment.Kind.CHECK : Attachment.Kind.FOREIGN_KEY,
                    name,
                    (check ? "check constraint " : "foreign key ") + name,
                    named(definition, columns),
                    definition,
                    null,
                    check && !definition.contains(Attachment.NOT_ENFORCED)
                            ? "MySQL copies the table to add it, while nobody writes"
                            : null,
                    null));
        });
        found.sort(Comparator.comparing(Attachment::what));
        found.addAll(query.list(
                """
                SELECT referenced_column_name, constraint_name, table_name FROM information_schema.key_column_usage
                WHERE referenced_table_schema = %s AND referenced_table_name = %s ORDER BY 2, 1""".formatted(literal(table.schema()), DB.literal(table.name())),
                row -> about(
                        Attachment.Kind.REFERENCE,
                        row.getString(1),
                        "foreign key " + row.getString(2) + " of table " + row.getString(3),
                        "it belongs to another table")));
        found.addAll(query.list(
                """
                SELECT column_name, GROUP_CONCAT(DISTINCT grantee ORDER BY grantee SEPARATOR ', ')
                FROM information_schema.column_privileges WHERE %s GROUP BY column_name ORDER BY 1""".formatted(of(table)),
                row -> about(
                        Attachment.Kind.AID,
                        row.getString(1),
                        "privileges on column " + row.getString(1),
                        "it takes the GRANT OPTION to give them to " + row.getString(2))));
        // Newer servers can keep it current by themselves.
        found.addAll(query.list("""
                SELECT column_name, CONCAT('WITH ', JSON_EXTRACT(histogram, '$."number-of-buckets-specified"'), ' BUCKETS',
                  IF(JSON_EXTRACT(histogram, '$."auto-update"') = TRUE, ' AUTO UPDATE', ''))
                FROM information_schema.column_statistics WHERE schema_name = %s AND table_name = %s ORDER BY 1""".formatted(literal(table.schema()), DB.literal(table.name())), row -> {
            String column = row.getString(1);
            String what = "histogram of column " + column;
            boolean moving = columns.stream()
                    .anyMatch(col -> col.name().equals(column) && !col.moving().isEmpty());
            return new Attachment(
                    Attachment.Kind.HISTOGRAM,
                    what,
                    what,
                    List.of(column),
                    row.getString(2),
                    null,
                    moving ? "MySQL forgets that of the new column when this gets its default in the end" : null,
                    null);
        }));
        return found;
    }

    private static Attachment about(Attachment.Kind kind, String column, String what, String never) {
        return new Attachment(kind, what, what, List.of(column), "", null, never, null);
    }

    private static List<String> named(String definition, List<CatalogTable.Col> columns) {
        Set<String> names = MysqlDefinitions.namesIn(definition);
        return columns.stream()
                .map(CatalogTable.Col::name)
                .filter(names::contains)
                .toList();
    }

    /** The dictionary quotes every name, so the names can be put in place of each other. */
    @Override
    public Map<String, String> renamed(Connection connection, CatalogTable table, String before, String after) {
        Map<String, String> renamed = new LinkedHashMap<>();
        table.indexesOn(before).stream()
                .filter(index -> index.never() == null
                        && !index.plain()
                        && !index.definition().isEmpty())
                .forEach(index ->
                        renamed.put(index.what(), MysqlDefinitions.renamed(index.definition(), before, after)));
        table.attachmentsOn(before).stream()
                .filter(part -> part.never() == null)
                .forEach(part -> renamed.put(part.what(), MysqlDefinitions.renamed(part.definition(), before, after)));
        return renamed;
    }

    private static List<CatalogTable.Trigger> triggers(Query query, TableName table) throws SQLException {
        return query.list(
                """
                SELECT trigger_name, action_statement, event_manipulation = 'UPDATE' FROM information_schema.triggers
                WHERE event_object_schema = %s AND event_object_table = %s AND NOT trigger_name REGEXP '%s'
                ORDER BY trigger_name""".formatted(literal(table.schema()), DB.literal(table.name()), OURS),
                row -> new CatalogTable.Trigger(row.getString(1), row.getString(2), row.getBoolean(3)));
    }

    private static final String OURS = "^" + Names.MYSQL_TRIGGERS + "[0-9a-f]{10}_";

    /** The dictionary does not list temporary tables, but SHOW does. */
    @Override
    public List<CatalogTable.Col> trial(Connection connection, CatalogTable like, List<String> columns)
            throws SQLException {
        Query query = new Query(connection);
        String collation = query.strings("SELECT COALESCE(MAX(table_collation), @@collation_database)"
                        + " FROM information_schema.tables WHERE table_schema = "
                        + literal(like.name().schema())
                        + " AND table_name = " + DB.literal(like.name().name()))
                .get(0);
        query.run("DROP TEMPORARY TABLE IF EXISTS " + Trial.TABLE);
        query.run(
                "CREATE TEMPORARY TABLE " + Trial.TABLE + " (" + String.join(", ", columns) + ") COLLATE " + collation);
        return query.list(
                "SHOW FULL COLUMNS FROM " + Trial.TABLE,
                row -> column(
                        row.getString("Field"),
                        type(row.getString("Type"), row.getString("Collation"), collation),
                        row.getString("Null").equals("YES"),
                        row.getString("Default"),
                        row.getString("Extra"),
                        row.getString("Comment"),
                        null));
    }

    @Override
    public boolean sameValue(Connection connection, CatalogTable.Col column, String expression) throws SQLException {
        return new Query(connection)
                .isTrue("SELECT CAST((%s) AS CHAR) <=> CAST((%s) AS CHAR)".formatted(column.initial(), expression));
    }

    /** LOCK TABLES takes those that foreign keys tie to the table. */
    @Override
    public List<TableName> lockedAlong(Connection connection, TableName table) throws SQLException {
        String schema = table.schema() == null ? "DATABASE()" : DB.literal(table.schema());
        return new Query(connection)
                .list(
                        """
                        SELECT table_schema, table_name FROM information_schema.key_column_usage
                        WHERE referenced_table_schema = %1$s AND referenced_table_name = %2$s
                        UNION SELECT referenced_table_schema, referenced_table_name
                        FROM information_schema.key_column_usage
                        WHERE table_schema = %1$s AND table_name = %2$s AND referenced_table_name IS NOT NULL""".formatted(schema, DB.literal(table.name())),
                        row -> new TableName(row.getString(1), row.getString(2)));
    }

    /** Whatever is in another schema has to name this one: it may have a table of the same name beside it. */
    @Override
    public List<Dialect.Dependent> dependents(Connection connection, CatalogTable table, String column)
            throws SQLException {
        Query query = new Query(connection);
        String quotedTable = DB.quote(table.name().name());
        String quotedColumn = DB.quote(column);
        String named = table.name().schema();
        String schema = named == null ? connection.getCatalog() : named;
        String literal = DB.literal(schema);
        List<Dialect.Dependent> found = new ArrayList<>();
        query.list("""
                SELECT CONCAT(table_schema, '.', table_name), view_definition, table_schema = %1$s
                FROM information_schema.views
                WHERE view_definition <> '' AND (table_schema = %1$s OR LOCATE(%1$s, view_definition) > 0)
                ORDER BY 1""".formatted(literal), row -> {
            String text = row.getString(2);
            return (row.getBoolean(3) || CatalogTable.mentions(text, schema))
                    && text.contains(quotedTable)
                    && text.contains(quotedColumn)
                    && found.add(new Dialect.Dependent("view " + row.getString(1), true));
        });
        query.list(
                "SELECT column_name, generation_expression FROM information_schema.columns WHERE " + of(table.name())
                        + " AND generation_expression <> '' ORDER BY 1",
                row -> row.getString(2).contains(quotedColumn)
                        && found.add(new Dialect.Dependent("generated column " + row.getString(1), true)));
        query.list("""
                SELECT CONCAT('trigger ', trigger_name), action_statement, trigger_schema = %1$s,
                  event_object_schema = %1$s AND event_object_table = %2$s, TRUE
                FROM information_schema.triggers
                WHERE NOT trigger_name REGEXP '%3$s' AND (trigger_schema = %1$s OR LOCATE(%1$s, action_statement) > 0)
                UNION ALL SELECT CONCAT(LOWER(routine_type), ' ', routine_schema, '.', routine_name), routine_definition,
                  routine_schema = %1$s, FALSE, FALSE
                FROM information_schema.routines WHERE routine_schema = %1$s OR LOCATE(%1$s, routine_definition) > 0
                UNION ALL SELECT CONCAT('event ', event_schema, '.', event_name), event_definition,
                  event_schema = %1$s, FALSE, FALSE
                FROM information_schema.events WHERE event_schema = %1$s OR LOCATE(%1$s, event_definition) > 0
                ORDER BY 1""".formatted(literal, DB.literal(table.name().name()), OURS), row -> {
            String text = row.getString(2);
            return text != null
                    && (row.getBoolean(3) || CatalogTable.mentions(text, schema))
                    && CatalogTable.mentions(text, column)
                    && (row.getBoolean(4)
                            || CatalogTable.mentions(text, table.name().name()))
                    && found.add(new Dialect.Dependent(row.getString(1), row.getBoolean(5)));
        });
        return found;
    }

    private static String of(TableName table) {
        return "table_schema = " + literal(table.schema()) + " AND table_name = " + DB.literal(table.name());
    }

    private static String literal(@Nullable String schema) {
        return schema == null ? "DATABASE()" : DB.literal(schema);
    }
}
