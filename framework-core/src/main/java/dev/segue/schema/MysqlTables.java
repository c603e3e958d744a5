package dev.segue.schema;

import dev.segue.change.Column;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
        List<CatalogTable.Index> all = indexes(query, full, columns);
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
                attachments(query, full, columns),
                triggers(query, full),
                missing));
    }

    private static List<CatalogTable.Col> columns(Query query, TableName table, String tableCollation)
            throws SQLException {
        return query.list("""
                SELECT column_name, column_type, collation_name, is_nullable = 'YES', column_default, extra, column_comment
                FROM information_schema.columns WHERE %s ORDER BY ordinal_position""".formatted(of(table)), row -> column(row, tableCollation));
    }

    private static CatalogTable.Col column(ResultSet row, String tableCollation) throws SQLException {
        return column(
                row.getString(1),
                type(row.getString(2), row.getString(3), tableCollation),
                row.getBoolean(4),
                row.getString(5),
                row.getString(6),
                row.getString(7));
    }

    /** A collation says its character set by its name. */
    private static String type(String type, @Nullable String collation, String tableCollation) {
        return collation == null || collation.equals(tableCollation)
                ? type
                : type + " CHARACTER SET " + collation.replaceFirst("_.*", "") + " COLLATE " + collation;
    }

    private static CatalogTable.Col column(
            String name, String type, boolean nullable, @Nullable String printed, String extras, String comment) {
        String extra = extras.toUpperCase(Locale.ROOT);
        boolean constant = !extra.contains("DEFAULT_GENERATED");
        String initial = initial(printed, constant);
        StringBuilder definition = new StringBuilder();
        if (initial != null) {
            definition.append(" DEFAULT ").append(initial);
        }
        int onUpdate = extra.indexOf("ON UPDATE ");
        if (onUpdate >= 0) {
            definition.append(' ').append(extra.substring(onUpdate));
        }
        if (extra.contains("INVISIBLE")) {
            definition.append(" INVISIBLE");
        }
        if (!comment.isEmpty()) {
            definition.append(" COMMENT ").append(DB.literal(comment));
        }
        return new CatalogTable.Col(
                new Column(name, type, !nullable),
                extra.contains("VIRTUAL GENERATED")
                        || extra.contains("STORED GENERATED")
                        || extra.contains("AUTO_INCREMENT"),
                initial,
                constant,
                definition.toString(),
                false);
    }

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
        return printed.startsWith("b'") || printed.startsWith("0x") ? printed : DB.literal(printed);
    }

    private record Part(
            String index,
            boolean unique,
            @Nullable String column,
            boolean plain,
            @Nullable String expression,
            String options) {}

    private static List<CatalogTable.Index> indexes(Query query, TableName table, List<CatalogTable.Col> columns)
            throws SQLException {
        Map<String, List<Part>> byName = new LinkedHashMap<>();
        query.list(
                """
                SELECT index_name, non_unique = 0, column_name, expression,
                  expression IS NULL AND index_type = 'BTREE' AND is_visible = 'YES',
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
        return byName.values().stream().map(parts -> index(parts, columns)).toList();
    }

    private static CatalogTable.Index index(List<Part> parts, List<CatalogTable.Col> columns) {
        List<CatalogTable.Key> keys = new ArrayList<>();
        List<String> uses = new ArrayList<>();
        for (Part part : parts) {
            String column = part.column();
            String expression = part.expression();
            if (column != null) {
                keys.add(new CatalogTable.Key(column, part.options()));
                uses.add(column);
            } else if (expression != null) {
                columns.stream()
                        .map(CatalogTable.Col::name)
                        .filter(name -> expression.contains(DB.quote(name)))
                        .forEach(uses::add);
            }
        }
        Part first = parts.get(0);
        return new CatalogTable.Index(
                first.index(), first.unique(), true, parts.stream().allMatch(Part::plain), keys, uses);
    }

    private static List<CatalogTable.Attachment> attachments(
            Query query, TableName table, List<CatalogTable.Col> columns) throws SQLException {
        List<CatalogTable.Attachment> found = new ArrayList<>(query.list(
                """
                SELECT column_name, CONCAT('foreign key ', constraint_name) FROM information_schema.key_column_usage
                WHERE %s AND referenced_table_name IS NOT NULL
                UNION SELECT referenced_column_name, CONCAT('foreign key ', constraint_name, ' of table ', table_name)
                FROM information_schema.key_column_usage
                WHERE referenced_table_schema = %s AND referenced_table_name = %s""".formatted(of(table), literal(table.schema()), DB.literal(table.name())),
                row -> new CatalogTable.Attachment(row.getString(1), row.getString(2))));
        query.list("""
                SELECT c.constraint_name, c.check_clause FROM information_schema.check_constraints c
                JOIN information_schema.table_constraints t ON t.constraint_schema = c.constraint_schema
                AND t.constraint_name = c.constraint_name AND t.constraint_type = 'CHECK'
                WHERE t.table_schema = %s AND t.table_name = %s""".formatted(literal(table.schema()), DB.literal(table.name())), row -> {
            String name = row.getString(1);
            String clause = row.getString(2);
            columns.stream()
                    .filter(column -> clause.contains(DB.quote(column.name())))
                    .forEach(column ->
                            found.add(new CatalogTable.Attachment(column.name(), "check constraint " + name)));
            return name;
        });
        return found;
    }

    private static List<CatalogTable.Trigger> triggers(Query query, TableName table) throws SQLException {
        return query.list(
                """
                SELECT trigger_name, action_statement FROM information_schema.triggers
                WHERE event_object_schema = %s AND event_object_table = %s AND NOT trigger_name REGEXP '%s'
                ORDER BY trigger_name""".formatted(literal(table.schema()), DB.literal(table.name()), OURS),
                row -> new CatalogTable.Trigger(row.getString(1), row.getString(2)));
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
                        row.getString("Comment")));
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

    @Override
    public List<String> dependents(Connection connection, CatalogTable table, String column) throws SQLException {
        Query query = new Query(connection);
        String quotedTable = DB.quote(table.name().name());
        String quotedColumn = DB.quote(column);
        List<String> found = new ArrayList<>();
        query.list(
                "SELECT CONCAT(table_schema, '.', table_name), view_definition FROM information_schema.views"
                        + " WHERE view_definition <> '' ORDER BY 1",
                row -> {
                    String text = row.getString(2);
                    return text.contains(quotedTable)
                            && text.contains(quotedColumn)
                            && found.add("view " + row.getString(1));
                });
        query.list(
                "SELECT column_name, generation_expression FROM information_schema.columns WHERE " + of(table.name())
                        + " AND generation_expression <> '' ORDER BY 1",
                row -> row.getString(2).contains(quotedColumn) && found.add("generated column " + row.getString(1)));
        query.list(
                """
                SELECT trigger_name, action_statement, event_object_schema = %s AND event_object_table = %s
                FROM information_schema.triggers WHERE NOT trigger_name REGEXP '%s' ORDER BY trigger_name""".formatted(
                        literal(table.name().schema()), DB.literal(table.name().name()), OURS),
                row -> {
                    String text = row.getString(2);
                    return CatalogTable.mentions(text, column)
                            && (row.getBoolean(3)
                                    || CatalogTable.mentions(text, table.name().name()))
                            && found.add("trigger " + row.getString(1));
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
