package dev.segue.fleet;

import dev.segue.lifecycle.Participant;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Phases;
import dev.segue.lifecycle.Progress;
import dev.segue.lifecycle.Situation;
import dev.segue.lifecycle.Stage;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A change whose row this transaction has locked. */
public final class LockedRow extends LockedChange {

    private final Connection connection;
    private final RegistrySql sql;
    private final String change;
    private final String node;
    private final List<JournalLine> lines = new ArrayList<>();

    private LockedRow(
            Connection connection,
            RegistrySql sql,
            String change,
            String node,
            Situation situation,
            List<Request> requests,
            long intents,
            Progress dryRun) {
        super(situation, requests, intents, dryRun);
        this.connection = connection;
        this.sql = sql;
        this.change = change;
        this.node = node;
    }

    /** Locks the row and declares gone whose lease has run out. */
    static LockedRow lock(Connection connection, RegistrySql sql, String change, String node) throws SQLException {
        LockedRow locked;
        List<ChangeRecord.Member> lapsed = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(sql.lockChange())) {
            select.setString(1, change);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw new IllegalStateException("The registry does not know change '" + change + "'.");
                }
                List<Participant> participants = new ArrayList<>();
                for (RegistrySql.ParticipantRow found : sql.participants(connection, change)) {
                    participants.add(found.participant());
                    if (found.member().lapsed()) {
                        lapsed.add(found.member());
                    }
                }
                locked = new LockedRow(
                        connection,
                        sql,
                        change,
                        node,
                        RegistrySql.situation(row, participants),
                        RegistrySql.requests(row),
                        row.getLong("intents"),
                        RegistrySql.progress(row.getString("dry_run")));
            }
        }
        locked.lapse(lapsed);
        return locked;
    }

    private void lapse(List<ChangeRecord.Member> silent) throws SQLException {
        Situation next = situation();
        boolean any = false;
        for (ChangeRecord.Member gone : silent) {
            try (PreparedStatement update = connection.prepareStatement(sql.lapse())) {
                update.setString(1, change);
                update.setString(2, gone.node());
                update.setLong(3, gone.generation());
                update.setLong(4, gone.leaseUntil().toEpochMilli());
                // It may have renewed since it was read: then it is not gone.
                if (update.executeUpdate() == 1) {
                    journal("lapsed", gone.node(), null, "its lease ran out");
                    next = next.gone(gone.node());
                    any = true;
                }
            }
        }
        if (any) {
            save(next);
        }
    }

    /** The connection that holds the lock, for what belongs into the same transaction. */
    public Connection connection() {
        return connection;
    }

    /** The ranges of every pass under way are locked in the order of their ids before they are made void. */
    @Override
    protected void write(Situation next) throws SQLException {
        if (next.epoch() > situation().epoch()) {
            voidRanges();
        }
        for (Participant participant : next.participants()) {
            Optional<Participant> before = situation().participant(participant.node());
            if (before.isPresent() && !before.get().equals(participant)) {
                update(participant);
            }
        }
        updateChange(next);
    }

    private void voidRanges() throws SQLException {
        sql.gate().close(connection, change);
        try (PreparedStatement lock = connection.prepareStatement(RegistrySql.LOCK_OPEN_RANGES)) {
            lock.setString(1, change);
            lock.executeQuery().close();
        }
        try (PreparedStatement update = connection.prepareStatement(sql.voidOpenRanges())) {
            update.setString(1, change);
            update.executeUpdate();
        }
    }

    private void update(Participant participant) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(RegistrySql.UPDATE_PARTICIPANT)) {
            update.setString(1, participant.phase().id());
            update.setString(2, RegistrySql.text(participant.draining()));
            update.setString(3, participant.requested().id());
            update.setString(4, change);
            update.setString(5, participant.node());
            update.executeUpdate();
        }
    }

    private void updateChange(Situation next) throws SQLException {
        boolean shadowed = next.sealedNew()
                && next.participants().stream().anyMatch(p -> p.phase().isAbove(Phase.DUAL_WRITE));
        boolean allNewOnly = !next.participants().isEmpty() && next.everyoneIn(Phases.of(Phase.NEW_ONLY));
        try (PreparedStatement update = connection.prepareStatement(sql.updateChange())) {
            update.setLong(1, next.epoch());
            update.setBoolean(2, next.sealedOld());
            update.setBoolean(3, next.sealedNew());
            update.setBoolean(4, next.discards());
            update.setBoolean(5, next.guard().oldToNew());
            update.setBoolean(6, next.guard().newToOld());
            update.setString(7, next.guard().refusal().id());
            update.setBoolean(8, next.guard().vouched());
            int column = 9;
            for (Stage stage : Stage.values()) {
                update.setString(column++, next.stages().of(stage).id());
            }
            update.setBoolean(14, shadowed);
            update.setBoolean(15, next.sealedNew());
            update.setBoolean(16, allNewOnly);
            update.setString(17, change);
            update.executeUpdate();
        }
    }

    @Override
    public void register(
            NodeIdentity joining, long generation, Phase phase, Phase requested, boolean permitsDrop, Duration lease)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(sql.join())) {
            insert.setString(1, change);
            insert.setString(2, joining.node());
            insert.setLong(3, generation);
            insert.setString(4, joining.application());
            insert.setString(5, joining.version());
            insert.setString(6, phase.id());
            insert.setString(7, requested.id());
            insert.setBoolean(8, permitsDrop);
            insert.setLong(9, lease.toMillis());
            insert.setLong(10, lease.toMillis());
            insert.executeUpdate();
        }
    }

    @Override
    public boolean deregister(String leaving, long generation) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(sql.leave())) {
            update.setString(1, change);
            update.setString(2, leaving);
            update.setLong(3, generation);
            return update.executeUpdate() == 1;
        }
    }

    @Override
    protected void keep(Request.Source source, @Nullable Phase phase, @Nullable String by, @Nullable String why)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(sql.request(source))) {
            update.setString(1, phase == null ? null : phase.id());
            update.setString(2, by);
            update.setString(3, why);
            update.setString(4, change);
            update.executeUpdate();
        }
    }

    @Override
    public void abandon(boolean wanted) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(RegistrySql.ABANDON)) {
            update.setBoolean(1, wanted);
            update.setString(2, change);
            update.executeUpdate();
        }
    }

    @Override
    public void pause(@Nullable String operator) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(RegistrySql.PAUSE)) {
            update.setString(1, operator);
            update.setString(2, change);
            update.executeUpdate();
        }
    }

    @Override
    public void allowContract() throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(RegistrySql.ALLOW_CONTRACT)) {
            update.setString(1, change);
            update.executeUpdate();
        }
    }

    @Override
    protected void keepIntents(long next) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(RegistrySql.INTENTS)) {
            update.setLong(1, next);
            update.setString(2, change);
            update.executeUpdate();
        }
    }

    @Override
    protected void keepDryRun(Progress next) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(sql.dryRun())) {
            update.setString(1, next.id());
            update.setString(2, change);
            update.executeUpdate();
        }
    }

    /** Adds to the writes that the guard has caught. */
    void countHits(String writer, long writes) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(sql.countHits())) {
            update.setLong(1, writes);
            update.setString(2, writer);
            update.setString(3, change);
            update.executeUpdate();
        }
    }

    @Override
    public void journal(String what, @Nullable String from, @Nullable String to, @Nullable String why)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(sql.journal())) {
            insert.setString(1, change);
            insert.setString(2, node);
            insert.setString(3, what);
            insert.setString(4, from);
            insert.setString(5, to);
            insert.setString(6, why);
            insert.executeUpdate();
        }
        lines.add(new JournalLine(Instant.now(), change, node, what, from, to, why));
    }

    /** What has been journaled so far; nobody knows of it before the transaction has been committed. */
    List<JournalLine> lines() {
        return List.copyOf(lines);
    }
}
