package dev.segue;

import dev.segue.fleet.ChangeRecord;
import dev.segue.fleet.Membership;
import dev.segue.fleet.Request;
import dev.segue.fleet.Request.Source;
import dev.segue.fleet.Requests;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where this node is told to go: by the registry, together with the whole fleet, and by its own flags and configuration.
 *
 * <p>{@link #journal} is for one thread, all else for any.
 */
final class Instructions {

    private final SegueSettings settings;
    private final Flags flags;
    private final Membership membership;
    private final Instant started = Instant.now();
    /** What the node's own flag or configuration has said last. */
    private final Map<String, Request> journaled = new HashMap<>();

    Instructions(SegueSettings settings, Flags flags, Membership membership) {
        this.settings = settings;
        this.flags = flags;
        this.membership = membership;
    }

    /** Everything that this node is told about a change. */
    Requests all(ChangeRecord record) {
        List<Request> said = new ArrayList<>(record.requests());
        said.addAll(own(record.id()).all());
        return Requests.of(said);
    }

    private Requests own(String id) {
        List<Request> said = new ArrayList<>();
        flags.request(id).ifPresent(said::add);
        String property = "segue.changes." + id + ".phase";
        said.add(new Request(settings.change(id).phase(), Source.CONFIGURATION, property, null, started));
        return Requests.of(said);
    }

    /** Writes down what is said to this node alone, if that is new. */
    void journal(String id) throws SQLException {
        Request now = own(id).strongest();
        Request before = journaled.get(id);
        if (!now.equals(before)) {
            membership.toldAnew(id, before, now);
            journaled.put(id, now);
        }
    }
}
