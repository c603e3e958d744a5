package dev.segue.hibernate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.segue.change.Conversion;
import dev.segue.fleet.LeaseLostException;
import dev.segue.fleet.NodeClock;
import dev.segue.fleet.RegistryTables;
import dev.segue.hibernate.model.Account;
import dev.segue.hibernate.model.Client;
import dev.segue.hibernate.model.Person;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Side;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import jakarta.persistence.Cacheable;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.cache.CacheManager;
import javax.cache.Caching;
import org.hibernate.Session;
import org.hibernate.annotations.Cache;
import org.hibernate.annotations.CacheConcurrencyStrategy;
import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.cache.spi.entry.CacheEntry;
import org.hibernate.cache.spi.support.AbstractReadWriteAccess;
import org.hibernate.stat.Statistics;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Nodes in adjacent phases share one cache of entities and query results, and it is never wrong. */
@EachDatabase
class SharedCacheTest {

    private static final List<String> CHANGES = List.of("name", "town", "balance", "limit", "tier", "count");

    /** A rename, one in an embedded object, a retype that SQL can say, and two that only Java can. */
    @Entity(name = "Item")
    @Table(name = "item")
    @Cacheable
    @Cache(usage = CacheConcurrencyStrategy.READ_WRITE, region = "item")
    static class Item {

        @Id
        long id;

        @Version
        int version;

        @Column(name = "full_name")
        @Replaces(change = "name", column = "name")
        @Nullable
        String fullName;

        @Embedded
        @Nullable
        Place place = new Place();

        @Column(name = "balance_cents")
        @Replaces(change = "balance", column = "balance", conversion = Account.EurosToCents.class)
        @Nullable
        Long balance;

        @Column(name = "limit_cents")
        @Replaces(change = "limit", column = "credit", conversion = Account.OnlyInJava.class)
        @Nullable
        Long limit;

        @Enumerated(EnumType.STRING)
        @Column(name = "tier", length = 10)
        @Replaces(change = "tier", column = "code", conversion = Account.TierOfCode.class)
        Account.@Nullable Tier tier;

        /** Its values look like those of a comparison. */
        @Column(name = "hits")
        @Replaces(change = "count", column = "visits")
        @Nullable
        Integer count;

        @Nullable
        String note;

        List<@Nullable Object> values() {
            return Arrays.asList(fullName, place == null ? null : place.town, balance, limit, tier, count, note);
        }
    }

    @Embeddable
    static class Place {

        @Column(name = "town")
        @Replaces(change = "town", column = "city")
        @Nullable
        String town;

        @Nullable
        String street = "High Street";
    }

    /** Without versions, and in the cache only until it is written. */
    @Entity(name = "Loose")
    @Table(name = "loose")
    @Cacheable
    @Cache(usage = CacheConcurrencyStrategy.NONSTRICT_READ_WRITE, region = "loose")
    @DynamicUpdate
    static class Loose {

        @Id
        long id;

        @Column(name = "limit_cents")
        @Replaces(change = "loose-limit", column = "credit", conversion = Account.OnlyInJava.class)
        @Nullable
        Long limit;
    }

    /** Two parts, and two new attributes, that only Java computes, each from one column. */
    @Entity(name = "Parted")
    @Table(name = "parted")
    static class Parted {

        @Id
        long id;

        @Nullable
        String country;

        @Column(name = "badge", length = 20)
        @Introduces(change = "badge", from = "country", initial = Client.BadgeOfCountry.class)
        @Nullable
        String badge;

        @Column(name = "letters")
        @Introduces(change = "letters", from = "country", initial = Letters.class)
        @Nullable
        Integer letters;

        @Embedded
        @Replaces(change = "size", column = "measure", conversion = Person.SizeOfMeasure.class)
        Person.@Nullable Size size;
    }

    static final class Letters implements Conversion<String, Integer> {

        @Override
        public Integer toNew(@Nullable String text) {
            return text == null ? 0 : text.length();
        }

        @Override
        public String toOld(Integer current) {
            throw new UnsupportedOperationException();
        }
    }

    private final Engine engine;
    private final TestDatabase database;
    private final CacheManager caches = Caching.getCachingProvider().getCacheManager();
    private final List<Node> nodes = new ArrayList<>();

