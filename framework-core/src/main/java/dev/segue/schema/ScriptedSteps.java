package dev.segue.schema;

import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.database.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A script laid beside the plan. Where it says the same as a step of the plan, it is run like that step: skipped if the
 * catalog shows that it is done. What it says besides is run as it stands, again too if the stage is run again.
 *
 * @param steps what the script does, in its own words
 * @param lacking what the plan does and the script does not
 * @param besides what the script does and the plan does not
 */
record ScriptedSteps(List<Step> steps, List<Step> lacking, List<String> besides) {

    private static final Pattern TRIGGER = Pattern.compile("^CREATE (OR REPLACE )?TRIGGER\\b", Pattern.DOTALL);

    static ScriptedSteps of(Script script, List<Step> planned, ColumnChange change, OwnSchema own) {
        List<Step> left = new ArrayList<>(planned);
        List<Step> steps = new ArrayList<>();
        List<String> besides = new ArrayList<>();
        List<Block> blocks = script.blocks();
        int at = 0;
        while (at < blocks.size()) {
            int from = at;
            Step same = left.stream()
                    .filter(step -> length(step, blocks, from, own) > 0)
                    .findFirst()
                    .orElse(null);
            List<Block> taken = blocks.subList(at, at + (same == null ? 1 : length(same, blocks, from, own)));
            List<String> sql =
                    taken.stream().flatMap(block -> block.sql().stream()).toList();
            if (same == null) {
                steps.add(own(taken.get(0), change));
                sql.forEach(one -> besides.add(Essence.of(one).brief()));
            } else {
                left.remove(same);
                steps.add(new Step(same.kind(), same.table(), sql, same.unless()));
            }
            at += taken.size();
        }
        return new ScriptedSteps(steps, left, besides);
    }

    /** How many blocks from there on say what the step says; 0 if they do not. */
    private static int length(Step step, List<Block> blocks, int from, OwnSchema own) {
        List<Essence> wanted = step.sql().stream().map(own::essence).toList();
        List<Essence> found = new ArrayList<>();
        int at = from;
        while (at < blocks.size() && found.size() < wanted.size()) {
            blocks.get(at).sql().forEach(sql -> found.add(own.essence(sql)));
            at++;
        }
        return found.equals(wanted) ? at - from : 0;
    }

    private static Step own(Block block, ColumnChange change) {
        String text = String.join(" ", block.sql());
        TableName table = change.sites().stream()
                .map(Site::table)
                .filter(name -> CatalogTable.mentions(text, name.name()))
                .findFirst()
                .orElse(change.sites().get(0).table());
        return new Step(block.lengthy() ? Step.Kind.LONG : Step.Kind.QUICK, table, block.sql(), null);
    }

    /** How it differs from the plan, in words; empty if it does not. */
    List<String> drift() {
        List<String> drift = new ArrayList<>();
        lacking.forEach(
                step -> drift.add("it lacks " + Essence.of(step.sql().get(0)).brief()));
        besides.forEach(sql -> drift.add("it has besides " + sql));
        return drift;
    }

    /** The triggers of the guard that the script does not make, or makes otherwise: on them rests what is true of rows. */
    List<Step> lackingGuard() {
        return lacking.stream()
                .filter(step ->
                        step.sql().stream().anyMatch(sql -> TRIGGER.matcher(sql).find()))
                .toList();
    }
}
