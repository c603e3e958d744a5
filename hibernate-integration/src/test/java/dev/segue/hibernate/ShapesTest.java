package dev.segue.hibernate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.lifecycle.Phase;
import dev.segue.test.database.Engine;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Index;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.Lob;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.MappedSuperclass;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OrderBy;
import jakarta.persistence.PrePersist;
import jakarta.persistence.PreUpdate;
import jakarta.persistence.SecondaryTable;
import jakarta.persistence.Table;
import jakarta.persistence.UniqueConstraint;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.hibernate.Interceptor;
import org.hibernate.SessionFactory;
import org.hibernate.annotations.DynamicInsert;
import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.annotations.OptimisticLockType;
import org.hibernate.annotations.OptimisticLocking;
import org.hibernate.annotations.SoftDelete;
import org.hibernate.type.SqlTypes;
import org.hibernate.type.Type;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of mapping that is not refused, written and read in every phase. */
@ParameterizedClass(name = "{0} {1}")
@MethodSource("everyPhase")
class ShapesTest {

    private static final String ID = "id bigint PRIMARY KEY";
    private static final String TEXT = "varchar(200)";

    private final Engine engine;
    private final Bench bench;

    ShapesTest(Engine engine, Phase phase) {
        this.engine = engine;
        this.bench = new Bench(engine, phase);
    }

    static Stream<Arguments> everyPhase() {
        return PhaseMappingTest.everyPhase();
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private SessionFactory factory(String change, Class<?>... entities) {
        return bench.factory(List.of(change), Map.of(), entities);
    }

    private void assertColumns(String table, @Nullable String expected) {
        assertThat(bench.columns(table, "name", "full_name", 1))
                .isNotEmpty()
                .allMatch(value -> Objects.equals(value, expected));
    }

    /** Persists it, changes it, and compares the columns with what was set each time. */
    private <T> void roundTrip(SessionFactory factory, Class<T> type, T entity, Attribute<T> attribute, String table) {
        attribute.set(entity, "Ann");
        factory.inTransaction(session -> session.persist(entity));
        assertColumns(table, "Ann");
        factory.inTransaction(session -> {
            T found = session.find(type, 1L);
            assertThat(attribute.get(found)).isEqualTo("Ann");
            attribute.set(found, "Anna");
        });
        assertColumns(table, "Anna");
        factory.inTransaction(session -> attribute.set(session.find(type, 1L), null));
        assertColumns(table, null);
    }

    private interface Attribute<T> {
        @Nullable
        String get(T entity);

        void set(T entity, @Nullable String value);

        static <T> Attribute<T> of(
                java.util.function.Function<T, @Nullable String> getter,
                java.util.function.BiConsumer<T, @Nullable String> setter) {
            return new Attribute<>() {
                @Override
                public @Nullable String get(T entity) {
                    return getter.apply(entity);
                }

                @Override
                public void set(T entity, @Nullable String value) {
                    setter.accept(entity, value);
                }
            };
        }
    }

    @Entity(name = "Person")
    @Table(name = "person")
    @SecondaryTable(name = "profile")
    public static class Person {

        @Id
        public long id;

        public @Nullable String note;

        @Column(name = "full_name", table = "profile")
        @Replaces(change = "full-name", column = "name")
        public @Nullable String fullName;
    }

    @Test
    void inASecondaryTable() {
        bench.database.execute("CREATE TABLE person (" + ID + ", note " + TEXT + ")");
        bench.table("profile", ID, TEXT, "name", "full_name");
        SessionFactory factory = factory("full-name", Person.class);
        Person person = new Person();
        person.id = 1;
        person.fullName = "Ann";
        factory.inTransaction(session -> session.persist(person));
        assertColumns("profile", "Ann");
        factory.inTransaction(session -> {
            Person found = session.find(Person.class, 1L);
            assertThat(found.fullName).isEqualTo("Ann");
            found.fullName = "Anna";
        });
        assertColumns("profile", "Anna");
        factory.inStatelessTransaction(session -> {
            Person found = Objects.requireNonNull(session.get(Person.class, 1L));
            found.fullName = "Anne";
            session.update(found);
        });
        assertColumns("profile", "Anne");
    }

    @Entity(name = "Tenant")
    @Table(name = "tenant")
    @SecondaryTable(name = "residence")
    public static class Tenant {

        @Id
        public long id;

        @Embedded
        public @Nullable Residence residence;

        @Embeddable
        public static class Residence {

            @Column(name = "full_name", table = "residence")
            @Replaces(change = "full-name", column = "name")
            public @Nullable String fullName;

            @Column(table = "residence")
            public @Nullable String street;
        }
    }

    @Test
    void inAnEmbeddedObjectInASecondaryTable() {
        bench.database.execute("CREATE TABLE tenant (" + ID + ")");
        bench.table("residence", ID + ", street " + TEXT, TEXT, "name", "full_name");
        SessionFactory factory = factory("full-name", Tenant.class, Tenant.Residence.class);
        Tenant tenant = new Tenant();
        tenant.id = 1;
        tenant.residence = new Tenant.Residence();
        tenant.residence.fullName = "Ann";
        factory.inTransaction(session -> session.persist(tenant));
        assertColumns("residence", "Ann");
        factory.inTransaction(session -> {
            Tenant.Residence found = Objects.requireNonNull(session.find(Tenant.class, 1L).residence);
            assertThat(found.fullName).isEqualTo("Ann");
            found.fullName = "Anna";
        });
        assertColumns("residence", "Anna");
    }

    @MappedSuperclass
    public abstract static class Named {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "full-name", column = "name")
        public @Nullable String fullName;
    }

