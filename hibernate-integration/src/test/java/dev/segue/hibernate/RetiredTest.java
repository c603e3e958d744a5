package dev.segue.hibernate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.lifecycle.Phase;
import dev.segue.test.database.Engine;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Index;
import jakarta.persistence.Inheritance;
import jakarta.persistence.InheritanceType;
import jakarta.persistence.Table;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.hibernate.SessionFactory;
import org.hibernate.resource.jdbc.spi.StatementInspector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An attribute whose column goes is itself in old-only, and nothing in new-only. */
@ParameterizedClass(name = "{0} {1}")
@MethodSource("phases")
class RetiredTest {

    @Entity(name = "Contact")
    @Table(name = "contact", indexes = @Index(columnList = "fax, note"))
    public static class Contact {

        @Id
        public long id;

        @Column(name = "fax", nullable = false)
        @Retires(change = "contact-fax", fill = "'none'")
        public @Nullable String fax;

        @Enumerated(EnumType.STRING)
        @Column(name = "kind", length = 10)
        @Retires(change = "contact-kind")
        public @Nullable Kind kind;

        @Embedded
        public @Nullable Telex telex = new Telex();

        public @Nullable String note;

        public Contact() {}

        public Contact(long id, String fax) {
            this.id = id;
            this.fax = fax;
        }
    }

    public enum Kind {
        NEAR,
        FAR
    }

    @Embeddable
    public static class Telex {

        @Column(name = "telex")
        @Retires(change = "contact-telex")
        public @Nullable Integer number;

        public @Nullable String operator;
    }

    @Entity(name = "Root")
    @Table(name = "root")
    @Inheritance(strategy = InheritanceType.JOINED)
    public static class Root {

        @Id
        public long id;
    }

    @Entity(name = "Branch")
    @Table(name = "branch")
    public static class Branch extends Root {

        @Column(name = "leaf")
        @Retires(change = "branch-leaf")
        public @Nullable String leaf;
    }

    private static final List<String> COLUMNS = List.of("fax", "kind", "telex");

    private final Phase phase;
    private final Bench bench;
    private final SessionFactory factory;
    private final List<String> sql = new CopyOnWriteArrayList<>();

    RetiredTest(Engine engine, Phase phase) {
        this.phase = phase;
        this.bench = new Bench(engine, phase);
        bench.database.execute(
                "CREATE TABLE contact (id bigint PRIMARY KEY, fax varchar(255) DEFAULT 'none' NOT NULL, kind varchar(10),"
                        + " telex int, operator varchar(20), note varchar(20))",
                "CREATE TABLE root (id bigint PRIMARY KEY)",
                "CREATE TABLE branch (id bigint PRIMARY KEY, leaf varchar(255))",
                "INSERT INTO contact VALUES (1, 'fax 1', 'NEAR', 5, 'Ann', NULL)");
        this.factory = bench.factory(
                List.of("contact-fax", "contact-kind", "contact-telex", "branch-leaf"),
                Map.of("hibernate.session_factory.statement_inspector", (StatementInspector) statement -> {
                    sql.add(statement);
                    return statement;
                }),
                Contact.class,
                Root.class,
                Branch.class);
    }

