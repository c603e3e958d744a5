package dev.segue.schema;

import dev.segue.lifecycle.Progress;
import dev.segue.lifecycle.Stage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is done to the schema for a change.
 *
 * @param name what its script is called: {@code expand}, {@code enforce-revert}, {@code guard-back}
 * @param stands what is true of the change's row in {@code segue_change} for as long as it is wanted
 * @param stage the stage that is applied or reverted; null if only the guard is switched, or for a dry run
 * @param apply whether the stage is applied
 */
record Act(String name, String stands, @Nullable Stage stage, boolean apply) {

    /** The trigger that brings OLD up to date for writers of NEW. */
    static final Act GUARD_BACK =
            new Act("guard-back", "stage_guard = 'done' AND stage_contract = 'pending'", null, true);

    static List<Act> all() {
        List<Act> all =
                new ArrayList<>(List.of(GUARD_BACK, switched(true), switched(false), dryRun(true), dryRun(false)));
        for (Stage stage : Stage.values()) {
            all.add(of(stage, true));
            if (stage != Stage.CONTRACT) {
                all.add(of(stage, false));
            }
        }
        return all;
    }

    static Act of(Stage stage, boolean apply) {
        return new Act(
                stage.id() + (apply ? "" : "-revert"), "stage_" + stage.id() + " = " + underWay(apply), stage, apply);
    }

    /** A guard in Java form begins to refuse one-sided writes, or records them again. */
    static Act switched(boolean refuses) {
        return new Act(refuses ? "guard-refuses" : "guard-records", "guard_refusal = " + underWay(refuses), null, true);
    }

    /** The old columns are hidden before they are dropped, or shown again. */
    static Act dryRun(boolean hides) {
        return new Act(
                Stage.CONTRACT.id() + (hides ? "-hide" : "-show"),
                "dry_run = " + underWay(hides) + " AND stage_contract = 'pending'",
                null,
                hides);
    }

    /** The stage that has to be pending or done for it to be of interest. */
    Stage around() {
        if (stage != null) {
            return stage;
        }
        return equals(dryRun(apply)) ? Stage.CONTRACT : Stage.GUARD;
    }

    private static String underWay(boolean apply) {
        return "'" + (apply ? Progress.APPLYING : Progress.REVERTING).id() + "'";
    }

    boolean is(Stage other, boolean applied) {
        return stage == other && apply == applied;
    }
}
