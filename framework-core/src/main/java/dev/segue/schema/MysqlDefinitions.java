package dev.segue.schema;

import dev.segue.database.Database;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Indexes and constraints as {@code SHOW CREATE TABLE} prints them: one to a line, with every name in backquotes. That is
 * all there is to say of them, which the information schema does not hold in full.
 *
 * @param indexes what stands after the name, with the kind before it if it is not the usual one
 * @param constraints what stands after the name
 */
record MysqlDefinitions(Map<String, String> indexes, Map<String, String> constraints) {

    static final String FULLTEXT = "FULLTEXT ";

    static final String SPATIAL = "SPATIAL ";

    private static final String NAME = "`((?:[^`]|``)+)`";

    private static final Pattern INDEX = Pattern.compile("\\s*(UNIQUE |FULLTEXT |SPATIAL |)KEY " + NAME + " (.*?),?");

    private static final Pattern CONSTRAINT = Pattern.compile("\\s*CONSTRAINT " + NAME + " (.*?),?");

    private static final Pattern ON_UPDATE = Pattern.compile("ON UPDATE (CASCADE|SET NULL|SET DEFAULT)");

    private static final Pattern ON_DELETE = Pattern.compile("ON DELETE SET");

    static MysqlDefinitions of(Query query, String quotedTable) throws SQLException {
        List<String> create = query.list("SHOW CREATE TABLE " + quotedTable, row -> row.getString(2));
        Map<String, String> indexes = new HashMap<>();
        Map<String, String> constraints = new HashMap<>();
        create.get(0).lines().forEach(line -> {
            Matcher index = INDEX.matcher(line);
            Matcher constraint = CONSTRAINT.matcher(line);
            if (index.matches()) {
                String kind = index.group(1).equals("UNIQUE ") ? "" : index.group(1);
                indexes.put(unquoted(index.group(2)), kind + index.group(3));
            } else if (constraint.matches()) {
                constraints.put(unquoted(constraint.group(1)), constraint.group(2));
            }
        });
        return new MysqlDefinitions(indexes, constraints);
    }

    private static String unquoted(String name) {
        return name.replace("``", "`");
    }

    /** The same, of another column; of a foreign key the columns that it refers to stay. */
    static String renamed(String definition, String before, String after) {
        String own = own(definition);
        String from = Database.MYSQL.quote(before);
        String to = Database.MYSQL.quote(after);
        return names(own, name -> name.equals(from) ? to : name) + definition.substring(own.length());
    }

    /** Whether the foreign key writes the columns that it is on when those that it refers to change. */
    static boolean writesSilently(String definition) {
        return movesSilently(definition) || acts(definition, ON_DELETE);
    }

    /** Whether it does when those that it refers to get another key. */
    static boolean movesSilently(String definition) {
        return acts(definition, ON_UPDATE);
    }

    private static boolean acts(String definition, Pattern action) {
        int actions = definition.startsWith("FOREIGN KEY (`") ? definition.lastIndexOf(" REFERENCES ") : -1;
        return actions >= 0 && action.matcher(definition).find(actions);
    }

    /** The names in it, unquoted; what stands in a text is none. Of a foreign key its own columns. */
    static Set<String> namesIn(String definition) {
        Set<String> found = new HashSet<>();
        names(own(definition), name -> {
            found.add(unquoted(name.substring(1, name.length() - 1)));
            return name;
        });
        return found;
    }

    private static String own(String definition) {
        int references = definition.startsWith("FOREIGN KEY ") ? definition.indexOf(") REFERENCES ") : -1;
        return references < 0 ? definition : definition.substring(0, references);
    }

    /** Every quoted name in place, but not within a text. */
    private static String names(String sql, UnaryOperator<String> name) {
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (at < sql.length()) {
            char c = sql.charAt(at);
            int end = c == '`' || c == '\'' ? end(sql, at) : at + 1;
            String part = sql.substring(at, end);
            out.append(c == '`' ? name.apply(part) : part);
            at = end;
        }
        return out.toString();
    }

    /** After the quote that ends what begins there. */
    private static int end(String sql, int start) {
        char quote = sql.charAt(start);
        int at = start + 1;
        while (at < sql.length()) {
            char c = sql.charAt(at);
            if (c == '\\' && quote == '\'') {
                at += 2;
            } else if (c == quote) {
                if (at + 1 < sql.length() && sql.charAt(at + 1) == quote) {
                    at += 2;
                } else {
                    return at + 1;
                }
            } else {
                at++;
            }
        }
        return sql.length();
    }
}
