package dev.segue.watch;

import dev.segue.change.ColumnChange;
import dev.segue.database.Database;
import dev.segue.fleet.Layout;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Side;
import dev.segue.watch.NamedColumns.Named;
import dev.segue.watch.Sighting.Origin;
import dev.segue.watch.Words.Word;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the text of every statement that a node runs, for columns that will be gone.
 *
 * <p>What a mapping makes of a phase names what the phase may name. So of Hibernate's own statements only those count
 * that name an old column in {@code new-only}, because the mapping has SQL of the application in it; of statements that the
 * application has written, all that name one.
 *
 * <p>A text is cut into words once and then known: after that a look costs a hash look-up. Thread-safe.
 */
public final class StatementWatch {

    private static final Logger log = LoggerFactory.getLogger(StatementWatch.class);

    /** Texts with values in them never end; then all are forgotten, and learned again. */
    private static final int MOST_TEXTS = 5_000;

    /** A longer one is learned each time, so that what is kept stays small. */
    private static final int LONGEST_TEXT = 20_000;

    private static final int MOST_SEEN = 500;
    private static final int MOST_QUERIES = 200;

    /** A query that goes on is told of again after this time. */
    private static final long TELL_NANOS = Duration.ofMinutes(1).toNanos();

    private static final int LONGEST_STATEMENT = 2_000;

    /** Who runs a statement: asked once for each text. */
    public record Source(Origin origin, @Nullable String caller) {}

    /**
     * What is known of a text; without {@code named} there is nothing to know.
     *
     * @param filtered the changes by whose old columns it finds or sorts rows, if the mapping has made it
     * @param query its whole text without values, if there are any
     */
    private record Known(Set<Named> named, Source source, String statement, Set<String> filtered, String query) {}

    /**
     * A statement that counts.
     *
     * @param key its name
     * @param origin {@link #QUERY}, or the id of an {@link Origin}
     * @param runs since it was last collected
     * @param last when it was last run, by {@link System#nanoTime}
     */
    record Seen(
            String change,
            String key,
            String origin,
            String columns,
            String statement,
            @Nullable String caller,
            long runs,
            long last) {

        /** The mapping has made it, and it finds or sorts rows by an old column. */
        static final String QUERY = "query";
    }

    private record Key(Named named, String statement) {}

    private record QueryKey(String change, String query) {}

    private static final class Tally {

        private final Source source;
        private final LongAdder runs = new LongAdder();
        private volatile long last;
        private volatile @Nullable Long told;

        Tally(Source source) {
            this.source = source;
        }

        void add() {
            last = System.nanoTime();
            runs.increment();
        }
    }

    private static final Known NOTHING = new Known(Set.of(), new Source(Origin.MAPPED, null), "", Set.of(), "");

    private final Database database;
    private final NamedColumns columns;
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final List<ColumnChange> changes;
    private final Map<Key, Tally> seen = new ConcurrentHashMap<>();
    private final Map<QueryKey, Tally> queries = new ConcurrentHashMap<>();
    private final Set<Key> warned = ConcurrentHashMap.newKeySet();

    public StatementWatch(List<ColumnChange> changes, Database database) {
        this.changes = List.copyOf(changes);
        this.database = database;
        this.columns = new NamedColumns(changes, database);
    }

    /**
     * Hibernate is about to run this statement.
     *
     * @param layout the phases of the session
     * @param source asked for a text that is new and names a column of a change
     */
    public void runs(String sql, Layout layout, Supplier<Source> source) {
        Known text = known.get(sql);
        if (text == null) {
            text = learn(sql, source);
            warn(text, layout);
        }
        for (Named named : text.named()) {
            if (named.side() == Side.OLD
                    && (text.source().origin() != Origin.MAPPED || layout.phase(named.change()) == Phase.NEW_ONLY)) {
                count(named, text);
            }
        }
        for (String change : text.filtered()) {
            if (layout.phase(change).reads() == Side.OLD) {
                count(queries, new QueryKey(change, text.query()), text.source(), MOST_QUERIES);
            }
        }
    }

    /**
     * A statement is about to be run on a connection, maybe by Hibernate, which then has told of it before.
     *
     * @param source as above
     */
    public void runsBeside(String sql, Supplier<Source> source) {
        Known text = known.get(sql);
        if (text == null) {
            text = learn(sql, source);
            warn(text, null);
        }
        for (Named named : text.named()) {
            if (named.side() == Side.OLD && text.source().origin() == Origin.JDBC) {
                count(named, text);
            }
        }
    }

    private Known learn(String sql, Supplier<Source> source) {
        List<Word> words = Words.of(sql, database);
        Set<Named> named = columns.in(words);
        Known text = named.isEmpty() ? NOTHING : known(words, named, source.get());
        if (sql.length() <= LONGEST_TEXT) {
            if (known.size() >= MOST_TEXTS) {
                known.clear();
            }
            known.put(sql, text);
        }
        return text;
    }

