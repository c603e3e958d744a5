package dev.segue.backfill;

import dev.segue.backfill.Judge.Row;
import dev.segue.change.JavaForm;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.lifecycle.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Compares by a conversion that exists only in Java; so many rows are in memory at a time as there is room for. */
final class JavaComparison implements Comparison {

    private static final long LONG = Duration.ofSeconds(1).toNanos();

    private final SiteSql sql;
    private final JavaRows rows;
    private final Judge judge;

    /** Rows that are converted at a time: from few, until it is known how long that takes. */
    private int most = 64;

    private interface Reader {
        /** @return whether to go on */
        boolean take(List<Row> some) throws SQLException;
    }

    private JavaComparison(SiteSql sql, JavaRows rows, Judge judge) {
        this.sql = sql;
        this.rows = rows;
        this.judge = judge;
    }

    static JavaComparison of(Connection connection, Database database, Site site) throws SQLException {
        if (!(site.form() instanceof JavaForm form)) {
            throw new IllegalArgumentException("The conversion of table " + site.table() + " can be said in SQL.");
        }
        return new JavaComparison(
                new SiteSql(database, site),
                JavaRows.of(connection, database, site, Side.NEW),
                new Judge(
                        form,
                        Side.NEW,
                        site.oldColumns().size(),
                        site.newColumns().size()));
    }

    @Override
    public Found compare(Connection connection, Window window) throws SQLException {
        List<Found> found = new ArrayList<>();
        each(connection, window, some -> found.add(compare(connection, some)));
        return found.stream().reduce(new Found(0, List.of(), 0), Found::and);
    }

    private Found compare(Connection connection, List<Row> all) throws SQLException {
        List<Key> suspects = disagreeing(all);
        if (suspects.isEmpty()) {
            return new Found(all.size(), List.of(), 0);
        }
        List<Row> shared = rows.share(connection, suspects);
        Set<Key> missing = new HashSet<>(suspects);
        shared.forEach(row -> missing.remove(row.key()));
        // Those that are still there were skipped because of their locks.
        long locked = disagreeing(rows.find(connection, List.copyOf(missing))).size();
        return new Found(all.size(), disagreeing(shared), locked);
    }

    @Override
    public List<Key> disagreeing(Connection connection, int most) throws SQLException {
        List<Key> keys = new ArrayList<>();
        Optional<Key> highest = sql.highest(connection);
        if (highest.isPresent()) {
            each(connection, new Window(null, highest.get()), some -> {
                keys.addAll(disagreeing(some));
                return keys.size() < most;
            });
        }
        return keys.subList(0, Math.min(most, keys.size()));
    }

    private void each(Connection connection, Window whole, Reader reader) throws SQLException {
        Key done = whole.after();
        boolean more = true;
        while (more && !whole.upTo().equals(done)) {
            Window rest = new Window(done, whole.upTo());
            Key last = sql.nth(connection, rest, most).orElse(whole.upTo());
            Window some = rows.fitting(connection, new Window(done, last), Room.ALONE);
            long began = System.nanoTime();
            more = reader.take(rows.read(connection, some));
            adjust(System.nanoTime() - began);
            done = some.upTo();
        }
    }

    /** A worker from which the server hears nothing for long is ended, see {@link Session}. */
    private void adjust(long took) {
        if (took > LONG) {
            most = Math.max(1, most / 2);
        } else if (took < LONG / 4) {
            most = Math.min(Room.ALONE.rows(), most * 2);
        }
    }

    private List<Key> disagreeing(List<Row> some) {
        return some.stream().filter(row -> !judge.agrees(row)).map(Row::key).toList();
    }
}