    SharedCacheTest(Engine engine) {
        this.engine = engine;
        database = DatabaseServers.shared(engine).createDatabase();
        database.execute(
                "CREATE TABLE item (id bigint PRIMARY KEY, version int NOT NULL, name varchar(200),"
                        + " full_name varchar(200), city varchar(200), town varchar(200), street varchar(200),"
                        + " balance numeric(38,2), balance_cents bigint, credit numeric(38,2), limit_cents bigint,"
                        + " code varchar(10), tier varchar(10), visits int, hits int, note varchar(200))",
                "CREATE TABLE loose (id bigint PRIMARY KEY, credit numeric(38,2), limit_cents bigint)",
                "INSERT INTO loose VALUES (1, 20.00, 2000)");
        insert(1, "one");
        insert(2, "two");
        insert(3, "three");
    }

    private void insert(long id, String name) {
        database.execute("INSERT INTO item VALUES (" + id + ", 0, '" + name + "', '" + name + "', 'Rome', 'Rome', 'x',"
                + " 10.00, 1000, 20.00, 2000, 'g', 'GOLD', 1, 1, 'note')");
    }

    @AfterEach
    void close() {
        nodes.forEach(Node::close);
        database.close();
    }

    private Map<String, Object> cached(Map<String, Object> extra) {
        Map<String, Object> settings = new HashMap<>(extra);
        settings.put("hibernate.javax.cache.cache_manager", caches);
        settings.put("hibernate.javax.cache.missing_cache_strategy", "create");
        settings.put("hibernate.cache.use_query_cache", "true");
        settings.put("hibernate.generate_statistics", "true");
        return settings;
    }

    private Node node(NodeClock clock, Map<String, Object> extra) {
        Map<String, Object> settings = cached(extra);
        List<String> changes = new ArrayList<>(CHANGES);
        changes.add("loose-limit");
        return node(changes, settings, clock, Item.class, Loose.class);
    }

    private Node node(List<String> changes, Map<String, Object> settings, NodeClock clock, Class<?>... entities) {
        Node node = new Node(engine, database, changes, settings, clock, entities);
        nodes.add(node);
        return node;
    }

    private Node node(Phase phase) {
        return node(NodeClock.SYSTEM, Map.of()).go(phase);
    }

    static Stream<Arguments> adjacent() {
        return Stream.of(
                arguments(Phase.OLD_ONLY, Phase.DUAL_WRITE, false),
                arguments(Phase.DUAL_WRITE, Phase.SHADOW_READ, false),
                arguments(Phase.SHADOW_READ, Phase.READ_NEW, false),
                arguments(Phase.DUAL_WRITE, Phase.READ_NEW, true),
                arguments(Phase.READ_NEW, Phase.NEW_ONLY, false));
    }

    @ParameterizedTest
    @MethodSource("adjacent")
    void whatNodesInAdjacentPhasesReadIsWhatTheDatabaseHas(Phase one, Phase other, boolean structured) {
        Map<String, Object> extra = Map.of("hibernate.cache.use_structured_entries", String.valueOf(structured));
        List<Node> both = List.of(
                node(NodeClock.SYSTEM, extra).go(one),
                node(NodeClock.SYSTEM, extra).go(other));
        Random random = new Random(one.ordinal() * 31L + other.ordinal());
        Map<Long, List<@Nullable Object>> expected = new TreeMap<>();
        for (long id = 1; id <= 3; id++) {
            expected.put(id, read(both.get(0), id));
        }
        for (int i = 0; i < 150; i++) {
            int step = i;
            Node node = both.get(random.nextInt(2));
            long id = new ArrayList<>(expected.keySet()).get(random.nextInt(expected.size()));
            switch (random.nextInt(8)) {
                case 0, 1, 2 ->
                    assertThat(read(node, id))
                            .as("%s, step %d", node.host.proxy(), step)
                            .isEqualTo(expected.get(id));
                case 3 -> assertQueries(node, expected);
                case 4 -> {
                    node.factory.inTransaction(session -> change(session.find(Item.class, id), random));
                    expected.put(id, inDatabase(one, other, id));
                }
                case 5 -> {
                    node.factory.inTransaction(session -> session.createMutationQuery(
                                    "update Item set fullName = :name, limit = :limit where id = :id")
                            .setParameter("name", "bulk " + step)
                            .setParameter("limit", 100L + step)
                            .setParameter("id", id)
                            .executeUpdate());
                    expected.put(id, inDatabase(one, other, id));
                }
                case 6 -> {
                    Item item = new Item();
                    item.id = 10L + step;
                    change(item, random);
                    node.factory.inTransaction(session -> session.persist(item));
                    expected.put(item.id, inDatabase(one, other, item.id));
                }
                default -> {
                    if (expected.size() > 2) {
                        node.factory.inTransaction(session -> session.remove(session.find(Item.class, id)));
                        expected.remove(id);
                        node.factory.inTransaction(session ->
                                assertThat(session.find(Item.class, id)).isNull());
                    }
                }
            }
        }
        for (Node node : both) {
            assertQueries(node, expected);
            expected.keySet().forEach(id -> assertThat(read(node, id)).isEqualTo(inDatabase(one, other, id)));
            Statistics statistics = node.factory.getStatistics();
            assertThat(statistics.getSecondLevelCacheHitCount()).isGreaterThan(20);
            assertThat(statistics.getQueryCacheHitCount()).isGreaterThan(0);
            assertThat(node.mismatches).isEmpty();
        }
    }

