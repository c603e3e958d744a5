package dev.segue.fleet;

import dev.segue.database.Database;
import dev.segue.database.TransientErrors;
import dev.segue.lifecycle.Guard;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Situation;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store in the database: the rows of changes and participants, and the journal. The lock of a change is that of its
 * row. Every call takes a connection of its own from the data source.
 *
 * <p>Thread-safe.
 */
public final class Registry implements ChangeStore<LockedRow> {

    private static final Logger log = LoggerFactory.getLogger(Registry.class);

    private static final int TRIES = 5;

    /** PostgreSQL's and MySQL's. */
    private static final Set<String> NO_SUCH_TABLE = Set.of("42P01", "42S02");

    private final DataSource direct;
    private final Database database;
    private final String node;
    private final RegistrySql sql;
    private final Consumer<JournalLine> journaled;
    private final ServerLimits limits;

    /** A registry whose journal nobody hears. */
    public Registry(DataSource direct, Database database, String node, NodeClock clock) {
        this(direct, database, node, clock, line -> {});
    }

    /**
     * @param direct connections outside the application's pool
     * @param node the id under which this node writes the journal
     * @param clock by which it finds out that others have fallen silent
     * @param journaled is told each line that this node has written, once it is committed; on the thread that wrote it
     */
    public Registry(
            DataSource direct, Database database, String node, NodeClock clock, Consumer<JournalLine> journaled) {
        this(direct, database, node, clock, journaled, ServerLimits.DEFAULT);
    }

    Registry(
            DataSource direct,
            Database database,
            String node,
            NodeClock clock,
            Consumer<JournalLine> journaled,
            ServerLimits limits) {
        this.limits = limits;
        this.journaled = journaled;
        this.direct = direct;
        this.database = database;
        this.node = node;
        this.sql = new RegistrySql(database, new LeaseWatch(clock));
    }

    @Override
    public Optional<String> declare(String change, String definition, Kind kind, Guard.Form guard) throws SQLException {
        try (Connection connection = direct.getConnection()) {
            try (PreparedStatement insert = connection.prepareStatement(sql.declare())) {
                insert.setString(1, change);
                insert.setString(2, definition);
                insert.setString(3, kind.id());
                insert.setString(4, guard.name());
                insert.executeUpdate();
            }
            sql.gate().make(connection, change);
            try (PreparedStatement select = connection.prepareStatement(RegistrySql.DEFINITION)) {
                select.setString(1, change);
                try (ResultSet row = select.executeQuery()) {
                    row.next();
                    return Optional.of(row.getString(1)).filter(known -> !known.equals(definition));
                }
            }
        }
    }

    @Override
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

    @Override
    public <T> T underLock(String change, LockedWork<? super LockedRow, T> work) throws SQLException {
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

    private <T> T tryUnderLock(String change, LockedWork<? super LockedRow, T> work) throws SQLException {
        try (Connection connection = direct.getConnection()) {
            // What is read after the lock must be what the one before has committed.
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            connection.setAutoCommit(false);
            try {
                limits.impose(connection, database);
                LockedRow locked = LockedRow.lock(connection, sql, change, node);
                T result = work.run(locked);
                connection.commit();
                locked.lines().forEach(journaled);
                return result;
            } catch (Throwable e) {
                rollback(connection, e);
                throw e;
            } finally {
                asItWas(connection);
            }
        }
    }

    /** What was committed is committed, whatever becomes of the connection then. */
    private void asItWas(Connection connection) {
        try {
            connection.setAutoCommit(true);
            limits.lift(connection, database);
        } catch (SQLException e) {
            log.debug("A connection has ended with its transaction", e);
        }
    }

    /**
     * Whether a change has ended: its old columns are dropped, or it was abandoned and the schema is as it was. To be
     * asked by a node that knows nothing else of it; where there is no registry yet, nothing has ended.
     */
    public static boolean isOver(DataSource direct, String change) throws SQLException {
        try (Connection connection = direct.getConnection();
                PreparedStatement select = connection.prepareStatement(RegistrySql.IS_OVER)) {
            select.setString(1, change);
            try (ResultSet row = select.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        } catch (SQLException e) {
            if (NO_SUCH_TABLE.contains(String.valueOf(e.getSQLState()))) {
                return false;
            }
            throw e;
        }
    }

    /**
     * The last lines of the journal of a change, by whichever node.
     *
     * @param most how many at most
     * @return the latest first
     */
    public List<JournalLine> journal(String change, int most) throws SQLException {
        try (Connection connection = direct.getConnection();
                PreparedStatement select = connection.prepareStatement(sql.readJournal())) {
            select.setString(1, change);
            select.setInt(2, most);
            List<JournalLine> lines = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    lines.add(new JournalLine(
                            Instant.ofEpochMilli(row.getLong("at")),
                            change,
                            row.getString("node"),
                            row.getString("what"),
                            row.getString("from_value"),
                            row.getString("to_value"),
                            row.getString("why")));
                }
            }
            return lines;
        }
    }

    private static void rollback(Connection connection, Throwable cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    @Override
    public boolean recognizes(Connection connection, String by, long generation, Layout layout) throws SQLException {
        return new Recognition(database).isGivenBy(connection, by, generation, layout);
    }

    @Override
    public Renewals renewals() {
        return new JdbcRenewals(direct, sql);
    }

    private static ChangeRecord record(String change, ResultSet row, List<RegistrySql.ParticipantRow> rows)
            throws SQLException {
        Situation situation = RegistrySql.situation(
                row, rows.stream().map(RegistrySql.ParticipantRow::participant).toList());
        return new ChangeRecord(
                change,
                situation,
                RegistrySql.requests(row),
                row.getBoolean("abandoned"),
                row.getBoolean("contract_allowed"),
                row.getString("paused_by"),
                row.getBoolean("bracing"),
                since(row, "shadow_since"),
                since(row, "hold_since"),
                RegistrySql.progress(row.getString("dry_run")),
                since(row, "dry_run_since"),
                row.getLong("guard_hits"),
                row.getString("guard_last_writer"),
                since(row, "guard_last_at"),
                row.getBoolean("uncounted_hits"),
                rows.stream().map(RegistrySql.ParticipantRow::member).toList());
    }

    private static @Nullable Duration since(ResultSet row, String column) throws SQLException {
        long then = row.getLong(column);
        return row.wasNull() ? null : Duration.ofMillis(row.getLong("now") - then);
    }
}
