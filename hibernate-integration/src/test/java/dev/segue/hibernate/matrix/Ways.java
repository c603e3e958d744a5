package dev.segue.hibernate.matrix;

import static dev.segue.hibernate.matrix.Values.Trait.EQUAL;
import static dev.segue.hibernate.matrix.Values.Trait.NUMBER;
import static dev.segue.hibernate.matrix.Values.Trait.ORDERED;
import static dev.segue.hibernate.matrix.Values.Trait.TEXT;
import static dev.segue.hibernate.matrix.Way.reads;
import static dev.segue.hibernate.matrix.Way.writes;
import static dev.segue.hibernate.matrix.Way.writesStateless;

import dev.segue.hibernate.matrix.Shape.Trait;
import jakarta.persistence.LockModeType;
import jakarta.persistence.criteria.CriteriaBuilder;
import jakarta.persistence.criteria.Expression;
import jakarta.persistence.criteria.Predicate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.hibernate.LockMode;
import org.hibernate.graph.RootGraph;
import org.jspecify.annotations.Nullable;

/** Every way to read and to write. {@code $} is the entity, {@code #} the attribute. */
final class Ways {

    private static final List<Way> ENTITIES = List.of(
            writes("persist", run -> flushed(run, () -> run.session().persist(run.fresh(4, run.value(2))))),
            writes("persist null", run -> flushed(run, () -> run.session().persist(run.fresh(4, null)))),
            writes("persist, flush, change", run -> {
                Row row = run.fresh(4, run.value(2));
                run.session().persist(row);
                run.session().flush();
                return flushed(run, () -> run.set(row, run.value(3)));
            }),
            writes("change", run -> flushed(run, () -> run.set(row(run, 1), run.value(2)))),
            writes("change to null", run -> flushed(run, () -> run.set(row(run, 1), null))),
            writes("change from null", run -> flushed(run, () -> run.set(row(run, 3), run.value(2)))),
            writes("change there and back", run -> {
                        run.set(1, run.value(2));
                        run.set(1, run.value(0));
                        return null;
                    })
                    .idly(),
            writes("lose the embedded object", run -> {
                        Row row = row(run, 1);
                        run.shape().lose(row);
                        run.session().flush();
                        run.session().clear();
                        return run.shape().isLost(row(run, 1));
                    })
                    .where(shape -> shape.path().size() > 1),
            writes("change another attribute", run -> flushed(run, () -> row(run, 1).note = "n")),
            writes(
                    "change what is found by key",
                    run -> flushed(
                            run,
                            () -> run.set(
                                    Objects.requireNonNull(run.session().find(run.entity(), run.key(1))),
                                    run.value(2)))),
            writes(
                    "change a reference",
                    run -> flushed(
                            run, () -> run.set(run.session().getReference(run.entity(), run.key(1)), run.value(2)))),
            writes(
                    "change under a lock",
                    run -> flushed(
                            run,
                            () -> run.set(
                                    Objects.requireNonNull(run.session()
                                            .find(run.entity(), run.key(1), LockModeType.PESSIMISTIC_WRITE)),
                                    run.value(2)))),
            writes("merge what is detached", run -> {
                Row row = row(run, 1);
                run.session().clear();
                run.set(row, run.value(2));
                return flushed(run, () -> run.session().merge(row));
            }),
            writes("merge what is new", run -> flushed(run, () -> run.session().merge(run.fresh(4, run.value(2))))),
            writes("merge what is unchanged", run -> {
                        Row row = row(run, 1);
                        run.session().clear();
                        return flushed(run, () -> run.session().merge(row));
                    })
                    .idly(),
            writes("refresh", run -> {
                        Row row = row(run, 1);
                        run.set(row, run.value(3));
                        run.session().refresh(row);
                        return row;
                    })
                    .idly(),
            writes("delete", run -> flushed(run, () -> run.session().remove(row(run, 1)))),
            writes(
                    "a batch of inserts",
                    run -> flushed(
                            run,
                            () -> IntStream.range(11, 41)
                                    .forEach(nr -> run.session()
                                            .persist(run.fresh(
                                                    nr, run.shape().values().any(nr)))))),
            writes("a batch of updates", run -> {
                IntStream.range(11, 41)
                        .forEach(nr -> run.session()
                                .persist(run.fresh(nr, run.shape().values().any(nr))));
                run.session().flush();
                run.session().clear();
                return flushed(
                        run,
                        () -> run.list("from $ r order by r.nr")
                                .forEach(row ->
                                        run.set((Row) row, run.shape().values().any(((Row) row).nr + 1))));
            }),
            writes("change what an entity graph has fetched", run -> {
                RootGraph<Row> graph = graph(run);
                return flushed(
                        run,
                        () -> run.set(Objects.requireNonNull(run.session().find(graph, run.key(1))), run.value(2)));
            }),
            writesStateless("stateless insert", run -> {
                run.stateless().insert(run.fresh(4, run.value(2)));
                return null;
            }),
            writesStateless("stateless insert of null", run -> {
                run.stateless().insert(run.fresh(4, null));
                return null;
            }),
            writesStateless("stateless update", run -> {
                Row row = run.row(1);
                run.set(row, run.value(2));
                run.stateless().update(row);
                return row;
            }),
            writesStateless("stateless update to null", run -> {
                Row row = run.row(1);
                run.set(row, null);
                run.stateless().update(row);
                return row;
            }),
            writesStateless("upsert of what is there", run -> {
                Row row = run.row(1);
                run.set(row, run.value(2));
                run.stateless().upsert(row);
                return row;
            }),
            writesStateless("upsert of what is new", run -> {
                run.stateless().upsert(run.fresh(4, run.value(2)));
                return null;
            }),
            writesStateless("stateless refresh", run -> {
                        Row row = run.row(1);
                        run.set(row, run.value(3));
                        run.stateless().refresh(row);
                        return row;
                    })
                    .idly(),
            writesStateless(
                            "get several",
                            run -> run.stateless().getMultiple(run.entity(), List.of(run.key(1), run.key(3))))
                    .idly(),
            writesStateless("insert several", run -> {
                run.stateless().insertMultiple(rows(run));
                return null;
            }),
            writesStateless("update several", run -> {
                List<Row> rows = found(run);
                rows.forEach(row -> run.set(row, run.value(3)));
                run.stateless().updateMultiple(rows);
                return null;
            }),
            writesStateless("upsert several", run -> {
                run.stateless().upsertMultiple(rows(run));
                return null;
            }),
            writesStateless("delete several", run -> {
                run.stateless().deleteMultiple(found(run));
                return null;
            }),
            writesStateless("stateless delete", run -> {
                run.stateless().delete(run.row(1));
                return null;
            }));

