package dev.segue.fleet;

import dev.segue.database.Database;
import dev.segue.lifecycle.Guard;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Participant;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Phases;
import dev.segue.lifecycle.Progress;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Situation;
import dev.segue.lifecycle.Stages;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The statements of the registry, and how its rows become values. */
final class RegistrySql {

    static final String DEFINITION = "SELECT definition FROM segue_change WHERE id = ?";

    static final String IS_OVER = "SELECT stage_contract = 'done' OR (abandoned AND stage_expand = 'pending')"
            + " FROM segue_change WHERE id = ?";

    static final String ABANDON = "UPDATE segue_change SET abandoned = ? WHERE id = ?";

    static final String ALLOW_CONTRACT = "UPDATE segue_change SET contract_allowed = true WHERE id = ?";

    static final String INTENTS = "UPDATE segue_change SET intents = ? WHERE id = ?";

    static final String PAUSE = "UPDATE segue_change SET paused_by = ? WHERE id = ?";

    static final String BRACING = "UPDATE segue_change SET bracing = ? WHERE id = ?";

    static final String BRACED =
            "UPDATE segue_participant SET braced = ? WHERE change_id = ? AND node = ? AND state = 'live'";

    static final String LOCK_OPEN_RANGES =
            "SELECT id FROM segue_range WHERE change_id = ? AND state = 'open' ORDER BY id FOR UPDATE";

    static final String UPDATE_PARTICIPANT =
            "UPDATE segue_participant SET phase = ?, draining = ?, requested = ? WHERE change_id = ? AND node = ?";

    static final String LIVE_CHANGES_OF_NODE = "SELECT change_id FROM segue_participant"
            + " WHERE node = ? AND generation = ? AND state = 'live' FOR SHARE";

    static final String PHASES_OF_NODE = "SELECT change_id, phase, draining FROM segue_participant"
            + " WHERE node = ? AND generation = ? AND state = 'live'";

    static final String SEALS = "SELECT sealed_old, sealed_new FROM segue_change WHERE id = ?";

    private static final String SITUATION_COLUMNS =
            "kind, epoch, sealed_old, sealed_new, discards, guard_form, guard_old_to_new,"
                    + " guard_new_to_old, guard_refusal, guard_vouched, stage_expand, stage_guard, stage_enforce, stage_relax,"
                    + " stage_contract";

    /** A registered participant with its lease. */
    record ParticipantRow(Participant participant, ChangeRecord.Member member) {}

    private final Database database;
    private final LeaseWatch watch;

    RegistrySql(Database database, LeaseWatch watch) {
        this.database = database;
        this.watch = watch;
    }

    Gate gate() {
        return new Gate(database);
    }

    String declare() {
        String insert = switch (database) {
            case POSTGRESQL -> "INSERT INTO segue_change";
            case MYSQL -> "INSERT IGNORE INTO segue_change";
        };
        String ifAbsent = switch (database) {
            case POSTGRESQL -> " ON CONFLICT (id) DO NOTHING";
            case MYSQL -> "";
        };
        return insert + """
                 (id, definition, kind, guard_form, epoch, sealed_old, sealed_new, discards, guard_old_to_new,
                guard_new_to_old, guard_refusal, guard_vouched, stage_expand, stage_guard, stage_enforce, stage_relax, stage_contract,
                contract_allowed, guard_hits, created_at)
                VALUES (?, ?, ?, ?, 0, true, false, false, false,
                false, 'pending', false, 'pending', 'pending', 'pending', 'pending', 'pending', false, 0, %s)""".formatted(database.clock()) + ifAbsent;
    }

    String readChange() {
        return "SELECT %s, %s, abandoned, contract_allowed, paused_by, bracing, dry_run, guard_hits, guard_last_writer, EXISTS (SELECT 1 FROM segue_guard_hit WHERE change_id = segue_change.id) AS uncounted_hits, %s AS now, %s AS shadow_since, %s AS hold_since, %s AS dry_run_since, %s AS guard_last_at FROM segue_change WHERE id = ?"
                .formatted(
                        SITUATION_COLUMNS,
                        requestColumns(),
                        database.epochMillis(database.clock()),
                        database.epochMillis("shadow_since"),
                        database.epochMillis("hold_since"),
                        database.epochMillis("dry_run_since"),
                        database.epochMillis("guard_last_at"));
    }

