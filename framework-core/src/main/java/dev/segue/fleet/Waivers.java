package dev.segue.fleet;

import dev.segue.database.Database;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** What an operator lets changes go on in spite of, each thing by its key. Thread-safe. */
public final class Waivers {

    private final Database database;
    private final Registry registry;

    public Waivers(Database database, Registry registry) {
        this.database = database;
        this.registry = registry;
    }

    /**
     * Lets a change go on in spite of one thing that holds it.
     *
     * @param key what is waived; waiving it again changes nothing
     */
    public void waive(String change, String key, String operator) throws SQLException {
        String insert = switch (database) {
            case POSTGRESQL ->
                "INSERT INTO segue_waiver (change_id, waived_key, operator, waived_at) VALUES (?, ?, ?, %s) ON CONFLICT DO NOTHING";
            case MYSQL ->
                "INSERT IGNORE INTO segue_waiver (change_id, waived_key, operator, waived_at) VALUES (?, ?, ?, %s)";
        };
        registry.underLock(change, locked -> {
            try (PreparedStatement statement =
                    locked.connection().prepareStatement(insert.formatted(database.clock()))) {
                statement.setString(1, change);
                statement.setString(2, key);
                statement.setString(3, operator);
                if (statement.executeUpdate() == 1) {
                    locked.journal("waive", null, null, key + ", by " + operator);
                }
            }
            return locked.situation();
        });
    }
}