    private static void change(Item item, Random random) {
        int number = random.nextInt(1000);
        item.fullName = random.nextInt(10) == 0 ? null : "name " + number;
        item.place = random.nextInt(10) == 0 ? null : new Place();
        if (item.place != null) {
            item.place.town = "town " + number;
        }
        item.balance = random.nextInt(10) == 0 ? null : (Long) (long) number;
        item.limit = random.nextInt(10) == 0 ? null : (Long) (number * 7L);
        item.tier = random.nextBoolean() ? Account.Tier.GOLD : Account.Tier.SILVER;
        item.count = number % 3;
        item.note = "note " + number % 3;
    }

    private static List<@Nullable Object> read(Node node, long id) {
        return node.factory.fromTransaction(
                session -> Objects.requireNonNull(session.find(Item.class, id)).values());
    }

    /** What a node in either phase must read. */
    private List<@Nullable Object> inDatabase(Phase one, Phase other, long id) {
        Map<String, Object> row =
                database.rows("SELECT * FROM item WHERE id = " + id).get(0);
        List<@Nullable Object> before = Arrays.asList(
                row.get("name"),
                row.get("city"),
                cents(row.get("balance")),
                cents(row.get("credit")),
                row.get("code") == null ? null : row.get("code").equals("g") ? Account.Tier.GOLD : Account.Tier.SILVER,
                row.get("visits"),
                row.get("note"));
        List<@Nullable Object> after = Arrays.asList(
                row.get("full_name"),
                row.get("town"),
                row.get("balance_cents"),
                row.get("limit_cents"),
                row.get("tier") == null ? null : Account.Tier.valueOf((String) row.get("tier")),
                row.get("hits"),
                row.get("note"));
        boolean both = one.writesBoth() && other.writesBoth();
        if (both) {
            assertThat(before).isEqualTo(after);
        }
        return one.writes(Side.OLD) && other.writes(Side.OLD) ? before : after;
    }

    private static @Nullable Long cents(@Nullable Object euros) {
        return euros == null
                ? null
                : (Long) ((BigDecimal) euros).movePointRight(2).longValueExact();
    }

