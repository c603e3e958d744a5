package dev.segue.fleet;

import dev.segue.database.Database;
import dev.segue.database.TransientErrors;
import dev.segue.lifecycle.Guard;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Situation;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The registry in the database: the rows of changes and participants, and the journal.
 *
 * <p>Everything that the rule decides happens in {@link #underLock}: lock the row of the change, say which leases have
 * run out, read the participants, ask the rule, write its answer, commit. All times are the database's clock.
 *
 * <p>Thread-safe; every call takes a connection of its own from the data source.
 */
public final class Registry implements ChangeLocks {

    private static final int TRIES = 5;

    private final DataSource direct;
    private final Database database;
    private final String node;
    private final RegistrySql sql;

    /**
     * @param direct connections outside the application's pool
     * @param node the id under which this node writes the journal
     */
    public Registry(DataSource direct, Database database, String node) {
        this.direct = direct;
        this.database = database;
        this.node = node;
        this.sql = new RegistrySql(database);
    }

    /**
     * Makes a change known, if it is not yet.
     *
     * @param definition what must not change while the change is under way
     * @return the definition that the registry holds already, if it is another one
     */
    public Optional<String> declare(String change, String definition, Guard.Form guard) throws SQLException {
        try (Connection connection = direct.getConnection()) {
            try (PreparedStatement insert = connection.prepareStatement(sql.declare())) {
                insert.setString(1, change);
                insert.setString(2, definition);
                insert.setString(3, guard.name());
                insert.executeUpdate();
            }
            try (PreparedStatement select = connection.prepareStatement(RegistrySql.DEFINITION)) {
                select.setString(1, change);
                try (ResultSet row = select.executeQuery()) {
                    row.next();
                    return Optional.of(row.getString(1)).filter(known -> !known.equals(definition));
                }
            }
        }
    }

    /** What is known of a change now, without a lock; empty if it has never been declared. */
    public Optional<ChangeRecord> read(String change) throws SQLException {
        try (Connection connection = direct.getConnection()) {
            List<RegistrySql.ParticipantRow> rows = sql.participants(connection, change);
            try (PreparedStatement select = connection.prepareStatement(sql.readChange())) {
                select.setString(1, change);
                try (ResultSet row = select.executeQuery()) {
                    return row.next() ? Optional.of(record(change, row, rows)) : Optional.empty();
                }
            }
        }
    }

    /**
     * Tells the whole fleet where to go. An operator's request is stronger than any configuration.
     *
     * @param phase where to go, or null to take the request back
     * @param operator who says so
     */
    public void request(String change, @Nullable Phase phase, String operator) throws SQLException {
        underLock(change, locked -> {
            String to = phase == null ? null : phase.id();
            try (PreparedStatement update = locked.connection().prepareStatement(sql.request())) {
                update.setString(1, to);
                update.setString(2, phase == null ? null : operator);
                update.setString(3, change);
                update.executeUpdate();
            }
            locked.journal("request", null, to, "by " + operator);
            return locked.situation();
        });
    }

    /** Permits the drop of the old columns, once all conditions hold. */
    public void allowContract(String change, String operator) throws SQLException {
        underLock(change, locked -> {
            try (PreparedStatement update = locked.connection().prepareStatement(RegistrySql.ALLOW_CONTRACT)) {
                update.setString(1, change);
                update.executeUpdate();
            }
            locked.journal("allow-contract", null, null, "by " + operator);
            return locked.situation();
        });
    }

    @Override
    public <T> T underLock(String change, LockedWork<T> work) throws SQLException {
        List<SQLException> failures = new ArrayList<>();
        while (true) {
            try {
                return tryUnderLock(change, work);
            } catch (SQLException e) {
                failures.forEach(e::addSuppressed);
                if (!TransientErrors.isTransient(database, e) || failures.size() + 1 == TRIES) {
                    throw e;
                }
                failures.add(e);
            }
        }
    }

    private <T> T tryUnderLock(String change, LockedWork<T> work) throws SQLException {
        try (Connection connection = direct.getConnection()) {
            // What is read after the lock must be what the one before has committed.
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            connection.setAutoCommit(false);
            try {
                JdbcLockedChange locked = JdbcLockedChange.lock(connection, sql, change, node);
                T result = work.run(locked);
                connection.commit();
                return result;
            } catch (Throwable e) {
                rollback(connection, e);
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        }
    }

    private static void rollback(Connection connection, Throwable cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    RegistrySql sql() {
        return sql;
    }

    DataSource direct() {
        return direct;
    }

    private static ChangeRecord record(String change, ResultSet row, List<RegistrySql.ParticipantRow> rows)
            throws SQLException {
        Situation situation = RegistrySql.situation(
                row, rows.stream().map(RegistrySql.ParticipantRow::participant).toList());
        return new ChangeRecord(
                change,
                situation,
                phase(row.getString("operator_request")),
                row.getString("operator_name"),
                row.getBoolean("contract_allowed"),
                row.getBoolean("bracing"),
                since(row, "shadow_since"),
                since(row, "hold_since"),
                row.getLong("guard_hits"),
                row.getString("guard_last_writer"),
                row.getBoolean("uncounted_hits"),
                rows.stream().map(RegistrySql.ParticipantRow::member).toList());
    }

    private static @Nullable Phase phase(@Nullable String id) {
        return id == null ? null : Phase.of(id).orElseThrow();
    }

    private static @Nullable Duration since(ResultSet row, String column) throws SQLException {
        long then = row.getLong(column);
        return row.wasNull() ? null : Duration.ofMillis(row.getLong("now") - then);
    }
}
