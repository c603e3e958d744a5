package dev.segue.hibernate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.hibernate.model.Person;
import dev.segue.hibernate.model.Person.Name;
import dev.segue.hibernate.model.Person.Size;
import dev.segue.hibernate.model.Person.Span;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Side;
import dev.segue.test.database.Engine;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.hibernate.SessionFactory;
import org.hibernate.resource.jdbc.spi.StatementInspector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Attributes of several columns, or in the place of several, are right on both sides however they are written. */
@ParameterizedClass(name = "{0} {1}")
@MethodSource("everyPhase")
class GroupTest {

    private static final Map<String, String> BEFORE = columns(
            "display_name varchar(80)",
            "measure varchar(20)",
            "street varchar(40)",
            "town varchar(40)",
            "start_at int",
            "duration int");
    private static final Map<String, String> AFTER = columns(
            "first_name varchar(40)",
            "last_name varchar(40)",
            "width int",
            "height int",
            "address varchar(60)",
            "since int",
            "till int");

    private final Phase phase;
    private final Bench bench;
    private final SessionFactory factory;
    private final List<String> sql = new CopyOnWriteArrayList<>();

    GroupTest(Engine engine, Phase phase) {
        this.phase = phase;
        this.bench = new Bench(engine, phase);
        bench.database.execute(
                "CREATE TABLE person (id bigint PRIMARY KEY, version int NOT NULL, note varchar(20))",
                "CREATE TABLE visitor (id bigint PRIMARY KEY, note varchar(20))");
        for (Map<String, String> side : List.of(BEFORE, AFTER)) {
            if (phase.writes(side == BEFORE ? Side.OLD : Side.NEW)) {
                side.forEach((name, type) -> {
                    bench.database.execute("ALTER TABLE person ADD COLUMN " + name + " " + type);
                    if (name.endsWith("_name")) {
                        bench.database.execute("ALTER TABLE visitor ADD COLUMN " + name + " " + type);
                    }
                });
            }
        }
        this.factory = bench.factory(
                List.of("person-name", "person-size", "person-address", "person-span", "visitor-name"),
                Map.of("hibernate.session_factory.statement_inspector", (StatementInspector) statement -> {
                    sql.add(statement);
                    return statement;
                }),
                Person.class,
                Person.Visitor.class);
    }

    private static Map<String, String> columns(String... definitions) {
        Map<String, String> columns = new LinkedHashMap<>();
        for (String definition : definitions) {
            int space = definition.indexOf(' ');
            columns.put(definition.substring(0, space), definition.substring(space + 1));
        }
        return columns;
    }

