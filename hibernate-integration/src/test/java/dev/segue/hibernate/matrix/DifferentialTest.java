package dev.segue.hibernate.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.hibernate.SessionFactory;
import org.hibernate.SharedSessionContract;
import org.hibernate.StatelessSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random work of two nodes on evolving entities, and the same on plain ones: every read, every query and the rows are equal,
 * while the nodes go up and down through the phases.
 *
 * <p>{@code -Dsegue.differential.steps} says how many steps each kind takes, {@code -Dsegue.differential.seed} replays.
 */
@EachDatabase
class DifferentialTest {

    private static final int STEPS = Integer.getInteger("segue.differential.steps", 1500);
    private static final long SEED = Long.getLong("segue.differential.seed", System.nanoTime());
    private static final int KEYS = 30;

    private final Engine engine;

    DifferentialTest(Engine engine) {
        this.engine = engine;
    }

    /** One thing to do in a session, drawn before it is done on both sides. */
    private interface Step {
        @Nullable
        Object on(Run run);
    }

    static Stream<Kind> kinds() {
        return Stream.of(
                new Rename(),
                new RetypeInSql(),
                new RetypeInJava(),
                new Split(),
                new SplitInJava(),
                new Merge(),
                new Regroup());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    <K extends Kind & Exchange> void evolvingEntitiesDoWhatPlainOnesDo(K kind) {
        Random random = new Random(SEED);
        List<Shape> shapes = Stream.of(Places.SHAPES, Types.SHAPES, Groups.SHAPES)
                .flatMap(List::stream)
                .filter(shape -> names(kind).contains(shape.name()))
                .toList();
        String told = engine + " " + kind + " with -Dsegue.differential.seed=" + SEED;
        System.out.println(told + ": " + STEPS + " steps");
        try (Pair pair = new Pair(engine, kind, shapes, random)) {
            for (int steps = 0; steps < STEPS; ) {
                if (random.nextInt(4) == 0) {
                    pair.move();
                }
                steps += transaction(pair, shapes, kind, random, told);
                assertThat(pair.mismatches()).as(told).isEmpty();
                if (random.nextInt(20) == 0) {
                    assertThat(pair.found()).as(told).isEqualTo(pair.expected());
                }
            }
            assertThat(pair.found()).as(told).isEqualTo(pair.expected());
            // Else nothing would have been shown.
            assertThat(pair.moves()).isGreaterThan(STEPS / 300);
        }
    }

    private static List<String> names(Kind kind) {
        if (kind instanceof Grouping && kind.changes(Digits.class)) {
            return List.of(
                    "group",
                    "group of a superclass",
                    "group in a single table",
                    "group, dynamic update",
                    "group, set by a callback");
        }
        return kind instanceof RetypeInJava || kind instanceof Merge
                ? List.of("plain", "superclass of one", "single table", "dynamic update", "set by a callback")
                : List.of("plain", "single table", "joined root", "embedded twice", "dynamic, embedded", "text");
    }

    /** @return how many steps it had */
    private static int transaction(Pair pair, List<Shape> shapes, Kind kind, Random random, String told) {
        int node = random.nextInt(2);
        boolean stateless = random.nextInt(5) == 0;
        boolean commits = random.nextInt(10) > 0;
        int length = 1 + random.nextInt(8);
        String where = told + " in " + pair.phase(node).id();
        try (SharedSessionContract evolving = open(pair.node(node), stateless);
                SharedSessionContract plain = open(pair.plainFactory(), stateless)) {
            evolving.beginTransaction();
            plain.beginTransaction();
            for (int i = 0; i < length; i++) {
                Shape shape = shapes.get(random.nextInt(shapes.size()));
                Step step = stateless ? stateless(shape, random) : stateful(shape, kind, random);
                Object expected = step.on(new Run(plain, shape));
                Object found = step.on(new Run(evolving, shape));
                assertThat(Rendered.of(shape, found))
                        .as("%s on %s", where, shape)
                        .isEqualTo(Rendered.of(shape, expected));
            }
            Stream.of(evolving, plain)
                    .map(SharedSessionContract::getTransaction)
                    .forEach(transaction -> {
                        if (commits) {
                            transaction.commit();
                        } else {
                            transaction.rollback();
                        }
                    });
        }
        return length;
    }

    private static SharedSessionContract open(SessionFactory factory, boolean stateless) {
        return stateless ? factory.openStatelessSession() : factory.openSession();
    }

    private static @Nullable Object value(Shape shape, Random random) {
        if (random.nextInt(6) == 0) {
            return null;
        }
        if (shape.values().type() == Digits.class) {
            return new Digits(random.nextInt(12), random.nextInt(6));
        }
        return shape.values().is(Values.Trait.TEXT)
                ? "t" + (char) ('a' + random.nextInt(12))
                : (Object) (long) random.nextInt(12);
    }

    private static Object given(Shape shape, Random random) {
        Object value = value(shape, random);
        return value == null ? given(shape, random) : value;
    }

    private static Step stateful(Shape shape, Kind kind, Random random) {
        int nr = 1 + random.nextInt(KEYS);
        Object value = value(shape, random);
        Object other = given(shape, random);
        Object third = given(shape, random);
        boolean computes = !(kind instanceof RetypeInJava) && shape.values().is(Values.Trait.ORDERED);
        boolean bulk = shape.tables().size() == 1 && !(kind instanceof Grouping);
        int drawn = random.nextInt(20);
        if (isInPlace(shape, kind, drawn)) {
            long rest = random.nextInt(6);
            return run -> changed(run, nr, row -> {
                if (shape.get(row) instanceof Digits digits) {
                    digits.rest = rest;
                }
            });
        }
        return switch (drawn) {
            case 0, 1, 2 ->
                run -> {
                    if (find(run, nr) == null) {
                        run.session().persist(run.fresh(nr, value));
                    }
                    return null;
                };
            case 3, 4 -> run -> changed(run, nr, row -> run.set(row, value));
            case 5 -> run -> changed(run, nr, row -> row.note = "n" + value);
            case 6 -> run -> changed(run, nr, run.session()::remove);
            case 7 ->
                run -> {
                    Row row = find(run, nr);
                    if (row != null) {
                        run.session().flush();
                        run.session().detach(row);
                        run.set(row, value);
                        run.session().merge(row);
                    }
                    return row;
                };
            case 8 ->
                run -> changed(run, nr, row -> {
                    run.session().flush();
                    run.session().refresh(row);
                });
            case 9 ->
                run -> {
                    run.session().flush();
                    run.session().clear();
                    return null;
                };
            case 10 ->
                bulk
                        ? run -> run.execute("update $ r set r.# = ?1, r.note = 'u' where r.# = ?2", value, other)
                        : run -> run.list("select r.nr from $ r where r.# <> ?1 order by r.nr", other);
            case 11 ->
                bulk && computes && !(other instanceof String)
                        ? run -> run.execute("update $ r set r.# = r.# + 1 where r.# < ?1", other)
                        : run -> run.list("select r.nr from $ r where r.# in ?1 order by r.nr", List.of(other, third));
            case 12 -> run -> run.execute("delete from $ r where r.nr = " + nr + " and r.# = ?1", other);
            case 13 ->
                bulk
                        ? run -> run.execute("update $ r set r.# = null where r.nr = ?1", nr)
                        : run -> run.list("select r.nr from $ r where r.# is null order by r.nr");
            case 14 -> run -> run.list("select r.nr from $ r where r.# = ?1 order by r.nr", other);
            case 15 -> run -> run.list("select r.nr, r.# from $ r order by r.nr");
            case 16 ->
                computes
                        ? run -> run.list("select r.nr from $ r where r.# > ?1 order by r.# desc, r.nr", other)
                        : run -> run.list("select r.nr from $ r where r.# is not null order by r.nr");
            case 17 ->
                computes
                        ? run -> run.list("select min(r.#), max(r.#), count(r.#) from $ r")
                        : run -> run.list("select count(*) from $ r where r.# = ?1", other);
            case 18 ->
                computes
                        ? run -> run.query("from $ r where r.# is not null order by r.#, r.nr")
                                .setFirstResult(1)
                                .setMaxResults(3)
                                .getResultList()
                        : run -> run.list("from $ r where r.# in ?1 order by r.nr", List.of(other, third));
            default -> run -> run.list("from $ r order by r.nr");
        };
    }

    /** A part of the value is changed where it is, instead of what is refused by then. */
    private static boolean isInPlace(Shape shape, Kind kind, int drawn) {
        boolean compares = drawn >= 10 && drawn != 15 && drawn < 19;
        return shape.values().type() == Digits.class && (drawn == 4 || (kind instanceof SplitInJava && compares));
    }

    private static Step stateless(Shape shape, Random random) {
        int nr = 1 + random.nextInt(KEYS);
        Object value = value(shape, random);
        return switch (random.nextInt(4)) {
            case 0, 1 ->
                run -> {
                    Row row = get(run.stateless(), run, nr);
                    if (row == null) {
                        run.stateless().insert(run.fresh(nr, value));
                    } else {
                        run.set(row, value);
                        run.stateless().update(row);
                    }
                    return row;
                };
            case 2 ->
                run -> {
                    Row row = get(run.stateless(), run, nr);
                    if (row != null) {
                        run.stateless().delete(row);
                    }
                    return row;
                };
            default ->
                run -> {
                    List<Row> rows = new ArrayList<>();
                    run.list("from $ r where r.nr < ?1 order by r.nr", nr).forEach(row -> rows.add((Row) row));
                    rows.forEach(row -> run.set(row, value));
                    if (!rows.isEmpty()) {
                        run.stateless().updateMultiple(rows);
                    }
                    return rows;
                };
        };
    }

    private static @Nullable Row find(Run run, int nr) {
        return run.session().find(run.entity(), run.key(nr));
    }

    private static @Nullable Row get(StatelessSession session, Run run, int nr) {
        return session.get(run.entity(), run.key(nr));
    }

    private static @Nullable Object changed(Run run, int nr, Consumer<Row> change) {
        Row row = find(run, nr);
        if (row != null) {
            change.accept(row);
        }
        return row;
    }
}
