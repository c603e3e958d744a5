package dev.segue.fleet;

import dev.segue.database.Database;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Phases;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/**
 * Whether the server at the end of a connection knows what a session goes by. A lease cannot tell: it was granted by the server
 * that was there then, and a failover to a replica that lags takes registrations, moves and proofs back without a word. What a
 * server does know, it knows together with all that was committed before, the rows included.
 */
final class Recognition {

    private final Database database;

    Recognition(Database database) {
        this.database = database;
    }

    /**
     * Asks the server.
     *
     * @return whether the node is registered there, under that generation and in these phases; of a server that takes no
     *     writes, for which nobody's registration can vouch, whether the columns that are to be read are proven there
     */
    boolean isGivenBy(Connection connection, String node, long generation, Layout layout) throws SQLException {
        return isRegistered(connection, node, generation, layout)
                || (isReadOnly(connection) && isProven(connection, layout));
    }

    private static boolean isRegistered(Connection connection, String node, long generation, Layout layout)
            throws SQLException {
        Map<String, Phases> occupied = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(RegistrySql.PHASES_OF_NODE)) {
            select.setString(1, node);
            select.setLong(2, generation);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    occupied.put(row.getString("change_id"), RegistrySql.occupied(row));
                }
            }
        }
        return layout.phases().entrySet().stream()
                .allMatch(each ->
                        occupied.getOrDefault(each.getKey(), Phases.NONE).contains(each.getValue()));
    }

    private boolean isReadOnly(Connection connection) throws SQLException {
        String sql = switch (database) {
            case POSTGRESQL -> "SELECT pg_is_in_recovery()";
            case MYSQL -> "SELECT @@GLOBAL.read_only";
        };
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() && row.getBoolean(1);
        }
    }

    private static boolean isProven(Connection connection, Layout layout) throws SQLException {
        for (Map.Entry<String, Phase> each : layout.phases().entrySet()) {
            try (PreparedStatement select = connection.prepareStatement(RegistrySql.SEALS)) {
                select.setString(1, each.getKey());
                try (ResultSet row = select.executeQuery()) {
                    if (!row.next()
                            || !row.getBoolean(
                                    RegistrySql.sealed(each.getValue().reads()))) {
                        return false;
                    }
                }
            }
        }
        return true;
    }
}
