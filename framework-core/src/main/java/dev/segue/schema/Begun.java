package dev.segue.schema;

import dev.segue.change.Declaration;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Whether a stage has begun, by the registry: what the table itself cannot tell where a change has no new columns. A
 * database without a registry has begun nothing.
 */
record Begun(Connection connection, Database database) {

    boolean relax(Declaration declaration) throws SQLException {
        return stage(declaration, "stage_relax");
    }

    boolean contract(Declaration declaration) throws SQLException {
        return stage(declaration, "stage_contract");
    }

    private boolean stage(Declaration declaration, String column) throws SQLException {
        Query query = new Query(connection);
        String schema = Dialect.of(database).guards().registry(connection);
        TableName changes = new TableName(schema, "segue_change");
        boolean there = query.isTrue(
                "SELECT COUNT(*) > 0 FROM information_schema.tables WHERE table_schema = %s AND table_name = %s"
                        .formatted(database.literal(schema), database.literal(changes.name())));
        return there
                && query.isTrue("SELECT COUNT(*) > 0 FROM %s WHERE id = %s AND %s <> 'pending'"
                        .formatted(changes.quoted(database), database.literal(declaration.change()), column));
    }
}
