package dev.segue.live;

import dev.segue.fleet.LeaseLostException;
import dev.segue.fleet.Permit;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Side;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One transaction of a node, in one phase and under one permit, as Hibernate would have it. */
final class LiveSession {

    final LiveNode node;
    final Phase phase;
    final Permit permit;
    private final Connection connection;
    private final LiveTables tables;
    private final Map<Long, String> written = new HashMap<>();

    /** What it has read that would be wrong if it counted. */
    private final List<String> wrong = new ArrayList<>();

    private boolean touched;

    LiveSession(LiveNode node, Phase phase, Permit permit, Connection connection, LiveTables tables)
            throws SQLException {
        this.node = node;
        this.phase = phase;
        this.permit = permit;
        this.connection = connection;
        this.tables = tables;
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        connection.setAutoCommit(false);
        node.sessions.add(this);
    }

    /** Whether it has locks on the table. */
    boolean hasTouched() {
        return touched;
    }

    boolean hasWritten(long id) {
        return written.containsKey(id);
    }

    void read(long id, @Nullable String committed) throws SQLException {
        touched = true;
        String value = written.getOrDefault(id, committed);
        String expected = value == null ? null : tables.held(phase.reads(), value);
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT " + LiveTables.column(phase.reads()) + " FROM " + tables.of(id) + " WHERE id = ?")) {
            select.setLong(1, id);
            try (ResultSet row = select.executeQuery()) {
                String found = row.next() ? row.getString(1) : null;
                if (expected == null ? found != null : !expected.equals(found)) {
                    wrong.add(node.name + " in " + phase.id() + " read '" + found + "' of row " + id + ", which is '"
                            + expected + "'");
                }
            }
        }
    }

    void update(long id, String value) throws SQLException {
        touched = true;
        List<Side> sides = writtenSides();
        String assignments =
                sides.stream().map(side -> LiveTables.column(side) + " = ?").collect(Collectors.joining(", "));
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE " + tables.of(id) + " SET " + assignments + " WHERE id = ?")) {
            for (int i = 0; i < sides.size(); i++) {
                update.setString(i + 1, tables.held(sides.get(i), value));
            }
            update.setLong(sides.size() + 1, id);
            update.executeUpdate();
        }
        written.put(id, value);
    }

    void insert(long id, String value) throws SQLException {
        touched = true;
        List<Side> sides = writtenSides();
        String columns = sides.stream().map(LiveTables::column).collect(Collectors.joining(", "));
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + tables.of(id) + " (id, " + columns
                + ") VALUES (?" + ", ?".repeat(sides.size()) + ")")) {
            insert.setLong(1, id);
            for (int i = 0; i < sides.size(); i++) {
                insert.setString(i + 2, tables.held(sides.get(i), value));
            }
            insert.executeUpdate();
        }
        written.put(id, value);
    }

    private List<Side> writtenSides() {
        return Arrays.stream(Side.values()).filter(phase::writes).toList();
    }

    /** Whether a commit would be allowed now; asked in the transaction itself. */
    boolean mayCommit() throws SQLException {
        try {
            permit.confirm(connection);
            return true;
        } catch (LeaseLostException e) {
            return false;
        }
    }

    /** Ends the transaction and gives what it has committed. */
    Map<Long, String> end(boolean commit) throws SQLException {
        node.sessions.remove(this);
        try (connection) {
            if (commit) {
                connection.commit();
            } else {
                connection.rollback();
            }
            connection.setAutoCommit(true);
        }
        return commit ? written : Map.of();
    }

    List<String> wrong() {
        return wrong;
    }
}
