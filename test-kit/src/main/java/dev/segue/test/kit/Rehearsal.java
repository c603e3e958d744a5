package dev.segue.test.kit;

import dev.segue.lifecycle.Phase;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.TestDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Two nodes on a database of their own that walk through a change, one step after the other. */
final class Rehearsal implements AutoCloseable {

    /**
     * One step: where the two nodes are, and whether the second is the one that a test shall use first.
     *
     * @param swapped no node moves between a pair and the same pair swapped
     */
    record Step(Phase first, Phase second, boolean swapped) {

        @Override
        public String toString() {
            return swapped ? second.id() + " beside " + first.id() : first.id() + " beside " + second.id();
        }
    }

    private final TestDatabase database;
    private final AppNode first;
    private final AppNode second;

    Rehearsal(SegueTest asked) {
        database = DatabaseServers.shared(asked.engine()).createDatabase();
        List<AutoCloseable> opened = new ArrayList<>(List.of(database));
        try {
            first = new AppNode(asked, "One", database);
            opened.add(0, first);
            second = new AppNode(asked, "Other", database);
        } catch (RuntimeException e) {
            opened.forEach(Rehearsal::closeQuietly);
            throw e;
        }
    }

    /** The way up: both in a phase, then the first one ahead of the second, seen from both. */
    List<Step> steps() {
        List<Phase> phases =
                Arrays.stream(Phase.values()).filter(first.kind()::has).toList();
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < phases.size(); i++) {
            Phase phase = phases.get(i);
            if (i > 0) {
                steps.add(new Step(phase, phases.get(i - 1), false));
                steps.add(new Step(phase, phases.get(i - 1), true));
            }
            steps.add(new Step(phase, phase, false));
        }
        return steps;
    }

    /** Takes both nodes where the step wants them. Steps are taken in their order. */
    void take(Step step) throws SQLException {
        if (step.first() == Phase.NEW_ONLY && first.phase() != Phase.NEW_ONLY) {
            first.vouchIfAsked();
        }
        first.moveTo(step.first());
        second.moveTo(step.second());
    }

    TwoNodes nodes(Step step) {
        return step.swapped() ? new TwoNodes(second, first, database) : new TwoNodes(first, second, database);
    }

    @Override
    public void close() {
        List.of(first, second, database).forEach(Rehearsal::closeQuietly);
    }

    private static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