    String lockChange() {
        return "SELECT " + SITUATION_COLUMNS + ", " + requestColumns()
                + ", intents, dry_run FROM segue_change WHERE id = ? FOR UPDATE";
    }

    String updateChange() {
        return """
                UPDATE segue_change SET epoch = ?, sealed_old = ?, sealed_new = ?, discards = ?, guard_old_to_new = ?,
                guard_new_to_old = ?, guard_refusal = ?, guard_vouched = ?, stage_expand = ?, stage_guard = ?, stage_enforce = ?,
                stage_relax = ?, stage_contract = ?,
                shadow_since = CASE WHEN ? THEN COALESCE(shadow_since, %1$s) WHEN ? THEN shadow_since ELSE NULL END,
                hold_since = CASE WHEN ? THEN COALESCE(hold_since, %1$s) ELSE NULL END
                WHERE id = ?""".formatted(database.clock());
    }

    private String requestColumns() {
        return fleetSources()
                .map(source -> "%1$s_request, %1$s_name, %1$s_reason, %2$s AS %1$s_at"
                        .formatted(source.id(), database.epochMillis(source.id() + "_at")))
                .collect(Collectors.joining(", "));
    }

    String request(Request.Source source) {
        return "UPDATE segue_change SET %1$s_request = ?, %1$s_name = ?, %1$s_reason = ?, %1$s_at = %2$s WHERE id = ?"
                .formatted(source.id(), database.clock());
    }

    private static Stream<Request.Source> fleetSources() {
        return Arrays.stream(Request.Source.values()).filter(Request.Source::isForTheFleet);
    }

    String dryRun() {
        return "UPDATE segue_change SET dry_run = ?, dry_run_since = " + database.clock() + " WHERE id = ?";
    }

    String countHits() {
        return "UPDATE segue_change SET guard_hits = guard_hits + ?, guard_last_writer = ?, guard_last_at = "
                + database.clock() + " WHERE id = ?";
    }

    String voidOpenRanges() {
        return "UPDATE segue_range SET state = 'void', updated_at = " + database.clock()
                + " WHERE change_id = ? AND state = 'open'";
    }

    String journal() {
        return "INSERT INTO segue_journal (at, change_id, node, what, from_value, to_value, why) VALUES ("
                + database.clock() + ", ?, ?, ?, ?, ?, ?)";
    }

    String readJournal() {
        return "SELECT " + database.epochMillis("at")
                + " AS at, node, what, from_value, to_value, why FROM segue_journal WHERE change_id = ?"
                + " ORDER BY id DESC LIMIT ?";
    }

    /** Only as it has been seen: it may be renewed meanwhile. */
    String lapse() {
        return "UPDATE segue_participant SET state = 'lapsed', ended_at = " + database.clock()
                + " WHERE change_id = ? AND node = ? AND generation = ? AND state = 'live' AND "
                + database.epochMillis("lease_until") + " = ?";
    }

    String join() {
        String columns = """
                INSERT INTO segue_participant (change_id, node, generation, application, version, phase, draining,
                requested, permits_drop, braced, state, lease_millis, lease_until, joined_at)
                VALUES (?, ?, ?, ?, ?, ?, '', ?, ?, false, 'live', ?, %s, %s)""".formatted(database.clockPlusMillis(), database.clock());
        return columns
                + switch (database) {
                    case POSTGRESQL -> """
                         ON CONFLICT (change_id, node) DO UPDATE SET generation = excluded.generation,
                        phase = excluded.phase, draining = excluded.draining, requested = excluded.requested,
                        permits_drop = excluded.permits_drop, braced = false, state = excluded.state,
                        lease_millis = excluded.lease_millis, lease_until = excluded.lease_until,
                        joined_at = excluded.joined_at, ended_at = NULL""";
                    case MYSQL -> """
                         AS joining ON DUPLICATE KEY UPDATE generation = joining.generation,
                        phase = joining.phase, draining = joining.draining, requested = joining.requested,
                        permits_drop = joining.permits_drop, braced = false, state = joining.state,
                        lease_millis = joining.lease_millis, lease_until = joining.lease_until,
                        joined_at = joining.joined_at, ended_at = NULL""";
                };
    }

