package dev.segue;

import dev.segue.fleet.OpenSession;
import dev.segue.fleet.SessionHost;
import dev.segue.lifecycle.Held;
import dev.segue.lifecycle.Participant;
import dev.segue.lifecycle.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Names the sessions that keep a node from leaving a phase for too long; each once in the log. For one thread. */
final class Lingerers {

    private static final Logger log = LoggerFactory.getLogger(Lingerers.class);

    private final SessionHost host;
    private final Duration patience;
    private final Set<OpenSession> named = Collections.newSetFromMap(new WeakHashMap<>());

    /** @param patience for how long a session may be open in a phase that the node has left */
    Lingerers(SessionHost host, Duration patience) {
        this.host = host;
        this.patience = patience;
    }

    List<Held> of(String change, Participant self) {
        if (self.draining().isEmpty()) {
            return List.of();
        }
        Instant limit = Instant.now().minus(patience);
        List<Held> lingering = new ArrayList<>();
        for (OpenSession session : host.openSessions()) {
            Phase phase = session.layout().phase(change);
            if (phase != self.phase() && session.since().isBefore(limit)) {
                lingering.add(new Held.Lacks(
                        "leaving " + phase.id(), session + " is still open", "end its transaction, or wait for it"));
                if (named.add(session)) {
                    log.warn(
                            "Change {}: {} keeps this node in {}; its thread is in {}",
                            change,
                            session,
                            phase.id(),
                            session.doing());
                }
            }
        }
        return lingering;
    }
}