    @Entity(name = "Buyer")
    @Table(name = "buyer")
    public static class Buyer extends Named {}

    @Entity(name = "Seller")
    @Table(name = "seller")
    public static class Seller extends Named {}

    @Test
    void inASuperclassOfTwoEntities() {
        bench.table("buyer", ID, TEXT, "name", "full_name");
        bench.table("seller", ID, TEXT, "name", "full_name");
        SessionFactory factory = factory("full-name", Named.class, Buyer.class, Seller.class);
        Buyer buyer = new Buyer();
        buyer.id = 1;
        Seller seller = new Seller();
        seller.id = 1;
        Attribute<Named> attribute = Attribute.of(named -> named.fullName, (named, value) -> named.fullName = value);
        roundTrip(factory, buyer, Buyer.class, attribute, "buyer");
        roundTrip(factory, seller, Seller.class, attribute, "seller");
    }

    private void roundTrip(
            SessionFactory factory,
            Named entity,
            Class<? extends Named> type,
            Attribute<Named> attribute,
            String table) {
        attribute.set(entity, "Ann");
        factory.inTransaction(session -> session.persist(entity));
        assertColumns(table, "Ann");
        factory.inTransaction(session -> attribute.set(session.find(type, 1L), "Anna"));
        assertColumns(table, "Anna");
    }