    /** One statement for all changes of a node. A lease that has run out is not renewed, only joined anew. */
    String renew() {
        return "UPDATE segue_participant SET lease_until = " + database.clockPlusMillis()
                + " WHERE node = ? AND generation = ? AND state = 'live' AND lease_until > " + database.clock();
    }

    String leave() {
        return "UPDATE segue_participant SET state = 'left', ended_at = " + database.clock()
                + " WHERE change_id = ? AND node = ? AND generation = ? AND state = 'live'";
    }

    List<ParticipantRow> participants(Connection connection, String change) throws SQLException {
        String select = "SELECT node, generation, application, version, phase, draining, requested, permits_drop, "
                + "braced, lease_millis, " + database.epochMillis("lease_until")
                + " AS lease_until FROM segue_participant WHERE change_id = ? AND state = 'live'"
                + " ORDER BY joined_at, node";
        List<ParticipantRow> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setString(1, change);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(participant(change, row));
                }
            }
        }
        watch.keepOnly(change, found.stream().map(row -> row.member().node()).collect(Collectors.toSet()));
        return found;
    }

    /** The column that says whether a side is sealed. */
    static String sealed(Side side) {
        return side == Side.OLD ? "sealed_old" : "sealed_new";
    }

    /** Every phase that the sessions of a participant may be in. */
    static Phases occupied(ResultSet row) throws SQLException {
        return phases(row.getString("draining")).with(phase(row.getString("phase")));
    }

    private ParticipantRow participant(String change, ResultSet row) throws SQLException {
        String node = row.getString("node");
        String application = row.getString("application");
        long generation = row.getLong("generation");
        long until = row.getLong("lease_until");
        boolean over = watch.isOver(change, node, generation, until, Duration.ofMillis(row.getLong("lease_millis")));
        return new ParticipantRow(
                new Participant(
                        node,
                        application,
                        phase(row.getString("phase")),
                        phases(row.getString("draining")),
                        phase(row.getString("requested"))),
                new ChangeRecord.Member(
                        node,
                        generation,
                        application,
                        row.getString("version"),
                        row.getBoolean("permits_drop"),
                        row.getBoolean("braced"),
                        Instant.ofEpochMilli(until),
                        over));
    }

    static Situation situation(ResultSet row, List<Participant> participants) throws SQLException {
        return new Situation(
                Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                row.getLong("epoch"),
                row.getBoolean("sealed_old"),
                row.getBoolean("sealed_new"),
                row.getBoolean("discards"),
                new Guard(
                        Guard.Form.valueOf(row.getString("guard_form")),
                        row.getBoolean("guard_old_to_new"),
                        row.getBoolean("guard_new_to_old"),
                        progress(row.getString("guard_refusal")),
                        row.getBoolean("guard_vouched")),
                new Stages(
                        progress(row.getString("stage_expand")),
                        progress(row.getString("stage_guard")),
                        progress(row.getString("stage_enforce")),
                        progress(row.getString("stage_relax")),
                        progress(row.getString("stage_contract"))),
                participants);
    }

    static List<Request> requests(ResultSet row) throws SQLException {
        List<Request> requests = new ArrayList<>();
        for (Request.Source source : fleetSources().toList()) {
            String phase = row.getString(source.id() + "_request");
            if (phase != null) {
                requests.add(new Request(
                        phase(phase),
                        source,
                        row.getString(source.id() + "_name"),
                        row.getString(source.id() + "_reason"),
                        Instant.ofEpochMilli(row.getLong(source.id() + "_at"))));
            }
        }
        return requests;
    }

    static String text(Phases phases) {
        return phases.asList().stream().map(Phase::id).collect(Collectors.joining(","));
    }

    private static Phases phases(String text) {
        return text.isEmpty()
                ? Phases.NONE
                : Phases.of(Arrays.stream(text.split(",", -1))
                        .map(RegistrySql::phase)
                        .toArray(Phase[]::new));
    }

    private static Phase phase(String id) {
        return Phase.of(id)
                .orElseThrow(() -> new IllegalStateException("The registry holds the unknown phase '" + id
                        + "'. A newer version of Segue may have written it; upgrade this node."));
    }

    static Progress progress(String id) {
        return Progress.valueOf(id.toUpperCase(Locale.ROOT));
    }
}
