package dev.segue.fleet;

import dev.segue.lifecycle.Phase;
import java.util.HashMap;
import java.util.Map;

/**
 * The phase of every change of one node at one time: what its new sessions read and write.
 *
 * @param phases by the id of the change
 */
public record Layout(Map<String, Phase> phases) {

    public Layout {
        phases = Map.copyOf(phases);
    }

    /**
     * The phase of one change.
     *
     * @throws IllegalArgumentException if the layout does not know the change
     */
    public Phase phase(String change) {
        Phase phase = phases.get(change);
        if (phase == null) {
            throw new IllegalArgumentException(
                    "No phase is known for change '" + change + "'; known: " + phases.keySet());
        }
        return phase;
    }

    /** The same layout with one change in another phase. */
    public Layout with(String change, Phase phase) {
        Map<String, Phase> next = new HashMap<>(phases);
        next.put(change, phase);
        return new Layout(next);
    }
}
