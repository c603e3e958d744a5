package dev.segue.schema;

import dev.segue.change.Problem;
import dev.segue.lifecycle.Stage;
import java.util.List;

/**
 * The statements of one stage, as they would run now.
 *
 * @param apply in their order; empty if this database needs nothing
 * @param revert in their order; empty for {@link Stage#CONTRACT}
 * @param holds why the stage may not be applied as things are; nothing on the table is ever lost silently
 */
public record StagePlan(Stage stage, List<Step> apply, List<Step> revert, List<Problem> holds) {

    public StagePlan {
        apply = List.copyOf(apply);
        revert = List.copyOf(revert);
        holds = List.copyOf(holds);
    }
}