    @MappedSuperclass
    public abstract static class Generic<T> {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "full-name", column = "name")
        public @Nullable T fullName;
    }

    @Entity(name = "Titled")
    @Table(name = "titled")
    public static class Titled extends Generic<String> {}

    @Test
    void ofAGenericType() {
        bench.table("titled", ID, TEXT, "name", "full_name");
        Titled titled = new Titled();
        titled.id = 1;
        roundTrip(
                factory("full-name", Generic.class, Titled.class),
                Titled.class,
                titled,
                Attribute.of(found -> found.fullName, (found, value) -> found.fullName = value),
                "titled");
    }

    @Entity(name = "Parcel")
    @Table(name = "parcel")
    @DynamicUpdate
    public static class Parcel {

        @Id
        public long id;

        public @Nullable String note;

        @Embedded
        public Outer outer = new Outer();

        @Embeddable
        public static class Outer {

            @Embedded
            public Inner inner = new Inner();

            public @Nullable String weight;
        }

        @Embeddable
        public static class Inner {

            @Column(name = "full_name")
            @Replaces(change = "full-name", column = "name")
            public @Nullable String fullName;

            public @Nullable String street;
        }
    }

    @Test
    void inAnEmbeddedObjectWithinAnotherUpdatedColumnByColumn() {
        String others = ID + ", note %1$s, weight %1$s, street %1$s".formatted(TEXT);
        bench.table("parcel", others, TEXT, "name", "full_name");
        SessionFactory factory = factory("full-name", Parcel.class, Parcel.Outer.class, Parcel.Inner.class);
        Parcel parcel = new Parcel();
        parcel.id = 1;
        parcel.outer.weight = "1 kg";
        parcel.outer.inner.street = "Main";
        roundTrip(
                factory,
                Parcel.class,
                parcel,
                Attribute.of(found -> found.outer.inner.fullName, (found, value) -> found.outer.inner.fullName = value),
                "parcel");
    }

    public enum Tier {
        GOLD,
        SILVER
    }

    /** The name in small letters. */
    public static final class Small implements AttributeConverter<Tier, String> {

        @Override
        public @Nullable String convertToDatabaseColumn(@Nullable Tier value) {
            return value == null ? null : value.name().toLowerCase(Locale.ROOT);
        }

        @Override
        public @Nullable Tier convertToEntityAttribute(@Nullable String value) {
            return value == null ? null : Tier.valueOf(value.toUpperCase(Locale.ROOT));
        }
    }

    @Entity(name = "Typed")
    @Table(name = "typed")
    public static class Typed {

        @Id
        public long id;

        @Enumerated(EnumType.STRING)
        @Column(name = "new_a")
        @Replaces(change = "a", column = "old_a")
        public @Nullable Tier a;

        @Enumerated(EnumType.ORDINAL)
        @Column(name = "new_b")
        @Replaces(change = "b", column = "old_b")
        public @Nullable Tier b;

        @Convert(converter = Small.class)
        @Column(name = "new_c")
        @Replaces(change = "c", column = "old_c")
        public @Nullable Tier c;

        @Column(name = "new_d", precision = 19, scale = 4)
        @Replaces(change = "d", column = "old_d")
        public @Nullable BigDecimal d;

        @Column(name = "new_e")
        @Replaces(change = "e", column = "old_e")
        public @Nullable LocalDateTime e;

        @JdbcTypeCode(SqlTypes.CHAR)
        @Column(name = "new_f")
        @Replaces(change = "f", column = "old_f")
        public @Nullable UUID f;

        @Column(name = "new_g")
        @Replaces(change = "g", column = "old_g")
        public byte @Nullable [] g;

        @Column(name = "new_h")
        @Replaces(change = "h", column = "old_h")
        public boolean h;

        @JdbcTypeCode(SqlTypes.JSON)
        @Column(name = "new_i")
        @Replaces(change = "i", column = "old_i")
        public @Nullable Map<String, String> i;
    }

    @Test
    void ofEveryUsualType() {
        boolean postgres = engine == Engine.POSTGRESQL;
        List<String> types = List.of(
                TEXT,
                "smallint",
                TEXT,
                "numeric(19,4)",
                postgres ? "timestamp" : "datetime(6)",
                "char(36)",
                postgres ? "bytea" : "varbinary(255)",
                postgres ? "boolean" : "bit",
                postgres ? "jsonb" : "json");
        List<String> changes = List.of("a", "b", "c", "d", "e", "f", "g", "h", "i");
        bench.table("typed", ID, types.get(0), "old_a", "new_a");
        for (int i = 1; i < types.size(); i++) {
            bench.addColumns("typed", types.get(i), "old_" + changes.get(i), "new_" + changes.get(i));
        }
        SessionFactory factory = bench.factory(changes, Map.of("hibernate.hbm2ddl.auto", "none"), Typed.class);
        Typed typed = new Typed();
        typed.id = 1;
        typed.a = Tier.SILVER;
        typed.b = Tier.SILVER;
        typed.c = Tier.SILVER;
        typed.d = new BigDecimal("1.2345");
        typed.e = LocalDateTime.of(2026, 1, 2, 3, 4, 5);
        typed.f = new UUID(1, 2);
        typed.g = new byte[] {1, 2, 3};
        typed.h = true;
        typed.i = Map.of("k", "v");
        factory.inTransaction(session -> session.persist(typed));
        assertTyped("a", "SILVER");
        assertTyped("b", "1");
        assertTyped("c", "silver");
        assertTyped("d", "1.2345");
        for (String change : changes) {
            assertAgree(change);
        }
        factory.inTransaction(session -> {
            Typed found = session.find(Typed.class, 1L);
            assertThat(found).usingRecursiveComparison().isEqualTo(typed);
            found.a = Tier.GOLD;
            found.b = null;
            found.c = null;
            found.d = new BigDecimal("2.0000");
            found.e = LocalDateTime.of(2027, 1, 2, 3, 4, 5);
            found.f = new UUID(3, 4);
            // Changed in place.
            Objects.requireNonNull(found.g)[0] = 9;
            found.h = false;
            found.i = Map.of("k", "w");
        });
        assertTyped("a", "GOLD");
        for (String change : changes) {
            assertAgree(change);
        }
        factory.inTransaction(session -> {
            Typed found = session.find(Typed.class, 1L);
            assertThat(found.g).isEqualTo(new byte[] {9, 2, 3});
            assertThat(found.i).isEqualTo(Map.of("k", "w"));
            assertThat(found.h).isFalse();
        });
    }

    private void assertTyped(String change, String expected) {
        assertThat(bench.columns("typed", "old_" + change, "new_" + change, 1)).allMatch(expected::equals);
    }

    private void assertAgree(String change) {
        assertThat(bench.columns("typed", "old_" + change, "new_" + change, 1).stream()
                        .distinct())
                .hasSize(1);
    }

    @Entity(name = "Article")
    @Table(name = "article")
    public static class Article {

        @Id
        public long id;

        @Lob
        @Column(name = "full_name")
        @Replaces(change = "full-name", column = "name")
        public @Nullable String fullName;
    }

    @Test
    void ofALargeTextOnMySql() {
        if (engine == Engine.POSTGRESQL) {
            // Refused there: it would lie outside its row.
            return;
        }
        bench.table("article", ID, "tinytext", "name", "full_name");
        SessionFactory factory = factory("full-name", Article.class);
        Article article = new Article();
        article.id = 1;
        roundTrip(
                factory,
                Article.class,
                article,
                Attribute.of(found -> found.fullName, (found, value) -> found.fullName = value),
                "article");
    }

    @Entity(name = "Callback")
    @Table(name = "callback")
    public static class Callback {

        @Id
        public long id;

        public @Nullable String note;

        @Column(name = "full_name")
        @Replaces(change = "full-name", column = "name")
        public @Nullable String fullName;

        @PrePersist
        void created() {
            fullName = "created " + note;
        }

        @PreUpdate
        void changed() {
            fullName = "changed " + note;
        }
    }

    @Test
    void setByACallback() {
        bench.table("callback", ID + ", note " + TEXT, TEXT, "name", "full_name");
        SessionFactory factory = factory("full-name", Callback.class);
        Callback callback = new Callback();
        callback.id = 1;
        callback.note = "a";
        factory.inTransaction(session -> session.persist(callback));
        assertColumns("callback", "created a");
        factory.inTransaction(session -> session.find(Callback.class, 1L).note = "b");
        assertColumns("callback", "changed b");
    }

    @Entity(name = "Plain")
    @Table(
            name = "plain",
            uniqueConstraints = @UniqueConstraint(columnNames = "full_name"),
            indexes = @Index(columnList = "full_name"))
    public static class Plain {

        @Id
        public long id;

        public @Nullable String note;

        @Column(name = "full_name")
        @Replaces(change = "full-name", column = "name")
        public @Nullable String fullName;
    }

    private Plain plain() {
        bench.table("plain", ID + ", note " + TEXT, TEXT, "name", "full_name");
        Plain plain = new Plain();
        plain.id = 1;
        return plain;
    }

    @Test
    void namedByAnIndexAndAUniqueConstraint() {
        Plain plain = plain();
        roundTrip(
                factory("full-name", Plain.class),
                Plain.class,
                plain,
                Attribute.of(found -> found.fullName, (found, value) -> found.fullName = value),
                "plain");
    }

    /** Sets the name in the state that is about to be written. */
    private static final class Naming implements Interceptor {

        @Override
        public boolean onPersist(Object entity, Object id, Object[] state, String[] propertyNames, Type[] types) {
            state[Arrays.asList(propertyNames).indexOf("fullName")] = "persisted";
            return true;
        }

        @Override
        public boolean onFlushDirty(
                Object entity,
                Object id,
                Object[] currentState,
                Object[] previousState,
                String[] propertyNames,
                Type[] types) {
            currentState[Arrays.asList(propertyNames).indexOf("fullName")] = "flushed";
            return true;
        }
    }

    @Test
    void setByAnInterceptor() {
        Plain plain = plain();
        SessionFactory factory = bench.factory(
                List.of("full-name"), Map.of("hibernate.session_factory.interceptor", new Naming()), Plain.class);
        factory.inTransaction(session -> session.persist(plain));
        assertColumns("plain", "persisted");
        factory.inTransaction(session -> session.find(Plain.class, 1L).note = "b");
        assertColumns("plain", "flushed");
    }

    @Entity(name = "Sparse")
    @Table(name = "sparse")
    @DynamicInsert
    @DynamicUpdate
    @OptimisticLocking(type = OptimisticLockType.DIRTY)
    @SoftDelete
    public static class Sparse {

        @Id
        public long id;

        public @Nullable String note;

        @Column(name = "full_name")
        @Replaces(change = "full-name", column = "name")
        public @Nullable String fullName;
    }

    @Test
    void writtenColumnByColumnLockedByItsValuesAndDeletedByAMark() {
        bench.table(
                "sparse",
                ID + ", note " + TEXT + ", deleted " + (engine == Engine.POSTGRESQL ? "boolean" : "bit"),
                TEXT,
                "name",
                "full_name");
        SessionFactory factory = factory("full-name", Sparse.class);
        Sparse sparse = new Sparse();
        sparse.id = 1;
        roundTrip(
                factory,
                Sparse.class,
                sparse,
                Attribute.of(found -> found.fullName, (found, value) -> found.fullName = value),
                "sparse");
        factory.inTransaction(session -> session.remove(session.find(Sparse.class, 1L)));
        Sparse gone = factory.fromSession(session -> session.find(Sparse.class, 1L));
        assertThat(gone).isNull();
    }

    @Entity(name = "Fact")
    @Table(name = "fact")
    @Immutable
    public static class Fact {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "full-name", column = "name")
        public @Nullable String fullName;
    }

    @Test
    void ofAnEntityThatIsOnlyInserted() {
        bench.table("fact", ID, TEXT, "name", "full_name");
        SessionFactory factory = factory("full-name", Fact.class);
        Fact fact = new Fact();
        fact.id = 1;
        fact.fullName = "Ann";
        factory.inTransaction(session -> session.persist(fact));
        assertColumns("fact", "Ann");
        Fact found = factory.fromSession(session -> session.find(Fact.class, 1L));
        assertThat(found.fullName).isEqualTo("Ann");
    }

    @Entity(name = "Accessed")
    @Table(name = "accessed")
    public static class Accessed {

        private long key;
        private @Nullable String text;

        @Id
        public long getId() {
            return key;
        }

        public void setId(long id) {
            key = id;
        }

        @Column(name = "full_name")
        @Replaces(change = "full-name", column = "name")
        public @Nullable String getFullName() {
            return text;
        }

        public void setFullName(@Nullable String fullName) {
            text = fullName;
        }
    }

    @Test
    void reachedByItsGetter() {
        bench.table("accessed", ID, TEXT, "name", "full_name");
        Accessed accessed = new Accessed();
        accessed.setId(1);
        roundTrip(
                factory("full-name", Accessed.class),
                Accessed.class,
                accessed,
                Attribute.of(Accessed::getFullName, Accessed::setFullName),
                "accessed");
    }

    @Entity(name = "Team")
    @Table(name = "team")
    public static class Team {

        @Id
        public long id;

        @OneToMany(mappedBy = "team")
        @OrderBy("fullName desc")
        public List<Player> players = new ArrayList<>();
    }

    @Entity(name = "Player")
    @Table(name = "player")
    public static class Player {

        @Id
        public long id;

        @ManyToOne
        @JoinColumn(name = "team_id")
        public @Nullable Team team;

        @Column(name = "full_name")
        @Replaces(change = "full-name", column = "name")
        public @Nullable String fullName;
    }

    @Test
    void thatACollectionIsOrderedBy() {
        bench.database.execute("CREATE TABLE team (" + ID + ")");
        bench.table("player", ID + ", team_id bigint", TEXT, "name", "full_name");
        SessionFactory factory = factory("full-name", Team.class, Player.class);
        factory.inTransaction(session -> {
            Team team = new Team();
            team.id = 1;
            session.persist(team);
            for (long id = 1; id <= 2; id++) {
                Player player = new Player();
                player.id = id;
                player.team = team;
                player.fullName = "p" + id;
                session.persist(player);
            }
        });

        List<@Nullable String> names = factory.fromSession(session -> session.find(Team.class, 1L).players.stream()
                .map(player -> player.fullName)
                .toList());
        assertThat(names).containsExactly("p2", "p1");
    }
}
