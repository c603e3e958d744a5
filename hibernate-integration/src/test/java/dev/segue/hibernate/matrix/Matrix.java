package dev.segue.hibernate.matrix;

import dev.segue.change.Problem;
import dev.segue.hibernate.Discovery;
import dev.segue.hibernate.Unit;
import dev.segue.lifecycle.Phase;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Walks through all cells of one database. What a cell has to give is what the plain entity gives for the same way, which
 * is asked once for all kinds and phases.
 */
final class Matrix implements AutoCloseable {

    private static final boolean FULL = Boolean.getBoolean("segue.matrix.full");

    /** A place in the matrix that has no phase, or all of them. */
    private static final String ALL = "*";

    private final Engine engine;
    private final Refusals refusals;
    private final List<Shape> shapes;
    private final Map<Kind, Map<Shape, Optional<String>>> starts = new LinkedHashMap<>();
    private final Ground plain;
    private final Map<Shape, Map<Way, Outcome>> outcomes = new HashMap<>();
    private final Map<Shape, Ground.Content> seeds = new HashMap<>();
    private final Map<Kind, Map<Phase, Ground>> grounds = new HashMap<>();
    private int cells;
    private int leftOut;

    Matrix(Engine engine, List<Kind> kinds, Refusals refusals) {
        this.engine = engine;
        this.refusals = refusals;
        this.shapes = Stream.of(Places.SHAPES, Types.SHAPES, Groups.SHAPES)
                .flatMap(List::stream)
                .filter(shape -> engine == Engine.POSTGRESQL || !shape.is(Shape.Trait.POSTGRESQL))
                .filter(shape -> shape.name().matches(System.getProperty("segue.matrix.shapes", ".*")))
                .toList();
        try (TestDatabase empty = DatabaseServers.shared(engine).createDatabase()) {
            for (Kind kind : kinds) {
                starts.put(kind, new LinkedHashMap<>());
                shapes(kind).forEach(shape -> starts.get(kind).put(shape, start(empty, kind, shape)));
            }
        }
        List<Shape> started = shapes.stream()
                .filter(shape -> starts.entrySet().stream()
                        .anyMatch(one -> isStarted(one.getValue(), shape) && isWalked(one.getKey(), shape)))
                .toList();
        this.plain = Ground.plain(engine, started);
        for (Shape shape : started) {
            plain.seed(shape);
            seeds.put(shape, plain.content(shape));
        }
    }

    private static boolean isStarted(Map<Shape, Optional<String>> starts, Shape shape) {
        return starts.containsKey(shape) && starts.get(shape).isEmpty();
    }

    List<Shape> shapes(Kind kind) {
        return shapes.stream()
                .filter(shape -> kind.changes(shape.values().type()) && kind.walks(shape))
                .toList();
    }

    String size() {
        return cells + " cells" + (leftOut == 0 ? "" : ", and " + leftOut + " with -Dsegue.matrix.full=true");
    }

    /** Why an application with that shape does not start, if it does not. */
    private static Optional<String> start(TestDatabase database, Kind kind, Shape shape) {
        List<Problem> problems = new ArrayList<>();
        Map<String, Object> settings = new HashMap<>(Ground.SETTINGS);
        settings.put(Kind.SETTING, kind);
        Discovery.of(new Unit(database.dataSource(), shape.classes().toList()), settings, problems);
        return problems.isEmpty()
                ? Optional.empty()
                : Optional.of(problems.stream().map(Problem::toString).collect(Collectors.joining(" / ")));
    }