    static Stream<Arguments> phases() {
        return PhaseMappingTest.everyPhase()
                .filter(each -> each.get()[1] == Phase.OLD_ONLY || each.get()[1] == Phase.NEW_ONLY);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private boolean isGone() {
        return phase == Phase.NEW_ONLY;
    }

    private void assertRow(long id, @Nullable Object... values) {
        assertThat(bench.database
                        .rows("SELECT fax, kind, telex FROM contact WHERE id = " + id)
                        .get(0)
                        .values())
                .containsExactly(values);
    }

    private Contact find(long id) {
        return factory.fromTransaction(session -> session.find(Contact.class, id));
    }

    @Test
    void itsColumnIsLeftAloneInEveryWayToWrite() {
        Contact found = find(1);
        assertThat(found.fax).isEqualTo(isGone() ? null : "fax 1");
        assertThat(found.kind).isEqualTo(isGone() ? null : Kind.NEAR);
        assertThat(Objects.requireNonNull(found.telex).number).isEqualTo(isGone() ? null : (Integer) 5);
        assertThat(found.telex.operator).isEqualTo("Ann");

        factory.inTransaction(session -> {
            Contact contact = session.find(Contact.class, 1L);
            contact.note = "n";
            contact.fax = "fax 2";
            contact.kind = Kind.FAR;
            Objects.requireNonNull(contact.telex).number = 6;
        });
        if (isGone()) {
            assertRow(1, "fax 1", "NEAR", 5);
        } else {
            assertRow(1, "fax 2", "FAR", 6);
        }
        Contact detached = find(1);
        detached.fax = "fax 3";
        detached.note = "merged";
        factory.inTransaction(session -> session.merge(detached));
        factory.inStatelessTransaction(session -> {
            detached.fax = "fax 4";
            detached.note = "again";
            session.update(detached);
        });
        factory.inStatelessTransaction(session -> session.upsert(detached));
        if (isGone()) {
            assertRow(1, "fax 1", "NEAR", 5);
        } else {
            assertRow(1, "fax 4", "FAR", 6);
        }
        assertThat(bench.database.value("SELECT note FROM contact", String.class))
                .isEqualTo("again");

        factory.inTransaction(session -> session.persist(new Contact(2, "given")));
        factory.inStatelessTransaction(session -> session.insert(new Contact(3, "given")));
        factory.inStatelessTransaction(session -> session.upsert(new Contact(4, "given")));
        for (long id = 2; id <= 4; id++) {
            assertRow(id, isGone() ? "none" : "given", null, null);
        }
        if (isGone()) {
            assertThat(sql).noneMatch(one -> COLUMNS.stream().anyMatch(one::contains));
            for (String column : COLUMNS) {
                bench.database.execute("ALTER TABLE contact DROP COLUMN " + column);
            }
            factory.inTransaction(session -> session.find(Contact.class, 1L).note = "still there");
            factory.inTransaction(session -> session.remove(session.find(Contact.class, 2L)));
        }
    }

    @Test
    void whatWouldActOnValuesThatAreGoneIsRefused() {
        bench.database.execute("INSERT INTO root VALUES (1)", "INSERT INTO branch VALUES (1, 'leaf')");
        List<String> statements = List.of(
                "select c.id from Contact c where c.fax = 'fax 1'",
                "select c.id from Contact c where c.kind = NEAR",
                "select c.id from Contact c where c.fax is null",
                "select c.id from Contact c where c.telex.number > 4",
                "select c.id from Contact c order by c.fax",
                "select count(c.kind) from Contact c",
                "select upper(c.fax) from Contact c",
                "select c.id from Contact c group by c.id, c.kind",
                "update Contact set fax = 'x'",
                "update Contact set note = fax",
                "update Contact set note = 'n' where kind is not null",
                "delete Contact where fax is null",
                "delete Contact where telex.number is null",
                "insert into Contact (id, fax) values (7, 'x')",
                "insert into Contact (id, fax, note) select c.id + 10, 'x', c.fax from Contact c",
                "update Branch set leaf = 'x'",
                "delete Branch where leaf is null");
        for (String statement : statements) {
            Runnable run = () -> factory.inTransaction(session -> {
                if (statement.startsWith("select")) {
                    session.createSelectionQuery(statement, Object.class).getResultList();
                } else {
                    session.createMutationQuery(statement).executeUpdate();
                }
            });
            if (isGone()) {
                assertThatThrownBy(run::run)
                        .as(statement)
                        .isInstanceOf(StatementRefusedException.class)
                        .hasMessageMatching(".*(Contact|Telex|Branch)\\.(fax|kind|number|leaf) .*")
                        .hasMessageContaining("in new-only it has no column")
                        .hasMessageContaining("go back to old-only");
            } else {
                run.run();
            }
        }
        if (isGone()) {
            assertRow(1, "fax 1", "NEAR", 5);
            assertThat(bench.database.value("SELECT count(*) FROM contact", Long.class))
                    .isEqualTo(1);
        }
        assertThat(factory.<List<Object[]>>fromTransaction(session -> session.createSelectionQuery(
                                "select c.id, c.kind, c.telex.number from Contact c where c.id = 1", Object[].class)
                        .getResultList()))
                .singleElement()
                .isEqualTo(isGone() ? new Object[] {1L, null, null} : new Object[] {1L, Kind.NEAR, 5});
    }
}
