package dev.segue;

import dev.segue.fleet.Request;
import dev.segue.lifecycle.Held;
import java.util.List;

/** There is no phase in which the node could run for this change. */
final class NoLegalPhaseException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String change;
    private final Request requested;
    private final transient List<Held> held;

    NoLegalPhaseException(String change, Request requested, List<Held> held) {
        super("No phase is legal for change '" + change + "': "
                + String.join("; ", held.stream().map(Held::message).toList()));
        this.change = change;
        this.requested = requested;
        this.held = List.copyOf(held);
    }

    String change() {
        return change;
    }

    Request requested() {
        return requested;
    }

    List<Held> held() {
        return held;
    }
}
