package dev.segue.schema;

import dev.segue.change.Problem;
import dev.segue.lifecycle.Stage;
import java.util.List;
import java.util.Locale;

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

    /** As a script for a reviewer. */
    @Override
    public String toString() {
        StringBuilder script = new StringBuilder("-- " + stage.id() + "\n");
        held.forEach(hold -> script.append(hold.waived() ? "-- WAIVED: " : "-- HELD: ")
                .append(hold.toString().replaceAll("\\R", " "))
                .append('\n'));
        append(script, apply, "nothing to do on this database");
        script.append("-- ").append(stage.id()).append(", reverted\n");
        append(script, revert, stage == Stage.CONTRACT ? "cannot be reverted" : "nothing to do on this database");
        return script.toString();
    }

    private static void append(StringBuilder script, List<Step> steps, String ifNone) {
        if (steps.isEmpty()) {
            script.append("-- ").append(ifNone).append('\n');
        }
        for (Step step : steps) {
            script.append("-- ")
                    .append(step.kind().name().toLowerCase(Locale.ROOT))
                    .append('\n');
            step.sql().forEach(sql -> script.append(sql).append(";\n"));
        }
    }
}
