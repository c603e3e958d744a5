package dev.segue.schema;

import dev.segue.change.Declaration;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What the registry notes of a change and the table itself cannot tell. A database without a registry has no notes. */
record Notes(Connection connection, Database database) {

    /** The table with the columns that RELAX has taken NOT NULL from. */
    static final String RELAXED = "segue_relaxed";

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
        return new LinkedHashSet<>(strings(
                RELAXED,
                "SELECT column_name FROM %s WHERE change_id = " + literal(declaration.change()) + " AND site = "
                        + literal(declaration.table().toString())));
    }

    /** The keys of what a change may go on in spite of, because an operator has said so. */
    Set<String> waived(String change) throws SQLException {
        return new LinkedHashSet<>(
                strings("segue_waiver", "SELECT waived_key FROM %s WHERE change_id = " + literal(change)));
    }

    private String literal(String text) {
        return database.literal(text);
    }

    private List<String> strings(String table, String select) throws SQLException {
        Query query = new Query(connection);
        String schema = Dialect.of(database).guards().registry(connection);
        boolean there = query.isTrue(
                "SELECT COUNT(*) > 0 FROM information_schema.tables WHERE table_schema = %s AND table_name = %s"
                        .formatted(literal(schema), literal(table)));
        return there
                ? query.strings(select.replaceFirst(
                        "%s", java.util.regex.Matcher.quoteReplacement(new TableName(schema, table).quoted(database))))
                : List.of();
    }
}
