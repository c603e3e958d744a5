package dev.segue.backfill;

import dev.segue.backfill.Judge.Row;
import dev.segue.change.JavaForm;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.lifecycle.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Compares by a conversion that exists only in Java; the rows of one window are in memory at a time. */
final class JavaComparison implements Comparison {

    private final JavaRows rows;
    private final Judge judge;

    private JavaComparison(JavaRows rows, Judge judge) {
        this.rows = rows;
        this.judge = judge;
    }

    static JavaComparison of(Connection connection, Database database, Site site) throws SQLException {
        if (!(site.form() instanceof JavaForm form)) {
            throw new IllegalArgumentException("The conversion of table " + site.table() + " can be said in SQL.");
        }
        return new JavaComparison(
                JavaRows.of(connection, database, site, Side.NEW),
                new Judge(
                        form,
                        Side.NEW,
                        site.oldColumns().size(),
                        site.newColumns().size()));
    }

    @Override
    public Found compare(Connection connection, Window window) throws SQLException {
        List<Row> all = rows.read(connection, window);
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
        rows.each(connection, row -> {
            if (keys.size() < most && !judge.agrees(row)) {
                keys.add(row.key());
            }
        });
        return keys;
    }

    private List<Key> disagreeing(List<Row> some) {
        return some.stream().filter(row -> !judge.agrees(row)).map(Row::key).toList();
    }
}
