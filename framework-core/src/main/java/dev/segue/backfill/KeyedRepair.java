package dev.segue.backfill;

import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.fleet.LockedRow;
import dev.segue.lifecycle.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Repairs rows of which only the keys are known, under the change's lock, so that the truth stands still meanwhile. */
final class KeyedRepair {

    private final Database database;

    KeyedRepair(Database database) {
        this.database = database;
    }

    /** Brings the side of these rows up to date from the other one. */
    Repair.Fixed fix(LockedRow locked, ColumnChange change, Site site, Side side, List<Key> keys) throws SQLException {
        Connection connection = locked.connection();
        Repair repair = Repair.of(connection, database, change, site, side, Room.ALONE);
        return inUtc(connection, site, () -> repair.fix(connection, keys));
    }

    private interface Work<T> {
        T run() throws SQLException;
    }

    /** Keys of MySQL's TIMESTAMP are texts in UTC. */
    private <T> T inUtc(Connection connection, Site site, Work<T> work) throws SQLException {
        if (database == Database.POSTGRESQL || !new KeyOrder(database, site.key()).isZoned()) {
            return work.run();
        }
        run(connection, "SET @segue_zone = @@SESSION.time_zone, SESSION time_zone = '+00:00'");
        try {
            return work.run();
        } finally {
            run(connection, "SET SESSION time_zone = @segue_zone");
        }
    }

    /** If this process is stopped from here on, the server takes the change's lock from it. */
    void bound(Connection connection) throws SQLException {
        if (database == Database.POSTGRESQL) {
            run(connection, "SET LOCAL idle_in_transaction_session_timeout = '15s'");
            run(connection, "SET LOCAL lock_timeout = '2s'");
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