    private static final List<Way> BULK = List.of(
            writes("update by parameter", run -> run.execute("update $ r set r.# = ?1 where r.nr = 1", run.value(2))),
            writes(
                    "update by parameter, of the root",
                    run -> run.execute("update " + run.root() + " r set r.# = ?1 where r.nr = 1", run.value(2))),
            writes("update by parameter, twice", run -> {
                run.execute("update $ r set r.# = ?1 where r.nr = ?2", run.value(2), 1);
                return run.execute("update $ r set r.# = ?1 where r.nr = ?2", run.value(3), 2);
            }),
            writes(
                            "update by literal",
                            run -> run.execute("update $ r set r.# = " + run.literal(1) + " where r.nr = 1"))
                    .withLiterals(),
            writes("update to null", run -> run.execute("update $ r set r.# = null where r.nr = 1")),
            writes(
                    "update by a parameter that is null",
                    run -> run.execute("update $ r set r.# = ?1 where r.nr = 1", (Object) null)),
            writes(
                    "update of two attributes",
                    run -> run.execute("update $ r set r.note = ?1, r.# = ?2 where r.nr = 1", "n", run.value(2))),
            writes(
                            "update by its own value",
                            run -> run.execute("update $ r set r.# = r.# * 2 + ?1 where r.nr < 3", run.value(0)))
                    .of(NUMBER),
            writes(
                            "update by its own text",
                            run -> run.execute("update $ r set r.# = concat(upper(r.#), ?1) where r.nr < 3", "x"))
                    .of(TEXT),
            writes("update by another attribute", run -> run.execute("update $ r set r.# = r.nr + 5"))
                    .of(NUMBER),
            writes(
                            "update by a case",
                            run -> run.execute(
                                    "update $ r set r.# = case when r.nr = 1 then " + run.literal(1) + " else r.# end"))
                    .withLiterals(),
            writes(
                    "update by a query",
                    run -> run.execute("update $ r set r.# = (select o.# from $ o where o.nr = 2) where r.nr = 1")),
            writes(
                            "update where it is equal",
                            run -> run.execute("update $ r set r.# = ?1 where r.# = ?2", run.value(2), run.value(0)))
                    .of(EQUAL),
            writes(
                            "update of another where it is equal",
                            run -> run.execute("update $ r set r.note = 'n' where r.# = ?1", run.value(0)))
                    .of(EQUAL),
            writes(
                            "update of another where it is greater",
                            run -> run.execute("update $ r set r.note = 'n' where r.# > ?1", run.value(0)))
                    .of(ORDERED),
            writes(
                            "versioned update",
                            run -> run.execute("update versioned $ r set r.# = ?1 where r.nr = 1", run.value(2)))
                    .of(Trait.VERSIONED),
            writes("update of what is loaded, then refreshed", run -> {
                Row row = row(run, 1);
                run.execute("update $ r set r.# = ?1 where r.nr = 1", run.value(2));
                run.session().refresh(row);
                return row;
            }),
            writes("criteria update by value", run -> run.criteriaUpdate((builder, attribute) -> run.value(2))),
            writes("criteria update to null", run -> run.criteriaUpdate((builder, attribute) -> null)),
            writes(
                            "criteria update by expression",
                            run -> run.criteriaUpdate((builder, attribute) -> builder.sum(number(attribute), 1L)))
                    .where(shape -> shape.values().type() == Long.class),
            writes("delete where it is equal", run -> run.execute("delete from $ r where r.# = ?1", run.value(0)))
                    .of(EQUAL),
            writes("delete where it is null", run -> run.execute("delete from $ r where r.# is null")),
            writes("delete where it is greater", run -> run.execute("delete from $ r where r.# > ?1", run.value(0)))
                    .of(ORDERED),
            writes(
                            "insert of a parameter",
                            run -> run.execute("insert into $ (id, nr, #) values (?1, 4, ?2)", 4L, run.value(2)))
                    .of(Trait.NUMBERED),
            writes(
                            "insert of literals",
                            run -> run.execute("insert into $ (id, nr, #) values (4, 4, " + run.literal(0)
                                    + "), (5, 5, " + run.literal(1) + ")"))
                    .of(Trait.NUMBERED)
                    .withLiterals(),
            writes("insert of null", run -> run.execute("insert into $ (id, nr, #) values (4, 4, null)"))
                    .of(Trait.NUMBERED),
            writes("insert without it", run -> run.execute("insert into $ (id, nr) values (4, 4)"))
                    .of(Trait.NUMBERED),
            writes(
                            "insert of a selection",
                            run -> run.execute("insert into $ (id, nr, #) select r.id + 10, r.nr + 10, r.# from $ r"))
                    .of(Trait.NUMBERED),
            writes(
                            "insert of a computed selection",
                            run -> run.execute(
                                    "insert into $ (id, nr, #) select r.id + 10, r.nr + 10, r.# + 1 from $ r"))
                    .of(Trait.NUMBERED)
                    .of(NUMBER),
            writes(
                            "insert of another attribute",
                            run -> run.execute("insert into $ (id, nr, #) select r.id + 10, r.nr + 10, r.id from $ r"))
                    .of(Trait.NUMBERED)
                    .where(shape -> shape.values().type() == Long.class),
            writes(
                            "insert of a selected parameter",
                            run -> run.execute(
                                    "insert into $ (id, nr, #) select r.id + 10, r.nr + 10, ?1 from $ r", run.value(2)))
                    .of(Trait.NUMBERED),
            writes(
                            "on conflict do nothing",
                            run -> run.execute(
                                    "insert into $ (id, nr, #) values (1, 1, ?1) on conflict do nothing", run.value(2)))
                    .of(Trait.NUMBERED)
                    .idly(),
            writes(
                            "on conflict update to what was to be inserted",
                            run -> run.execute(
                                    "insert into $ (id, nr, #) values (1, 1, ?1), (4, 4, ?1)"
                                            + " on conflict (id) do update set # = excluded.#",
                                    run.value(2)))
                    .of(Trait.NUMBERED),
            writes(
                            "on conflict update by parameter",
                            run -> run.execute(
                                    "insert into $ (id, nr, #) values (1, 1, ?1) on conflict (id) do update set # = ?2",
                                    run.value(2),
                                    run.value(3)))
                    .of(Trait.NUMBERED),
            writes("delete where it is equal, by criteria", run -> run.criteriaDelete(run.value(0)))
                    .of(EQUAL),
            writes("insert of a value, by criteria", run -> run.criteriaInsert(4, run.value(2), null))
                    .of(Trait.NUMBERED),
            writes("insert of a selection, by criteria", Run::criteriaInsertOfAll)
                    .of(Trait.NUMBERED),
            writes("on conflict update by criteria", run -> run.criteriaInsert(1, run.value(2), run.value(3)))
                    .of(Trait.NUMBERED));

