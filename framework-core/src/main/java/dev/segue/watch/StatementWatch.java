package dev.segue.watch;

import dev.segue.change.ColumnChange;
import dev.segue.database.Database;
import dev.segue.fleet.Layout;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Side;
import dev.segue.watch.NamedColumns.Named;
import dev.segue.watch.Sighting.Origin;
import dev.segue.watch.Words.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
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
    private static final int LONGEST_STATEMENT = 2_000;

    /** Who runs a statement: asked once for each text. */
    public record Source(Origin origin, @Nullable String caller) {}

    /** What is known of a text; without {@code named} there is nothing to know. */
    private record Known(Set<Named> named, Source source, String statement) {}

    /**
     * A statement that counts.
     *
     * @param runs since it was last collected
     * @param last when it was last run, by {@link System#nanoTime}
     */
    record Seen(String change, String columns, String statement, Source source, long runs, long last) {}

    private record Key(Named named, String statement) {}

    private static final class Tally {

        private final Source source;
        private final LongAdder runs = new LongAdder();
        private volatile long last;

        Tally(Source source) {
            this.source = source;
        }

        void add() {
            last = System.nanoTime();
            runs.increment();
        }
    }

    private static final Known NOTHING = new Known(Set.of(), new Source(Origin.MAPPED, null), "");

    private final Database database;
    private final NamedColumns columns;
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final Map<Key, Tally> seen = new ConcurrentHashMap<>();
    private final Set<Key> warned = ConcurrentHashMap.newKeySet();

    public StatementWatch(List<ColumnChange> changes, Database database) {
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
        Known text = named.isEmpty() ? NOTHING : new Known(named, source.get(), text(words));
        if (sql.length() <= LONGEST_TEXT) {
            if (known.size() >= MOST_TEXTS) {
                known.clear();
            }
            known.put(sql, text);
        }
        return text;
    }

    private String text(List<Word> words) {
        String whole = Words.withoutValues(words, database);
        return whole.length() <= LONGEST_STATEMENT ? whole : whole.substring(0, LONGEST_STATEMENT - 3) + "...";
    }

    private void count(Named named, Known text) {
        Key key = new Key(named, text.statement());
        Tally tally = seen.get(key);
        if (tally == null) {
            if (seen.size() >= MOST_SEEN) {
                return;
            }
            tally = seen.computeIfAbsent(key, first -> new Tally(text.source()));
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

    /** What has been seen since the last time. */
    List<Seen> collect() {
        List<Seen> all = new ArrayList<>();
        seen.forEach((key, tally) -> {
            long runs = tally.runs.sumThenReset();
            if (runs > 0) {
                all.add(new Seen(
                        key.named().change(),
                        columns.columns(key.named()),
                        key.statement(),
                        tally.source,
                        runs,
                        tally.last));
            }
        });
        return all;
    }
}
