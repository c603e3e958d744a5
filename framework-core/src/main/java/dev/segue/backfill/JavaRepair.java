package dev.segue.backfill;

import dev.segue.backfill.Judge.Row;
import dev.segue.backfill.Judge.Verdict;
import dev.segue.change.JavaForm;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.database.Exemption;
import dev.segue.lifecycle.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Repairs by a conversion that exists only in Java:
 *
 * <ol>
 *   <li>Take only as much of the window as there is {@link Room} for.
 *   <li>Read it without locks and convert. Rows that agree are not locked: whoever is changing one now is not
 *       held up. If to convert takes long, leave the end of the window for later: a worker from which the server hears
 *       nothing is ended, see {@link Session}.
 *   <li>On PostgreSQL, write back what nobody has written since, in {@link OneUpdate}. If it is through, only the others are
 *       left.
 *   <li>Lock the others by their keys, but for those that somebody else has locked, and convert again what has changed
 *       in between.
 *   <li>Write back what still differs, in one statement, and read it again: a column may have rounded it.
 *   <li>Put aside, with the reason, what does not convert or does not fit ({@link Dirty}). Such a row holds the pass open.
 * </ol>
 */
final class JavaRepair implements Repair {

    private static final long LONGEST_SILENCE = Duration.ofSeconds(1).toNanos();

    private final Database database;
    private final String change;
    private final String site;
    private final JavaRows rows;
    private final Judge judge;
    private final Dirty dirty;
    private final Room room;
    private final Parents parents;
    private @Nullable OneUpdate oneUpdate;

    /** What a row's side is to hold. */
    private record Write(Key key, Verdict.Differs verdict) {}

    private JavaRepair(
            Database database,
            String change,
            Site site,
            JavaForm form,
            Side side,
            JavaRows rows,
            Room room,
            Parents parents) {
        this.parents = parents;
        this.database = database;
        this.change = change;
        this.site = site.table().toString();
        this.rows = rows;
        this.judge = new Judge(
                form, side, site.oldColumns().size(), site.newColumns().size());
        this.dirty = new Dirty(database);
        this.room = room;
    }

    static JavaRepair of(Connection connection, Database database, String change, Site site, Side side, Room room)
            throws SQLException {
        if (!(site.form() instanceof JavaForm form)) {
            throw new IllegalArgumentException("The conversion of table " + site.table() + " can be said in SQL.");
        }
        return new JavaRepair(
                database,
                change,
                site,
                form,
                side,
                JavaRows.of(connection, database, site, side),
                room,
                Parents.of(connection, database, site, side));
    }

    @Override
    public Done repair(Connection connection, Window wanted) throws SQLException {
        Window window = rows.fitting(connection, wanted, room);
        List<Row> found = rows.read(connection, window);
        Map<Row, Verdict> verdicts = verdicts(found);
        if (verdicts.size() < found.size()) {
            // They come in any order, so some of the first may be among those that are not converted yet.
            window = rows.first(connection, window, Math.max(1, verdicts.size() / 2));
            found = rows.read(connection, window);
            found.forEach(row -> verdicts.computeIfAbsent(row, judge::verdict));
        }
        Map<Row, Verdict> known = new LinkedHashMap<>();
        for (Row row : found) {
            Verdict verdict = Objects.requireNonNull(verdicts.get(row));
            if (!(verdict instanceof Verdict.Agrees)) {
                known.put(row, verdict);
            }
        }
        Fixed fixed = atOnce(connection, known);
        // A list of keys goes with each statement; what is most of a window is found without it.
        Window around = known.size() * 2 > found.size() ? window : null;
        fixed = fixed.and(fix(connection, known.keySet().stream().map(Row::key).toList(), around, known));
        dirty.putAside(connection, change, site, fixed.unfit());
        return new Done(fixed.repaired(), fixed.locked().size(), window.upTo());
    }

    /** Of as many rows as there is time for, but at least one. */
    private Map<Row, Verdict> verdicts(List<Row> found) {
        Map<Row, Verdict> verdicts = new HashMap<>();
        long began = System.nanoTime();
        for (Row row : found) {
            verdicts.put(row, judge.verdict(row));
            if (System.nanoTime() - began > LONGEST_SILENCE) {
                break;
            }
        }
        return verdicts;
    }