    /** Twice, so that the second answers come out of the cache. */
    private static void assertQueries(Node node, Map<Long, List<@Nullable Object>> expected) {
        List<@Nullable Object> some = expected.values().iterator().next();
        for (int i = 0; i < 2; i++) {
            node.factory.inTransaction(session -> {
                assertThat(cached(session, "from Item where note = :note order by id", Item.class)
                                .setParameter("note", some.get(6))
                                .getResultList())
                        .extracting(Item::values)
                        .containsExactlyElementsOf(expected.values().stream()
                                .filter(values -> values.get(6).equals(some.get(6)))
                                .toList());
                assertThat(cached(
                                        session,
                                        "select fullName, balance, limit, tier from Item order by id",
                                        Object[].class)
                                .getResultList())
                        .extracting(Arrays::asList)
                        .isEqualTo(expected.values().stream()
                                .map(values ->
                                        Arrays.asList(values.get(0), values.get(2), values.get(3), values.get(4)))
                                .toList());
                assertThat(cached(
                                        session,
                                        "select id from Item where limit = :limit and tier = :tier order by id",
                                        Long.class)
                                .setParameter("limit", some.get(3) == null ? 0L : some.get(3))
                                .setParameter("tier", some.get(4))
                                .getResultList())
                        .isEqualTo(expected.entrySet().stream()
                                .filter(entry -> entry.getValue().get(3) != null
                                        && entry.getValue().get(3).equals(some.get(3))
                                        && entry.getValue().get(4).equals(some.get(4)))
                                .map(Map.Entry::getKey)
                                .toList());
            });
        }
    }

