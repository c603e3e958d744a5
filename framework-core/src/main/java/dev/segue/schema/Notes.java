package dev.segue.schema;

import dev.segue.change.Declaration;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the registry notes of a change and the table itself cannot tell. A database without a registry has no notes. */
record Notes(Connection connection, Database database) {

    /** The table with the columns that RELAX has taken NOT NULL from. */
    static final String RELAXED = "segue_relaxed";

    /** The table with the columns that a dry run has hidden; on MySQL alone. */
    static final String HIDDEN = "segue_hidden";

    /** Whether RELAX has begun. */
    boolean relax(Declaration declaration) throws SQLException {
        return stage(declaration, "stage_relax");
    }

    /** Whether CONTRACT has begun. */
    boolean contract(Declaration declaration) throws SQLException {
        return stage(declaration, "stage_contract");
    }

    private boolean stage(Declaration declaration, String column) throws SQLException {
        return !strings(
                        "segue_change",
                        "SELECT id FROM %s WHERE id = " + literal(declaration.change()) + " AND " + column
                                + " <> 'pending'")
                .isEmpty();
    }

    /** The columns of a table that were NOT NULL before RELAX. */
    Set<String> relaxed(Declaration declaration) throws SQLException {
        return noted(RELAXED, declaration.change(), declaration.table());
    }

    /** The columns of a table that were visible before the dry run. */
    Set<String> hidden(String change, TableName table) throws SQLException {
        return noted(HIDDEN, change, table);
    }

    private Set<String> noted(String notes, String change, TableName table) throws SQLException {
        return new LinkedHashSet<>(strings(
                notes,
                "SELECT column_name FROM %s WHERE change_id = " + literal(change) + " AND site = "
                        + literal(table.toString())));
    }

    /** What a change may go on in spite of, because an operator has said so: by the key of the hold. */
    Map<String, Hold.Waiver> waived(String change) throws SQLException {
        Map<String, Hold.Waiver> waived = new HashMap<>();
        list(
                "segue_waiver",
                "SELECT waived_key, operator, " + database.epochMillis("waived_at") + " FROM %s WHERE change_id = "
                        + literal(change),
                row -> waived.put(
                        row.getString(1), new Hold.Waiver(row.getString(2), Instant.ofEpochMilli(row.getLong(3)))));
        return waived;
    }

    private String literal(String text) {
        return database.literal(text);
    }

    private List<String> strings(String table, String select) throws SQLException {
        return list(table, select, row -> row.getString(1));
    }

    private <T> List<T> list(String table, String select, Query.Row<T> each) throws SQLException {
        Query query = new Query(connection);
        String schema = Dialect.of(database).guards().registry(connection);
        boolean there = query.isTrue(
                "SELECT COUNT(*) > 0 FROM information_schema.tables WHERE table_schema = %s AND table_name = %s"
                        .formatted(literal(schema), literal(table)));
        return there
                ? query.list(
                        select.replaceFirst(
                                "%s",
                                java.util.regex.Matcher.quoteReplacement(
                                        new TableName(schema, table).quoted(database))),
                        each)
                : List.of();
    }
}
