package dev.segue.watch;

import dev.segue.change.Column;
import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Asks a database by which indexes it can run a statement, without its values and without running it.
 *
 * <p>Small tables are read in full whatever indexes there are, and statistics of a new column come late. So the question is
 * not what the planner prefers now but which index can serve: PostgreSQL plans for any value and is told to avoid full
 * scans; MySQL, which plans for given values only, tells the possible indexes as well. For one thread.
 */
final class Explain {

    private static final int TIMEOUT_SECONDS = 2;

    /** An index of a plan, and whether it is looked into rather than read in full. */
    private static final Pattern INDEX =
            Pattern.compile("\"Index Name\": \"((?:[^\"\\\\]|\\\\.)*)\"([^{}]*?\"Index Cond\")?");

    /**
     * What serves a statement.
     *
     * @param indexes by name
     * @param constant whether it is one row at most, looked up by a unique index that is not named
     */
    record Access(Set<String> indexes, boolean constant) {

        /** Whether one of these indexes does, as far as that can be told. */
        boolean isBy(Collection<String> some) {
            return constant || some.stream().anyMatch(indexes::contains);
        }
    }

    private final Connection connection;
    private final Database database;

    Explain(Connection connection, Database database) {
        this.connection = connection;
        this.database = database;
    }

    /**
     * @param tables what stands for the tables of interest in the statement
     * @param sorts whether an index may also serve by its order; else one that is read in full does not
     */
    Access explain(String sql, Set<String> tables, boolean sorts) throws SQLException {
        return switch (database) {
            case POSTGRESQL -> postgres(sql, sorts);
            case MYSQL -> mysql(sql, tables, sorts);
        };
    }

    private Access postgres(String sql, boolean sorts) throws SQLException {
        int parameters = parameters(sql);
        String values = IntStream.range(0, parameters).mapToObj(i -> "NULL").collect(Collectors.joining(", "));
        Set<String> indexes = new HashSet<>();
        boolean prepared = false;
        connection.setAutoCommit(false);
        try (Statement statement = statement()) {
            statement.execute("SET TRANSACTION READ ONLY");
            statement.execute("SET LOCAL lock_timeout = '500ms'");
            statement.execute("SET LOCAL plan_cache_mode = force_generic_plan");
            statement.execute("SET LOCAL enable_seqscan = off");
            statement.execute("PREPARE segue_explained AS " + sql);
            prepared = true;
            try (ResultSet plan = statement.executeQuery(
                    "EXPLAIN (FORMAT JSON) EXECUTE segue_explained" + (parameters == 0 ? "" : "(" + values + ")"))) {
                plan.next();
                Matcher found = INDEX.matcher(plan.getString(1));
                while (found.find()) {
                    if (sorts || found.group(2) != null) {
                        indexes.add(found.group(1).replaceAll("\\\\(.)", "$1"));
                    }
                }
            }
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
            if (prepared) {
                // It belongs to the session, not to the transaction.
                try (Statement statement = statement()) {
                    statement.execute("DEALLOCATE segue_explained");
                }
            }
        }
        return new Access(indexes, false);
    }

    /** The highest number of a parameter: each is there. */
    private static int parameters(String sql) {
        return (int) Pattern.compile("\\$[0-9]+").matcher(sql).results().count();
    }

    private Access mysql(String sql, Set<String> tables, boolean sorts) throws SQLException {
        Set<String> indexes = new HashSet<>();
        boolean constant = false;
        try (Statement statement = statement();
                ResultSet plan = statement.executeQuery("EXPLAIN FORMAT=TRADITIONAL " + sql)) {
            while (plan.next()) {
                String table = plan.getString("table");
                String extra = plan.getString("Extra");
                constant |= table == null && extra != null && extra.startsWith("no matching row in const table");
                if (table != null && tables.contains(table.toLowerCase(Locale.ROOT))) {
                    add(indexes, plan.getString("possible_keys"));
                    if (sorts || !"index".equals(plan.getString("type"))) {
                        add(indexes, plan.getString("key"));
                    }
                }
            }
        }
        return new Access(indexes, constant);
    }

    private static void add(Set<String> indexes, @Nullable String names) {
        if (names != null) {
            indexes.addAll(List.of(names.split(",")));
        }
    }

    /** The indexes of the tables of a change that have a column of that side in them, also in an expression. */
    Set<String> indexes(ColumnChange change, Function<Site, List<Column>> side) throws SQLException {
        Set<String> indexes = new HashSet<>();
        for (Site site : change.sites()) {
            for (Column column : side.apply(site)) {
                indexes.addAll(indexes(site, column.name()));
            }
        }
        return indexes;
    }

    private Set<String> indexes(Site site, String column) throws SQLException {
        String sql = switch (database) {
            case POSTGRESQL -> """
                    SELECT i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
                    JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attname = ?
                    WHERE x.indrelid = to_regclass(?) AND x.indisvalid AND (a.attnum = ANY (x.indkey) OR EXISTS (
                        SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = x.indexrelid
                        AND d.refclassid = 'pg_class'::regclass AND d.refobjid = x.indrelid AND d.refobjsubid = a.attnum))""";
            case MYSQL -> """
                    SELECT DISTINCT index_name FROM information_schema.statistics
                    WHERE (column_name = ? OR expression LIKE ? ESCAPE '!') AND is_visible = 'YES'
                    AND table_name = ? AND table_schema = COALESCE(?, DATABASE())""";
        };
        Set<String> names = new HashSet<>();
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setQueryTimeout(TIMEOUT_SECONDS);
            select.setString(1, column);
            if (database == Database.POSTGRESQL) {
                select.setString(2, site.table().quoted(database));
            } else {
                select.setString(2, "%`" + column.replaceAll("([!%_])", "!$1") + "`%");
                select.setString(3, site.table().name());
                select.setString(4, site.table().schema());
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    names.add(row.getString(1));
                }
            }
        }
        return names;
    }

    private Statement statement() throws SQLException {
        Statement statement = connection.createStatement();
        statement.setQueryTimeout(TIMEOUT_SECONDS);
        return statement;
    }
}