    private static <T> org.hibernate.query.SelectionQuery<T> cached(Session session, String query, Class<T> type) {
        return session.createSelectionQuery(query, type).setCacheable(true);
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"OLD_ONLY", "DUAL_WRITE", "SHADOW_READ", "READ_NEW"})
    void queriesForWhatComesFromOneColumnAreNotTakenForEachOther(Phase phase) {
        database.execute(
                "CREATE TABLE parted (id bigint PRIMARY KEY, country varchar(9), badge varchar(20), letters int,"
                        + " measure varchar(20), width int, height int)",
                "INSERT INTO parted VALUES (1, 'DE', 'badge of DE', 2, '3x4', 3, 4)");
        Node node = node(List.of("badge", "letters", "size"), cached(Map.of()), NodeClock.SYSTEM, Parted.class)
                .go(phase);
        for (int i = 0; i < 2; i++) {
            node.factory.inTransaction(session -> {
                assertThat(one(session, "size.height")).isEqualTo(4);
                assertThat(one(session, "size.width")).isEqualTo(3);
                assertThat(one(session, "letters")).isEqualTo(2);
                assertThat(one(session, "badge")).isEqualTo("badge of DE");
                assertThat(one(session, "country")).isEqualTo("DE");
            });
        }
        assertThat(node.factory.getStatistics().getQueryCacheHitCount()).isEqualTo(5);
    }

    private static Object one(Session session, String attribute) {
        return cached(session, "select " + attribute + " from Parted", Object.class)
                .getSingleResult();
    }

    @Test
    void theCacheOutlivesTheFactoriesOfANodeAndIsClosedWithIt() {
        Node node = node(Phase.OLD_ONLY);
        List<@Nullable Object> values = read(node, 1);
        Statistics statistics = node.factory.getStatistics();
        for (Phase phase : List.of(Phase.DUAL_WRITE, Phase.SHADOW_READ, Phase.READ_NEW, Phase.NEW_ONLY)) {
            long hits = statistics.getSecondLevelCacheHitCount();
            node.go(phase);
            assertThat(read(node, 1)).isEqualTo(values);
            assertThat(statistics.getSecondLevelCacheHitCount()).isEqualTo(hits + 1);
        }
        assertThat(statistics.getEntityLoadCount()).isEqualTo(1);
        assertThat(node.mismatches).isEmpty();
        assertThat(caches.isClosed()).isFalse();
        node.factory.close();
        assertThat(caches.isClosed()).isTrue();
    }

    @Test
    void aSessionThatIsOpenInTheOldPhaseAndOneInTheNewKeepTheCacheRight() {
        Node node = node(Phase.DUAL_WRITE);
        read(node, 1);
        try (Session before = node.factory.openSession()) {
            var transaction = before.beginTransaction();
            before.find(Item.class, 1L).limit = 4711L;
            node.go(Phase.READ_NEW);
            assertThat(read(node, 1).get(3)).isEqualTo(2000L);
            before.flush();
            assertThat(read(node, 1).get(3)).isEqualTo(2000L);
            transaction.commit();
        }

        assertThat(read(node, 1).get(3)).isEqualTo(4711L);
        node.factory.inTransaction(session -> session.find(Loose.class, 1L).limit = 4712L);
        node.go(Phase.DUAL_WRITE);
        node.factory.inTransaction(
                session -> assertThat(session.find(Loose.class, 1L).limit).isEqualTo(4712L));
    }

    /** So that an application without the annotation, which comes after the change, may share it too. */
    @Test
    void anEntryHasNothingThatAnEntityWithoutChangesWouldNotHave() {
        Node node = node(Phase.SHADOW_READ);
        read(node, 1);

        List<CacheEntry> entries = new ArrayList<>();
        caches.getCache("item")
                .forEach(entry ->
                        entries.add((CacheEntry) ((AbstractReadWriteAccess.Item) entry.getValue()).getValue()));
        assertThat(entries).hasSize(1);
        Object[] state = (Object[]) Objects.requireNonNull(entries.get(0).getDisassembledState());
        assertThat(state).hasSize(8).contains("one", 1000L, 2000L, 1, "note");
        assertThat(state).anySatisfy(value -> assertThat(value).isEqualTo(new Object[] {"x", "Rome"}));
    }

    @Test
    void aRowWithAnOldValueThatDoesNotSurviveIsNotCachedAndKeepsIt() {
        database.execute("UPDATE item SET code = 'GOLD' WHERE id = 1");
        Node node = node(Phase.DUAL_WRITE);
        Statistics statistics = node.factory.getStatistics();
        read(node, 1);
        assertThat(node.factory.getCache().contains(Item.class, 1L)).isFalse();
        assertThatThrownBy(() -> node.factory.inTransaction(session -> session.find(Item.class, 1L).note = "new"))
                .isInstanceOf(ValueRefusedException.class);
        assertThat(database.value("SELECT code FROM item WHERE id = 1", String.class))
                .isEqualTo("GOLD");

        node.factory.inTransaction(session -> session.find(Item.class, 1L).tier = Account.Tier.SILVER);
        assertThat(statistics.getSecondLevelCacheHitCount()).isZero();
        assertThat(database.value("SELECT code FROM item WHERE id = 1", String.class))
                .isEqualTo("s");
        read(node, 1);
        read(node, 1);
        assertThat(statistics.getSecondLevelCacheHitCount()).isPositive();
    }

    /** A column that goes is null in one phase and a value in the other. */
    @Entity(name = "Going")
    @Table(name = "loose")
    @Cacheable
    @Cache(usage = CacheConcurrencyStrategy.READ_WRITE, region = "going")
    static class Going {

        @Id
        long id;

        @Column(name = "credit")
        @Retires(change = "going")
        @Nullable
        BigDecimal credit;
    }

    @Test
    void anEntityWhoseValuesDifferBetweenPhasesIsKeptOut() {
        Map<String, Object> settings = Map.of(
                "hibernate.javax.cache.cache_manager",
                caches,
                "hibernate.javax.cache.missing_cache_strategy",
                "create");
        Node node = new Node(engine, database, List.of("going"), settings, Going.class).go(Phase.OLD_ONLY);
        nodes.add(node);
        node.factory.inTransaction(session -> session.find(Going.class, 1L));

        assertThat(node.factory.getCache().contains(Going.class, 1L)).isFalse();
    }

    @Test
    void aNodeWhoseLeaseMayBeOverPutsNothingThatItReadsIntoTheCache() throws Exception {
        Node fresh = node(Phase.NEW_ONLY);
        RegistryTables.migrate(database.dataSource(), fresh.dialect);
        LateClock clock = new LateClock();
        Node late = node(clock, Map.of()).go(Phase.DUAL_WRITE);
        read(late, 2);
        clock.advance(Duration.ofHours(2));

        assertThatThrownBy(() -> late.factory.inTransaction(session -> {
                    session.find(Item.class, 1L);
                    cached(session, "select fullName from Item", String.class).getResultList();
                }))
                .hasRootCauseInstanceOf(LeaseLostException.class);

        assertThat(fresh.factory.getCache().contains(Item.class, 2L)).isTrue();
        assertThat(fresh.factory.getCache().contains(Item.class, 1L)).isFalse();
        assertThat(late.factory.getStatistics().getSecondLevelCachePutCount()).isEqualTo(1);
        assertThat(caches.getCache("default-query-results-region").iterator()).isExhausted();
    }
}