    private static final List<Way> READS = List.of(
            reads("find", run -> run.session().find(run.entity(), run.key(1))),
            reads("find several", run -> run.session().findMultiple(run.entity(), List.of(run.key(1), run.key(3)))),
            reads(
                    "find with a lock",
                    run -> run.session().find(run.entity(), run.key(2), LockModeType.PESSIMISTIC_READ)),
            reads("find by an entity graph", run -> run.session().find(graph(run), run.key(1))),
            reads("refresh with a lock", run -> {
                Row row = row(run, 1);
                run.session().refresh(row, LockModeType.PESSIMISTIC_WRITE);
                return row;
            }),
            reads("all", run -> run.list("from $ r order by r.nr")),
            reads(
                    "all, locked",
                    run -> run.query("from $ r order by r.nr")
                            .setHibernateLockMode(LockMode.PESSIMISTIC_WRITE)
                            .getResultList()),
            reads(
                    "all by an entity graph",
                    run -> run.session()
                            .createSelectionQuery(run.shape().hql("from $ r order by r.nr"), graph(run))
                            .getResultList()),
            reads("scrolled", run -> {
                List<Object> found = new ArrayList<>();
                try (var scroll = run.query("from $ r order by r.nr").scroll()) {
                    while (scroll.next()) {
                        found.add(Objects.requireNonNull(scroll.get()));
                    }
                }
                return found;
            }),
            reads("equal to a parameter", run -> run.list("select r.nr from $ r where r.# = ?1", run.value(0)))
                    .of(EQUAL),
            reads("equal to a literal", run -> run.list("select r.nr from $ r where r.# = " + run.literal(0)))
                    .of(EQUAL)
                    .withLiterals(),
            reads("not equal", run -> run.list("select r.nr from $ r where r.# <> ?1", run.value(0)))
                    .of(EQUAL),
            reads(
                            "distinct from",
                            run -> run.list(
                                    "select r.nr from $ r where r.# is distinct from ?1 order by r.nr", run.value(0)))
                    .of(EQUAL),
            reads(
                            "in parameters",
                            run -> run.list(
                                    "select r.nr from $ r where r.# in ?1 order by r.nr",
                                    List.of(run.value(0), run.value(1))))
                    .of(EQUAL),
            reads("in literals", run -> run.list("select r.nr from $ r where r.# in (" + run.literal(1) + ")"))
                    .of(EQUAL)
                    .withLiterals(),
            reads("not in", run -> run.list("select r.nr from $ r where r.# not in ?1", List.of(run.value(0))))
                    .of(EQUAL),
            reads("is null", run -> run.list("select r.nr from $ r where r.# is null")),
            reads("is not null", run -> run.list("select r.nr from $ r where r.# is not null order by r.nr")),
            reads("greater", run -> run.list("select r.nr from $ r where r.# > ?1", run.value(0)))
                    .of(ORDERED),
            reads(
                            "between",
                            run -> run.list(
                                    "select r.nr from $ r where r.# between ?1 and ?2", run.value(1), run.value(3)))
                    .of(ORDERED),
            reads("like", run -> run.list("select r.nr from $ r where r.# like ?1", "A%"))
                    .of(TEXT),
            reads("like, cast", run -> run.list("select r.nr from $ r where cast(r.# as string) like '1000%'"))
                    .of(NUMBER),
            reads("upper", run -> run.list("select upper(r.#) from $ r where upper(r.#) = 'ANN'"))
                    .of(TEXT),
            reads("sorted", run -> run.list("select r.nr from $ r order by r.#, r.nr"))
                    .of(ORDERED),
            reads("sorted downwards", run -> run.list("select r.nr from $ r order by r.# desc nulls last"))
                    .of(ORDERED),
            reads(
                            "a page",
                            run -> run.query("from $ r where r.# is not null order by r.#")
                                    .setFirstResult(1)
                                    .setMaxResults(1)
                                    .getResultList())
                    .of(ORDERED),
            reads(
                            "after a key",
                            run -> run.list(
                                    "from $ r where r.# > ?1 or (r.# = ?1 and r.nr > 1) order by r.#, r.nr",
                                    run.value(0)))
                    .of(ORDERED),
            reads("least and greatest", run -> run.list("select min(r.#), max(r.#) from $ r"))
                    .of(ORDERED),
            reads("sum and average", run -> run.list("select sum(r.#), avg(r.#) from $ r"))
                    .of(NUMBER),
            reads("count", run -> run.list("select count(r.#) from $ r")),
            reads("count of distinct", run -> run.list("select count(distinct r.#) from $ r"))
                    .of(EQUAL),
            reads("computed", run -> run.list("select r.# * 2 + 1 from $ r where r.# + 1 = r.nr * 100 + 1"))
                    .of(NUMBER),
            reads("compared with another attribute", run -> run.list("select r.nr from $ r where r.# = r.nr * 100"))
                    .of(NUMBER),
            reads("projected", run -> run.list("select r.# from $ r order by r.nr")),
            reads("projected beside another", run -> run.list("select r.nr, r.# from $ r order by r.nr")),
            reads("distinct", run -> run.list("select distinct r.# from $ r where r.nr = 1"))
                    .of(EQUAL),
            reads("grouped", run -> run.list("select r.#, count(*) from $ r where r.nr = 2 group by r.#"))
                    .of(EQUAL),
            reads(
                            "having",
                            run -> run.list(
                                    "select r.nr from $ r group by r.nr having max(r.#) > ?1 order by r.nr",
                                    run.value(0)))
                    .of(ORDERED),
            reads("coalesced", run -> run.list("select coalesce(r.#, " + run.literal(1) + ") from $ r order by r.nr"))
                    .withLiterals(),
            reads(
                            "in a case",
                            run -> run.list("select case when r.nr = 1 then r.# else " + run.literal(1)
                                    + " end from $ r order by r.nr"))
                    .withLiterals(),
            reads(
                            "in a subquery",
                            run -> run.list(
                                    "select r.nr from $ r where r.nr in (select o.nr from $ o where o.# = ?1)",
                                    run.value(1)))
                    .of(EQUAL),
            reads("against a subquery", run -> run.list("select r.nr from $ r where r.# = (select max(o.#) from $ o)"))
                    .of(ORDERED),
            reads("joined", run -> run.list("select r.nr, o.nr from $ r join $ o on r.# = o.# order by r.nr"))
                    .of(EQUAL),
            reads(
                            "exists",
                            run -> run.list(
                                    "select r.nr from $ r where exists (select 1 from $ o where o.# > r.#) order by r.nr"))
                    .of(ORDERED),
            reads(
                    "from a subquery",
                    run -> run.list("select x.a from (select o.# as a, o.nr as n from $ o) x order by x.n")),
            reads(
                    "united",
                    run -> run.list("select r.# from $ r where r.nr = 1 union all select o.# from $ o where o.nr = 1")),
            reads(
                            "ranked",
                            run -> run.list(
                                    "select rank() over (order by r.#), r.nr from $ r where r.nr < 3 order by r.nr"))
                    .of(ORDERED),
            reads(
                            "criteria equal",
                            run -> run.criteria(
                                    (builder, query, attribute) -> query.where(builder.equal(attribute, run.value(0)))))
                    .of(EQUAL),
            reads(
                            "criteria in",
                            run -> run.criteria((builder, query, attribute) ->
                                    query.where(attribute.in(run.value(0), run.value(2)))))
                    .of(EQUAL),
            reads(
                            "criteria greater",
                            run -> run.criteria((builder, query, attribute) ->
                                    query.where(greaterThan(builder, attribute, run.value(0)))))
                    .of(ORDERED),
            reads(
                            "criteria sorted",
                            run -> run.criteria((builder, query, attribute) ->
                                    query.where(attribute.isNotNull()).orderBy(builder.desc(attribute))))
                    .of(ORDERED),
            reads(
                            "criteria like",
                            run -> run.criteria((builder, query, attribute) ->
                                    query.where(builder.like(attribute.as(String.class), "A%"))))
                    .of(TEXT),
            reads(
                    "number of results",
                    run -> run.query("from $ r where r.# is not null").getResultCount()),
            reads(
                            "native, of entities",
                            run -> run.session()
                                    .createNativeQuery("select * from " + table(run) + " order by nr", run.entity())
                                    .getResultList())
                    .where(shape -> shape.tables().size() == 1),
            reads(
                            "native, by alias",
                            run -> run.session()
                                    .createNativeQuery(
                                            "select {r.*} from " + table(run) + " r order by r.nr", Object.class)
                                    .addEntity("r", run.entity())
                                    .getResultList())
                    .where(shape -> shape.tables().size() == 1));