    private Known known(List<Word> words, Set<Named> named, Source source) {
        Set<String> filtered = source.origin() == Origin.MAPPED
                ? changes.stream()
                        .filter(change -> new QueryForms(change, database).filters(words))
                        .map(ColumnChange::id)
                        .collect(Collectors.toUnmodifiableSet())
                : Set.of();
        String whole = Words.withoutValues(words, database);
        return new Known(named, source, shortened(whole), filtered, filtered.isEmpty() ? "" : whole);
    }

    private static String shortened(String whole) {
        return whole.length() <= LONGEST_STATEMENT ? whole : whole.substring(0, LONGEST_STATEMENT - 3) + "...";
    }

    private void count(Named named, Known text) {
        count(seen, new Key(named, text.statement()), text.source(), MOST_SEEN);
    }

    private static <K> void count(Map<K, Tally> tallies, K key, Source source, int most) {
        Tally tally = tallies.get(key);
        if (tally == null) {
            if (tallies.size() >= most) {
                return;
            }
            tally = tallies.computeIfAbsent(key, first -> new Tally(source));
        }
        tally.add();
    }

    /** Says of a statement of the application's own, once, when it will break. */
    private void warn(Known text, @Nullable Layout layout) {
        for (Named named : text.named()) {
            if (text.source().origin() == Origin.MAPPED || !warned.add(new Key(named, text.statement()))) {
                continue;
            }
            String caller = text.source().caller() == null
                    ? "the application"
                    : text.source().caller();
            if (named.side() == Side.OLD) {
                log.warn(
                        "Change {}: a statement that {} runs names {}. From new-only on nobody need keep that current, and"
                                + " once it is dropped the statement fails. Let it use the new columns while the change is in"
                                + " read-new: {}",
                        named.change(),
                        caller,
                        columns.columns(named),
                        text.statement());
            } else if (layout != null && !layout.phase(named.change()).names(Side.NEW)) {
                log.warn(
                        "Change {}: a statement that {} runs names {}. In {}, where this node is, that column need not be"
                                + " there or be current. Let it use the old columns until the change is in read-new: {}",
                        named.change(),
                        caller,
                        columns.columns(named),
                        layout.phase(named.change()).id(),
                        text.statement());
            }
        }
    }

    /**
     * Why a query for an entity would give an attribute what is not its value in its phase, if it would.
     *
     * @param tables of the entity, as Hibernate writes them
     * @param explicit whether the query's result says which columns belong to attributes, so that names mean nothing
     */
    public Optional<String> wrongColumns(String sql, Layout layout, List<String> tables, boolean explicit) {
        List<Word> words = Words.of(sql, database);
        Set<Named> named = columns.in(words);
        Set<Named> taken = new HashSet<>(explicit ? named : columns.disguised(words));
        if (!NamedColumns.selectsAll(words)) {
            // Nothing else is there to be taken for the attribute.
            named.stream()
                    .filter(one ->
                            !named.contains(new Named(one.change(), one.side().other())))
                    .forEach(taken::add);
        }
        return taken.stream()
                .filter(one -> !isCurrent(one.side(), layout.phase(one.change())) && columns.areOf(one, tables))
                .findFirst()
                .map(one -> "In %s %s does not hold the attribute's value, and the query may take it for it."
                        .formatted(layout.phase(one.change()).id(), columns.columns(one)));
    }

    /** Whether a node of the phase may count on it; what it writes itself has not been proven by that. */
    private static boolean isCurrent(Side side, Phase phase) {
        return phase.reads() == side || (side == Side.OLD && phase == Phase.READ_NEW);
    }

    /** What has been seen since the last time; of queries that go on, now and then. */
    List<Seen> collect() {
        List<Seen> all = new ArrayList<>();
        seen.forEach((key, tally) -> {
            long runs = tally.runs.sumThenReset();
            if (runs > 0) {
                all.add(new Seen(
                        key.named().change(),
                        key(key.statement()),
                        tally.source.origin().id(),
                        columns.columns(key.named()),
                        key.statement(),
                        tally.source.caller(),
                        runs,
                        tally.last));
            }
        });
        long now = System.nanoTime();
        queries.forEach((key, tally) -> {
            Long told = tally.told;
            boolean due = told == null || now - told > TELL_NANOS;
            long runs = due ? tally.runs.sumThenReset() : 0;
            if (runs > 0) {
                tally.told = now;
                all.add(new Seen(
                        key.change(),
                        "plan-" + key(key.query()),
                        Seen.QUERY,
                        columns.columns(new Named(key.change(), Side.OLD)),
                        key.query(),
                        tally.source.caller(),
                        runs,
                        tally.last));
            }
        });
        return all;
    }

    /** The name of a statement, by its text. */
    static String key(String statement) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(statement.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JVM has SHA-256.", e);
        }
    }
}