    /** All cells of a shape that are neither right nor refused as they should be; on most days those of a few shapes. */
    List<String> wrong(Kind kind, Shape shape) {
        List<String> wrong = new ArrayList<>();
        Optional<String> refusal = starts.get(kind).get(shape);
        judge(new Refusals.Cell(shape.name(), kind.name(), "start", ALL, engine.name()), refusal, List.of(), wrong);
        if (refusal.isPresent()) {
            return wrong;
        }
        List<Way> ways = Ways.ALL.stream()
                .filter(way -> way.applies().test(shape) && kind.compares(way))
                .toList();
        if (!isWalked(kind, shape)) {
            ways.forEach(way -> leaveOut(kind, shape, way));
            return wrong;
        }
        for (Phase phase : kind.phases()) {
            Ground ground = ground(kind, phase);
            for (Way way : ways) {
                Outcome expected = plain(shape, way, wrong);
                if (expected.failure().isEmpty()) {
                    Outcome found = ground.run(shape, way);
                    judge(
                            cell(shape, kind, way, phase),
                            found.failure().map(failure -> found.message()),
                            found.failure().isPresent()
                                    ? List.of()
                                    : new Comparison(shape, ground).differences(expected, found),
                            wrong);
                }
            }
            if (!ground.found(shape, ground.content(shape)).equals(ground.expected(shape, seeds.get(shape)))) {
                wrong.add(shape + " has left rows behind");
            }
        }
        return wrong;
    }

    private static boolean isWalked(Kind kind, Shape shape) {
        return FULL || kind.isDaily(shape);
    }

    /** Lines of the list that speak of these cells alone are not useless. */
    private void leaveOut(Kind kind, Shape shape, Way way) {
        refusals.message(new Refusals.Cell(shape.name(), "plain", way.name(), ALL, engine.name()));
        for (Phase phase : kind.phases()) {
            leftOut++;
            refusals.message(cell(shape, kind, way, phase));
        }
    }

    private Refusals.Cell cell(Shape shape, Kind kind, Way way, Phase phase) {
        return new Refusals.Cell(shape.name(), kind.name(), way.name(), phase.id(), engine.name());
    }

    /** What the plain entity gives; what Hibernate does not do at all is on the list too. */
    private Outcome plain(Shape shape, Way way, List<String> wrong) {
        return outcomes.computeIfAbsent(shape, key -> new HashMap<>()).computeIfAbsent(way, key -> {
            Outcome outcome = plain.run(shape, way);
            judge(
                    new Refusals.Cell(shape.name(), "plain", way.name(), ALL, engine.name()),
                    outcome.failure().map(failure -> outcome.message()).or(() -> idle(shape, way, outcome)),
                    List.of(),
                    wrong);
            return outcome;
        });
    }

    /** A way that changes nothing and sees nothing shows nothing. */
    private Optional<String> idle(Shape shape, Way way, Outcome outcome) {
        boolean changed = !plain.found(shape, outcome.content()).equals(plain.found(shape, seeds.get(shape)));
        boolean shows = way.idle() || shape.is(Shape.Trait.IMMUTABLE) || changed;
        if (!way.writes()) {
            shows = !changed && !outcome.result().matches("null|\\[]");
        }
        return shows ? Optional.empty() : Optional.of("shows nothing: " + outcome);
    }

    private void judge(Refusals.Cell cell, Optional<String> failure, List<String> differences, List<String> wrong) {
        cells++;
        Optional<String> listed = refusals.message(cell);
        if (failure.isPresent()) {
            if (listed.isEmpty() || !failure.get().contains(listed.get())) {
                wrong.add(cell + " -> " + failure.get());
            }
        } else if (listed.isPresent()) {
            wrong.add(cell + " is listed as refused, and is not" + differences);
        } else {
            differences.forEach(difference -> wrong.add(cell + ": " + difference));
        }
    }

    private Ground ground(Kind kind, Phase phase) {
        return grounds.computeIfAbsent(kind, key -> new HashMap<>()).computeIfAbsent(phase, key -> {
            List<Shape> started = shapes(kind).stream()
                    .filter(shape -> isStarted(starts.get(kind), shape) && isWalked(kind, shape))
                    .toList();
            Ground ground = Ground.in(engine, kind, phase, started);
            started.forEach(shape -> ground.copy(shape, seeds.get(shape)));
            return ground;
        });
    }

    /** Forgets the tables of a kind that has been walked through. */
    void close(Kind kind) {
        Map<Phase, Ground> over = grounds.remove(kind);
        if (over != null) {
            over.values().forEach(Ground::close);
        }
    }

    @Override
    public void close() {
        List.copyOf(grounds.keySet()).forEach(this::close);
        plain.close();
    }
}
