package dev.segue.schema;

import dev.segue.change.Column;
import dev.segue.database.Database;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a BEFORE trigger does on MySQL before it lets a statement fail. If a mandatory column that was omitted is still NULL
 * by then, the server (seen with 8.0.31) remembers that in the table it shares with other statements, and a later UPDATE
 * that gives the column a value fails with "Column cannot be null", also one of somebody else. So the columns get some
 * value, which is never stored.
 */
final class MysqlFailure {

    private static final List<String> TEXTS = List.of("char", "varchar", "tinytext", "text", "mediumtext", "longtext");
    private static final List<String> BYTES =
            List.of("binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob", "set");
    private static final List<String> NUMBERS = List.of(
            "tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "numeric", "float", "double", "bit");
    private static final Map<String, String> OTHERS =
            Map.of("time", "'00:00:00'", "year", "2000", "enum", "1", "json", "'{}'");
    private static final List<String> DATES = List.of("date", "datetime", "timestamp");

    private MysqlFailure() {}

    /** Statements that leave none of these columns NULL; nothing for types that have no simple value. */
    static String prepared(List<Column> columns) {
        StringBuilder body = new StringBuilder();
        for (Column column : columns) {
            some(column.type())
                    .ifPresent(value ->
                            body.append("SET NEW.%s = %s; ".formatted(Database.MYSQL.quote(column.name()), value)));
        }
        return body.toString();
    }

    private static Optional<String> some(String type) {
        String name = type.toLowerCase(Locale.ROOT).split("[ (]", 2)[0];
        if (TEXTS.contains(name) || BYTES.contains(name)) {
            return Optional.of("''");
        }
        if (NUMBERS.contains(name)) {
            return Optional.of("0");
        }
        if (DATES.contains(name)) {
            return Optional.of("'2000-01-01'");
        }
        return Optional.ofNullable(OTHERS.get(name));
    }
}
