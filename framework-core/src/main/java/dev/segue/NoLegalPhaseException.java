package dev.segue;

import dev.segue.lifecycle.Held;
import dev.segue.lifecycle.Phase;
import java.util.List;

/** There is no phase in which the node could run for this change. */
final class NoLegalPhaseException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String change;
    private final Phase requested;
    private final transient List<Held> held;

    NoLegalPhaseException(String change, Phase requested, List<Held> held) {
        super("No phase is legal for change '" + change + "': "
                + String.join("; ", held.stream().map(Held::message).toList()));
        this.change = change;
        this.requested = requested;
        this.held = List.copyOf(held);
    }

    String change() {
        return change;
    }

    Phase requested() {
        return requested;
    }

    List<Held> held() {
        return held;
    }
}