    /**
     * Writes without a lock before.
     *
     * @param known what has been found out about rows; those that are done are taken from it
     */
    private Fixed atOnce(Connection connection, Map<Row, Verdict> known) throws SQLException {
        List<Row> differing = new ArrayList<>();
        List<List<@Nullable Object>> values = new ArrayList<>();
        known.forEach((row, verdict) -> {
            if (verdict instanceof Verdict.Differs differs) {
                differing.add(row);
                values.add(differs.values());
            }
        });
        if (database == Database.MYSQL || differing.isEmpty()) {
            return Fixed.NOTHING;
        }
        if (oneUpdate == null) {
            oneUpdate = OneUpdate.of(connection);
        }
        List<Row> stored = oneUpdate
                .attempt(
                        connection,
                        () -> Optional.of(Exemption.during(
                                connection, database, () -> rows.writeUnchanged(connection, differing, values))))
                .orElse(List.of());
        Set<Key> done = stored.stream().map(Row::key).collect(Collectors.toSet());
        known.keySet().removeIf(row -> done.contains(row.key()));
        return new Fixed(stored.size(), Set.of(), spoilt(stored));
    }

    private Map<Key, String> spoilt(List<Row> stored) {
        Map<Key, String> unfit = new LinkedHashMap<>();
        for (Row row : stored) {
            judge.spoilt(row).ifPresent(why -> unfit.put(row.key(), why));
        }
        return unfit;
    }

    @Override
    public Fixed fix(Connection connection, List<Key> keys) throws SQLException {
        Fixed all = Fixed.NOTHING;
        for (List<Key> some : rows.fitting(connection, keys, room)) {
            all = all.and(fix(connection, some, null, Map.of()));
        }
        return all;
    }

    /** @param around a window that has hardly other rows, or null */
    private Fixed fix(Connection connection, List<Key> keys, @Nullable Window around, Map<Row, Verdict> known)
            throws SQLException {
        if (keys.isEmpty()) {
            return Fixed.NOTHING;
        }
        LockWait.bound(connection, database);
        Map<Key, String> unfit = new LinkedHashMap<>();
        Set<Key> locked = new HashSet<>();
        List<Write> differing = new ArrayList<>();
        Set<Key> missing = new HashSet<>(keys);
        for (Row row : around == null ? rows.lock(connection, keys) : rows.lock(connection, around)) {
            missing.remove(row.key());
            Verdict before = known.get(row);
            Verdict verdict = before == null ? judge.verdict(row) : before;
            if (verdict instanceof Verdict.Differs differs) {
                differing.add(new Write(row.key(), differs));
            } else if (verdict instanceof Verdict.Unfit not) {
                unfit.put(row.key(), not.why());
            }
        }
        long repaired = differing.isEmpty()
                ? 0
                : Exemption.during(connection, database, () -> write(connection, differing, around, unfit, locked));
        locked.addAll(present(connection, missing));
        return new Fixed(repaired, locked, unfit);
    }

    /** Rows that are still there were skipped because of their locks. */
    private Set<Key> present(Connection connection, Set<Key> keys) throws SQLException {
        return rows.find(connection, List.copyOf(keys)).stream().map(Row::key).collect(Collectors.toSet());
    }

    /**
     * One statement for all, unless the database refuses a row, or it leads to one that somebody else has locked: then it is
     * found by halves.
     */
    private long write(
            Connection connection, List<Write> writes, @Nullable Window around, Map<Key, String> unfit, Set<Key> locked)
            throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            List<List<@Nullable Object>> values =
                    writes.stream().map(write -> write.verdict().values()).toList();
            parents.lock(connection, values);
            List<Row> stored =
                    rows.write(connection, writes.stream().map(Write::key).toList(), values, around);
            connection.releaseSavepoint(before);
            unfit.putAll(spoilt(stored));
            return stored.size();
        } catch (SQLException e) {
            boolean isOver = LockWait.isOver(database, e);
            if (!isOver && !Unfit.is(database, e)) {
                throw e;
            }
            connection.rollback(before);
            if (writes.size() == 1) {
                Key only = writes.get(0).key();
                if (isOver) {
                    locked.add(only);
                } else {
                    unfit.put(only, Unfit.words(e));
                }
                return 0;
            }
            int half = writes.size() / 2;
            return write(connection, writes.subList(0, half), null, unfit, locked)
                    + write(connection, writes.subList(half, writes.size()), null, unfit, locked);
        }
    }
}
