package dev.segue.schema;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What {@code SHOW GRANTS} says of the session's user and the roles that are active in it. */
record MysqlGrants(String user, List<Grant> all) {

    private static final Pattern LINE = Pattern.compile("^GRANT (.+) ON (.+) TO .+$");
    private static final Pattern SCOPE =
            Pattern.compile("^(?:TABLE )?(?:\\*|`((?:[^`]|``)+)`)\\.(?:\\*|`((?:[^`]|``)+)`)$");
    private static final Pattern REVOKED = Pattern.compile("^REVOKE (.+) ON (.+) FROM .+$");

    /**
     * @param schema a pattern, or null for all
     * @param table null for all
     * @param given false if a partial revoke takes them away
     */
    private record Grant(
            List<String> privileges,
            @Nullable String schema,
            @Nullable String table,
            boolean given) {

        boolean covers(@Nullable String aSchema, @Nullable String aTable) {
            return (schema == null || (aSchema != null && matches(schema, aSchema)))
                    && (table == null || table.equals(aTable));
        }

        /** In a grant of a whole database, {@code %} and {@code _} stand for others unless they are escaped. */
        private boolean matches(String pattern, String name) {
            if (table != null) {
                return pattern.equals(name);
            }
            StringBuilder expression = new StringBuilder();
            for (int i = 0; i < pattern.length(); i++) {
                char c = pattern.charAt(i);
                if (c == '\\' && i + 1 < pattern.length()) {
                    i++;
                    expression.append(Pattern.quote(pattern.substring(i, i + 1)));
                } else {
                    expression.append(c == '%' ? ".*" : c == '_' ? "." : Pattern.quote(String.valueOf(c)));
                }
            }
            return name.matches(expression.toString());
        }

        boolean names(String privilege) {
            return privileges.contains(privilege) || privileges.contains("ALL PRIVILEGES");
        }
    }

    static MysqlGrants of(Connection connection) throws SQLException {
        Query query = new Query(connection);
        String user = query.strings("SELECT CONCAT(QUOTE(SUBSTRING_INDEX(CURRENT_USER(), '@', 1)), '@',"
                        + " QUOTE(SUBSTRING_INDEX(CURRENT_USER(), '@', -1)))")
                .get(0);
        String roles = query.strings("SELECT CURRENT_ROLE()").get(0);
        List<Grant> all = new ArrayList<>();
        for (String line :
                query.strings("SHOW GRANTS FOR CURRENT_USER()" + (roles.equals("NONE") ? "" : " USING " + roles))) {
            add(all, LINE.matcher(line), true);
            add(all, REVOKED.matcher(line), false);
        }
        return new MysqlGrants(user, all);
    }

    private static void add(List<Grant> all, Matcher line, boolean given) {
        if (!line.find()) {
            return;
        }
        Matcher scope = SCOPE.matcher(line.group(2));
        if (scope.find()) {
            // Rights on single columns count as such on the table: the application may have been given no others.
            List<String> privileges = Arrays.stream(
                            line.group(1).replaceAll(" \\([^)]*\\)", "").split(", "))
                    .toList();
            all.add(new Grant(privileges, unquoted(scope.group(1)), unquoted(scope.group(2)), given));
        }
    }

    private static @Nullable String unquoted(@Nullable String name) {
        return name == null ? null : name.replace("``", "`");
    }

    /**
     * @param schema null for a right on the server
     * @param table empty for a right on the whole schema
     */
    boolean gives(String privilege, @Nullable String schema, @Nullable String table) {
        return all.stream().anyMatch(grant -> grant.given() && grant.names(privilege) && grant.covers(schema, table))
                && all.stream()
                        .noneMatch(grant -> !grant.given()
                                && grant.schema() != null
                                && grant.names(privilege)
                                && grant.covers(schema, table)
                                && isOnlyGlobal(privilege, schema, table));
    }

    /** A partial revoke takes from what was granted for all schemas, not from what was granted for this one. */
    private boolean isOnlyGlobal(String privilege, @Nullable String schema, @Nullable String table) {
        return all.stream()
                .filter(grant -> grant.given() && grant.names(privilege) && grant.covers(schema, table))
                .allMatch(grant -> grant.schema() == null);
    }
}
