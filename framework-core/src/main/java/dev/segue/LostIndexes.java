package dev.segue;

import dev.segue.change.ColumnChange;
import dev.segue.fleet.ChangeRecord;
import dev.segue.lifecycle.Held;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Rule;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Situation;
import dev.segue.lifecycle.Stage;
import dev.segue.watch.QueryPlan;
import dev.segue.watch.QueryPlans;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps nodes from reading the new columns while a statement that the application runs would lose its index by it. An
 * operator may waive each statement.
 *
 * <p>As a caution it is for one thread, all else for any.
 */
final class LostIndexes implements Caution {

    /** So many statements are shown at once as what holds. */
    private static final int SHOWN = 5;

    /** How soon a new index is noticed. */
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private static final Duration SHOW_AGAIN = Duration.ofMinutes(1);

    /** What keeps nobody is looked at right before a step; other cautions may call for that round after round. */
    private static final Duration BRIEF = Duration.ofSeconds(1);

    /** @param beforeStep whether a node was about to go on because of it */
    private record Known(List<QueryPlan> plans, boolean beforeStep, long at) {

        boolean isYoungerThan(Duration age) {
            return System.nanoTime() - at < age.toNanos();
        }

        boolean serves() {
            return beforeStep && isYoungerThan(plans.stream().anyMatch(QueryPlan::holds) ? AGAIN : BRIEF);
        }
    }

    private final QueryPlans plans;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    LostIndexes(QueryPlans plans) {
        this.plans = plans;
    }

    /** Looks as soon as the new columns have their indexes, so that people see what is to come. */
    @Override
    public void look(ColumnChange change, ChangeRecord record) throws SQLException {
        Known last = known.get(change.id());
        boolean due = last == null || !last.isYoungerThan(SHOW_AGAIN);
        if (due && isPossible(record.situation()) && !Rule.everyoneReadsNew(record.situation())) {
            look(change, false);
        }
    }

    /** Whether a node may come to read the new columns, and their indexes are there. */
    private static boolean isPossible(Situation s) {
        return s.kind().convertsBack()
                && s.sealedNew()
                && s.stages().done(Stage.ENFORCE)
                && s.stages().pending(Stage.CONTRACT);
    }

    private static boolean nobodyReadsNew(Situation s) {
        return s.participants().stream().noneMatch(node -> node.phase().reads() == Side.NEW);
    }

    private Known look(ColumnChange change, boolean beforeStep) throws SQLException {
        Known now = new Known(List.copyOf(plans.look(change)), beforeStep, System.nanoTime());
        known.put(change.id(), now);
        return now;
    }

    /** What becomes of the statements of a change, as last looked at. */
    List<QueryPlan> all(String change) {
        Known last = known.get(change);
        return last == null ? List.of() : last.plans();
    }

    /** A node that joins need not mind if others read the new columns already. */
    @Override
    public List<Held> beforePhase(ColumnChange change, ChangeRecord record, @Nullable Phase from, Phase to)
            throws SQLException {
        Situation s = record.situation();
        boolean begins = to.reads() == Side.NEW && (from == null ? nobodyReadsNew(s) : from.reads() == Side.OLD);
        if (!begins || !isPossible(s)) {
            return List.of();
        }
        Known last = known.get(change.id());
        Known now = last != null && last.serves() ? last : look(change, true);
        return now.plans().stream()
                .filter(QueryPlan::holds)
                .limit(SHOWN)
                .<Held>map(plan -> new Held.Lacks(
                        to.id(),
                        plan.told(),
                        "create an index that serves it, which is noticed within %d s; or an operator waives %s of change %s"
                                .formatted(AGAIN.toSeconds(), plan.key(), change.id())))
                .toList();
    }

    @Override
    public void waived(String change) {
        known.remove(change);
    }
}
