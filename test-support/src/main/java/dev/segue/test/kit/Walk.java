package dev.segue.test.kit;

import dev.segue.database.Database;
import dev.segue.lifecycle.Phase;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.TestDatabase;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Two nodes on a database of their own that walk through a change, one step after the other; beside them, if asked for,
 * one of the version before, which knows nothing of it.
 */
final class Walk implements AutoCloseable {

    /**
     * One step: where the two nodes are, and whether the second is the one that a test shall use first.
     *
     * @param way {@code up} or {@code back}
     * @param swapped no node moves between a pair and the same pair swapped
     */
    record Step(String way, Phase first, Phase second, boolean swapped) {

        @Override
        public String toString() {
            return way + ": "
                    + (swapped ? second.id() + " beside " + first.id() : first.id() + " beside " + second.id());
        }
    }

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final SegueTest asked;
    private final TestDatabase database;
    private final AppNode first;
    private final AppNode second;
    private final @Nullable ConfigurableApplicationContext before;

    Walk(SegueTest asked) {
        this.asked = asked;
        database = opened(DatabaseServers.shared(asked.engine()).createDatabase());
        try {
            Launch launch = Launch.on(
                    asked.application(),
                    asked.change(),
                    Database.valueOf(asked.engine().name()),
                    database.url(),
                    database.username(),
                    database.password(),
                    Stream.of(asked.arguments()));
            // The tables are made by the application as it is now, as they are in a deploy.
            first = opened(new AppNode(launch, "One", Optional.empty()));
            before = asked.before() == void.class ? null : opened(before(asked.before(), launch));
            second = opened(new AppNode(launch, "Other", Optional.empty()));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private <T extends AutoCloseable> T opened(T resource) {
        opened.push(resource);
        return resource;
    }

    private static ConfigurableApplicationContext before(Class<?> application, Launch launch) {
        String[] arguments = Stream.concat(
                        launch.arguments().stream().filter(argument -> !argument.startsWith("--segue.")),
                        Stream.of("--segue.enabled=false"))
                .toArray(String[]::new);
        return new SpringApplicationBuilder(application).run(arguments);
    }

    /** The way up, and back unless that is not wanted. */
    List<Step> steps() {
        List<Phase> phases = new ArrayList<>(
                Arrays.stream(Phase.values()).filter(first.kind()::has).toList());
        List<Step> steps = new ArrayList<>(List.of(new Step("up", phases.get(0), phases.get(0), false)));
        steps.addAll(steps("up", phases));
        if (asked.wayBack()) {
            Collections.reverse(phases);
            steps.addAll(steps("back", phases));
        }
        return steps;
    }

    /**
     * The first one ahead of the second, seen from both; then both in the same phase. On the way back nobody is in
     * {@code old-only} before all are on their way there: then the new columns stop to be mandatory.
     */
    private static List<Step> steps(String way, List<Phase> phases) {
        List<Step> steps = new ArrayList<>();
        for (int i = 1; i < phases.size(); i++) {
            Phase from = phases.get(i - 1);
            Phase to = phases.get(i);
            if (to != Phase.OLD_ONLY) {
                steps.add(new Step(way, to, from, false));
                steps.add(new Step(way, to, from, true));
            }
            steps.add(new Step(way, to, to, false));
        }
        return steps;
    }

    /** Takes both nodes where the step wants them. Steps are taken in their order. */
    void take(Step step) throws SQLException {
        if (step.first() == Phase.NEW_ONLY && first.phase() != Phase.NEW_ONLY) {
            first.vouchIfAsked();
        }
        if (step.first() == Phase.SHADOW_READ && first.phase() == Phase.READ_NEW) {
            first.discardIfAsked();
        }
        first.head(step.first());
        second.head(step.second());
        first.await(step.first());
        second.await(step.second());
    }

    TwoNodes nodes(Step step) {
        return step.swapped()
                ? new TwoNodes(second, first, database, before)
                : new TwoNodes(first, second, database, before);
    }

    @Override
    public void close() {
        IllegalStateException failure = null;
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                // What is left has to be closed all the same.
                failure = failure == null ? new IllegalStateException(e) : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
