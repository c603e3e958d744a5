package dev.segue.schema;

import dev.segue.change.Problem;
import dev.segue.lifecycle.Stage;
import java.util.List;

/**
 * The statements of one stage, as they would run now.
 *
 * @param apply in their order; empty if this database needs nothing
 * @param revert in their order; empty for {@link Stage#CONTRACT}
 * @param held why the stage may not be applied as things are, also what has been waived; nothing on the table is ever
 *     lost silently
 */
public record StagePlan(Stage stage, List<Step> apply, List<Step> revert, List<Hold> held) {

    public StagePlan {
        apply = List.copyOf(apply);
        revert = List.copyOf(revert);
        held = List.copyOf(held);
    }

    /** What keeps the stage from being applied: all but what has been waived. */
    public List<Problem> holds() {
        return held.stream().filter(hold -> !hold.waived()).map(Hold::problem).toList();
    }
}