    static final List<Way> ALL =
            Stream.of(ENTITIES, BULK, READS).flatMap(List::stream).toList();

    static {
        // A name stands for one way on the list of refusals.
        if (ALL.stream().map(Way::name).distinct().count() < ALL.size()) {
            throw new IllegalStateException("Two ways have one name.");
        }
    }

    private Ways() {}

    private static @Nullable Object flushed(Run run, Runnable change) {
        change.run();
        run.session().flush();
        return null;
    }

    private static Row row(Run run, int nr) {
        return run.row(nr);
    }

    private static List<Row> rows(Run run) {
        return IntStream.range(11, 14)
                .mapToObj(nr -> run.fresh(nr, run.shape().values().any(nr)))
                .toList();
    }

    private static List<Row> found(Run run) {
        return run.list("from $ r where r.nr < 3 order by r.nr").stream()
                .map(Row.class::cast)
                .toList();
    }

    @SuppressWarnings("unchecked")
    private static RootGraph<Row> graph(Run run) {
        RootGraph<Row> graph = (RootGraph<Row>) run.session().createEntityGraph(run.entity());
        graph.addAttributeNodes(run.shape().path().get(0));
        return graph;
    }

    private static String table(Run run) {
        return run.shape().tables().keySet().iterator().next();
    }

    @SuppressWarnings("unchecked")
    private static <T extends Comparable<T>> Predicate greaterThan(
            CriteriaBuilder builder, Expression<?> attribute, Object value) {
        return builder.greaterThan((Expression<T>) attribute, (T) value);
    }

    private static Expression<Long> number(Expression<Object> attribute) {
        return attribute.as(Long.class);
    }
}