    static Stream<Arguments> everyPhase() {
        return Bench.everyPhase();
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private boolean readsOld() {
        return phase.reads() == Side.OLD;
    }

    private void change(Consumer<Person> change) {
        factory.inTransaction(session -> change.accept(session.find(Person.class, 1L)));
    }

    private List<@Nullable Object> row(Map<String, String> side, long id) {
        Map<String, Object> row = bench.database
                .rows("SELECT " + String.join(", ", side.keySet()) + " FROM person WHERE id = " + id)
                .get(0);
        return Arrays.asList(side.keySet().stream().map(row::get).toArray());
    }

    /** The sides that the phase writes. */
    private void assertRow(long id, List<@Nullable Object> before, List<@Nullable Object> after) {
        if (phase.writes(Side.OLD)) {
            assertThat(row(BEFORE, id)).isEqualTo(before);
        }
        if (phase.writes(Side.NEW)) {
            assertThat(row(AFTER, id)).isEqualTo(after);
        }
    }

    private void assertAnn(long id) {
        assertRow(
                id,
                List.of("Ann Lee", "3x4", "Main", "Rome", 10, 5),
                List.of("Ann", "Lee", 3, 4, "Main, Rome", 10, 15));
    }

    @Test
    void everyWayToWriteWritesBothSides() {
        factory.inTransaction(session -> session.persist(new Person(1, "Ann", "Lee")));
        assertThat(sql).as("one INSERT").hasSize(1);
        assertAnn(1);
        sql.clear();
        change(person -> {
            assertThat(Objects.requireNonNull(person.name).first).isEqualTo("Ann");
            assertThat(person.name.last).isEqualTo("Lee");
            assertThat(person.size).isEqualTo(new Size(3, 4));
            assertThat(person.address).isEqualTo("Main, Rome");
            assertThat(person.span).isEqualTo(new Span(10, 15));
        });
        assertThat(sql).as("a read is no reason to write").hasSize(1);

        change(person -> Objects.requireNonNull(person.name).last = "Ray");
        assertRow(
                1, List.of("Ann Ray", "3x4", "Main", "Rome", 10, 5), List.of("Ann", "Ray", 3, 4, "Main, Rome", 10, 15));
        assertThat(bench.database.value("SELECT version FROM person WHERE id = 1", Integer.class))
                .isEqualTo(1);
        change(person -> person.size = new Size(5, 6));
        change(person -> person.address = "Side, Oslo");
        change(person -> person.span = new Span(10, 30));
        assertRow(
                1,
                List.of("Ann Ray", "5x6", "Side", "Oslo", 10, 20),
                List.of("Ann", "Ray", 5, 6, "Side, Oslo", 10, 30));
        change(person -> person.note = "n");
        assertRow(
                1,
                List.of("Ann Ray", "5x6", "Side", "Oslo", 10, 20),
                List.of("Ann", "Ray", 5, 6, "Side, Oslo", 10, 30));

        Person detached = factory.fromTransaction(session -> session.find(Person.class, 1L));
        detached.name = new Name("Ann", "Lee");
        detached.size = new Size(3, 4);
        detached.address = "Main, Rome";
        detached.span = new Span(10, 15);
        factory.inTransaction(session -> session.merge(detached));
        assertAnn(1);
        factory.inTransaction(session -> session.merge(new Person(2, "Ann", "Lee")));
        assertAnn(2);

        factory.inTransaction(session -> {
            Person ahead = new Person(4, "Bob", "Ray");
            session.persist(ahead);
            Objects.requireNonNull(ahead.name).last = "Lee";
            session.flush();
            ahead.name.first = "Ann";
        });
        assertAnn(4);

        factory.inStatelessTransaction(session -> session.insert(new Person(3, "Bob", "Lee")));
        factory.inStatelessTransaction(session -> {
            Person found = Objects.requireNonNull(session.get(Person.class, 3L));
            Objects.requireNonNull(found.name).first = "Ann";
            session.update(found);
        });
        assertAnn(3);
        factory.inTransaction(session -> {
            Person found = session.find(Person.class, 3L);
            found.note = "first flush";
            session.flush();
            Objects.requireNonNull(found.name).first = "Amy";
            session.flush();
            session.refresh(found);
            assertThat(Objects.requireNonNull(found.name).first).isEqualTo("Amy");
            found.name.first = "Ann";
        });
        assertAnn(3);

        change(person -> {
            person.name = null;
            person.size = null;
            person.address = null;
            person.span = null;
        });
        assertThat(row(phase.writes(Side.OLD) ? BEFORE : AFTER, 1)).containsOnlyNulls();
        assertThat(row(phase.writes(Side.NEW) ? AFTER : BEFORE, 1)).containsOnlyNulls();
        change(person -> {
            assertThat(person.name).isNull();
            assertThat(person.size).isNull();
            assertThat(person.address).isNull();
            person.name = new Name("Ann", "Lee");
            person.size = new Size(3, 4);
            person.address = "Main, Rome";
            person.span = new Span(10, 15);
        });
        assertAnn(1);
    }

    @Test
    void batchesNeedNoMoreStatements() {
        factory.inTransaction(
                session -> LongStream.rangeClosed(1, 25).forEach(id -> session.persist(new Person(id, "Bob", "Lee"))));
        sql.clear();
        factory.inTransaction(session -> session.createSelectionQuery("from Person", Person.class)
                .getResultList()
                .forEach(person -> Objects.requireNonNull(person.name).first = "Ann"));
        assertThat(sql).hasSize(2);
        assertAnn(25);
    }

    @Test
    void anUpdateOfOnlyTheChangedColumnsHasEverySide() {
        Person.Visitor visitor = new Person.Visitor();
        visitor.id = 1;
        visitor.name = new Name("Ann", "Lee");
        factory.inStatelessTransaction(session -> session.upsert(visitor));
        sql.clear();
        factory.inTransaction(session ->
                Objects.requireNonNull(session.find(Person.Visitor.class, 1L).name).last = "Ray");
        factory.inTransaction(session -> session.find(Person.Visitor.class, 1L).note = "n");

        assertThat(sql.stream().filter(one -> one.startsWith("update") && one.contains("_name")))
                .hasSize(1);
        Map<String, Object> row =
                bench.database.rows("SELECT * FROM visitor WHERE id = 1").get(0);
        assertThat(row)
                .containsEntry("note", "n")
                .containsAllEntriesOf(phase.writes(Side.OLD) ? Map.of("display_name", "Ann Ray") : Map.of())
                .containsAllEntriesOf(
                        phase.writes(Side.NEW) ? Map.of("first_name", "Ann", "last_name", "Ray") : Map.of());
    }

    @Test
    void aValueThatDoesNotSurviveIsRefused() {
        factory.inTransaction(session -> session.persist(new Person(1, "Ann", "Lee")));
        List<Runnable> writes = List.of(
                () -> factory.inTransaction(session -> session.persist(new Person(2, "Ann Mary", "Lee"))),
                () -> factory.inStatelessTransaction(session -> session.insert(new Person(2, "Ann Mary", "Lee"))),
                () -> change(person -> Objects.requireNonNull(person.name).first = "Ann Mary"),
                () -> factory.inStatelessTransaction(session -> {
                    Person found = Objects.requireNonNull(session.get(Person.class, 1L));
                    found.name = new Name("Ann Mary", "Lee");
                    session.update(found);
                }));
        for (Runnable write : writes) {
            assertThatThrownBy(write::run)
                    .isInstanceOf(ValueRefusedException.class)
                    .hasMessageContaining("Person.name")
                    .hasMessageContaining("person-name")
                    .hasMessageNotContaining("Mary");
        }
        assertAnn(1);
    }

    @Test
    void anOldValueThatDoesNotSurviveStaysUntilItIsSet() {
        if (!readsOld()) {
            return;
        }
        factory.inTransaction(session -> session.persist(new Person(1, "Ann", "Lee")));
        for (String lossy : List.of("display_name = 'Ann Lee Ray'", "street = 'Main, St'")) {
            bench.database.execute("UPDATE person SET display_name = 'Ann Lee', street = 'Main'");
            bench.database.execute("UPDATE person SET " + lossy);
            assertThatThrownBy(() -> change(person -> person.note = "n"))
                    .isInstanceOf(ValueRefusedException.class)
                    .hasMessageContaining(lossy.startsWith("d") ? "Person.name" : "Person.address")
                    .hasMessageContaining("in " + phase.id());
            assertThat(bench.database.value("SELECT count(*) FROM person WHERE " + lossy, Long.class))
                    .isEqualTo(1);
        }
        change(person -> person.address = "Side, Oslo");
        assertThat(row(BEFORE, 1)).containsExactly("Ann Lee", "3x4", "Side", "Oslo", 10, 5);
    }

    private List<Long> ids(String hql) {
        return factory.fromTransaction(
                session -> session.createSelectionQuery(hql, Long.class).getResultList());
    }

    @Test
    void queriesAreRightWhereSqlConvertsAndElseRefused() {
        factory.inTransaction(session -> {
            session.persist(new Person(1, "Ann", "Lee"));
            session.persist(new Person(2, "Bob", "Ray"));
        });
        if (readsOld() && phase.writes(Side.NEW)) {
            bench.database.execute("UPDATE person SET first_name = 'x', width = 9, address = 'y' WHERE id = 1");
        }
        String from = "select p.id from Person p where ";
        assertThat(ids(from + "p.name.first = 'Ann'")).containsExactly(1L);
        assertThat(ids(from + "p.name.last like 'R%' order by p.name.first")).containsExactly(2L);
        assertThat(ids(from + "p.address = 'Main, Rome' and p.span.till > 14 order by p.name.last desc"))
                .containsExactly(2L, 1L);
        assertThat(factory.<Name>fromTransaction(session -> session.createSelectionQuery(
                                        "select p.name from Person p where p.id = 1", Name.class)
                                .getSingleResult())
                        .first)
                .isEqualTo("Ann");
        assertThat(factory.<Integer>fromTransaction(session -> session.createSelectionQuery(
                                "select p.size.width from Person p where p.id = 1", Integer.class)
                        .getSingleResult()))
                .isEqualTo(3);
        for (String hql : List.of(from + "p.size.width = 3", "select p.id from Person p order by p.size.height")) {
            if (readsOld()) {
                assertThatThrownBy(() -> ids(hql))
                        .isInstanceOf(StatementRefusedException.class)
                        .hasMessageContaining("Person.size")
                        .hasMessageContaining("in " + phase.id());
            } else {
                assertThat(ids(hql)).hasSize(2);
            }
        }
        bench.mismatches.clear();
        factory.inTransaction(session -> session.find(Person.class, 1L));
        assertThat(bench.mismatches)
                .containsExactlyInAnyOrderElementsOf(
                        phase == Phase.SHADOW_READ
                                ? List.of("person-name", "person-size", "person-address")
                                : List.of());
    }

    @Test
    void aBulkStatementThatAssignsAPartIsRefusedWhileTheOldSideIsWritten() {
        factory.inTransaction(session -> session.persist(new Person(1, "Ann", "Lee")));
        for (String hql : List.of(
                "update Person set name.first = 'Bob'",
                "update Person set address = 'Side, Oslo'",
                "update Person set size.width = 9, size.height = 9",
                "insert into Person (id, version, address) values (2, 0, 'Side, Oslo')")) {
            Runnable run = () -> factory.inTransaction(
                    session -> session.createMutationQuery(hql).executeUpdate());
            if (phase.writes(Side.OLD)) {
                assertThatThrownBy(run::run)
                        .as(hql)
                        .isInstanceOf(StatementRefusedException.class)
                        .hasMessageMatching("(?s).*Person\\.(name|address|size) .*person-(name|address|size).*in "
                                + phase.id() + ".*");
            } else {
                run.run();
            }
        }
        if (phase.writes(Side.OLD)) {
            assertAnn(1);
        }
    }
}
