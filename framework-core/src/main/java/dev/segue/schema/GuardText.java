package dev.segue.schema;

import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether the guard that stands is the one that was planned: with the conversion as it is now, and not that of an older
 * script.
 *
 * @param made how the guard's code is made: its quoted name, and its body
 * @param standing a query of names and bodies, of those whose name begins in a certain way
 */
record GuardText(Database database, Pattern made, String standing) {

    private static final String EACH_ROW = " FOR EACH ROW";

    static GuardText of(Database database) {
        return switch (database) {
            case POSTGRESQL ->
                new GuardText(
                        database,
                        Pattern.compile(
                                "^CREATE OR REPLACE FUNCTION (.+?)\\(\\) RETURNS .*? AS (\\$\\w+\\$)(.*)\\2$",
                                Pattern.DOTALL),
                        "SELECT format('\"%%s\".\"%%s\"', n.nspname, p.proname), p.prosrc FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
                                + " WHERE starts_with(p.proname, %s) AND n.nspname = COALESCE(%s, current_schema())");
            case MYSQL ->
                new GuardText(
                        database,
                        Pattern.compile(
                                "^CREATE TRIGGER (.+?) (BEFORE|AFTER) .*? FOR EACH ROW\\s(.*)$", Pattern.DOTALL),
                        "SELECT CONCAT('`', trigger_schema, '`.`', trigger_name, '`'), NULL FROM information_schema.triggers"
                                + " WHERE LOCATE(%s, trigger_name) = 1 AND trigger_schema = COALESCE(%s, DATABASE())");
        };
    }

    /** What differs, in words. */
    List<String> differing(Connection connection, ColumnChange change, List<Step> planned, OwnSchema own)
            throws SQLException {
        List<String> differing = new ArrayList<>();
        Map<String, Essence> found = standing(connection, change, own);
        for (Step step : planned) {
            for (String sql : step.sql()) {
                Matcher parts = made.matcher(sql);
                if (parts.find()) {
                    String name = parts.group(1);
                    found.forEach((other, body) -> {
                        if (name.equals(other) && !body.equals(own.essence(parts.group(3)))) {
                            differing.add(parts.group(1) + " does not do what Segue would have it do");
                        }
                    });
                }
            }
        }
        return differing;
    }

    private String schema(@Nullable String schema) {
        return schema == null ? "NULL" : database.literal(schema);
    }

    private Map<String, Essence> standing(Connection connection, ColumnChange change, OwnSchema own)
            throws SQLException {
        Map<String, Essence> found = new LinkedHashMap<>();
        for (Site site : change.sites()) {
            Map<String, String> names = new LinkedHashMap<>();
            new Query(connection)
                    .list(
                            standing.formatted(
                                    database.literal(Names.ofSite(change, site)),
                                    schema(site.table().schema())),
                            row -> names.put(row.getString(1), String.valueOf(row.getString(2))));
            for (Map.Entry<String, String> one : names.entrySet()) {
                found.put(one.getKey(), own.essence(body(connection, one.getKey(), one.getValue())));
            }
        }
        return found;
    }

    /** MySQL's tables print literals in another way than they were written; SHOW does not. */
    private String body(Connection connection, String name, String body) throws SQLException {
        if (database == Database.POSTGRESQL) {
            return body;
        }
        String statement = new Query(connection)
                .list("SHOW CREATE TRIGGER " + name, row -> row.getString("SQL Original Statement"))
                .get(0);
        return statement.substring(statement.indexOf(EACH_ROW) + EACH_ROW.length());
    }
}
