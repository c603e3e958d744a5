package dev.segue.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.change.ColumnChange;
import dev.segue.lifecycle.Side;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is told of the ranges of a pass one by one. */
@EachDatabase
class RangesToldTest {

    private static final String SLOWED = "the throttle (50 % of the speed): the replica is 0.8 of 1 s";
    private static final String STOPPED = "the throttle (stopped): the replica is 5 of 1 s";
    private static final String LOCKED = "3 row(s) of customer that other transactions have locked";

    private final Customers customers;

    RangesToldTest(Engine engine) {
        this.customers = new Customers(engine);
    }

    @AfterEach
    void drop() {
        customers.close();
    }

    private Progress progress(ColumnChange change) throws SQLException {
        return customers.passes().progress(change, Side.NEW, 0).orElseThrow();
    }

    private void become(long id, String state, String and) {
        customers.database.execute("UPDATE segue_range SET state = '" + state + "', " + and + " WHERE id = " + id);
    }

    @Test
    void thoseThatANodeHasComeFirstThenThoseThatWaitAndThoseThatAreDoneLast() throws SQLException {
        ColumnChange change = customers.rows(10);
        customers.passes().open(change, Side.NEW, 0);
        for (int doubled = 1; doubled < 32; doubled *= 2) {
            customers.database.execute("""
                    INSERT INTO segue_range (change_id, side, epoch, site, upper_key, rows_expected, rows_read,
                        rows_repaired, rows_skipped, rows_per_second, state, claim, updated_at)
                    SELECT change_id, side, epoch, site, upper_key, 100, 40, 0, 0, 150, 'open', 0, updated_at
                    FROM segue_range""");
        }
        List<Long> ids = customers.database.rows("SELECT id FROM segue_range ORDER BY id DESC").stream()
                .map(row -> ((Number) row.values().iterator().next()).longValue())
                .toList();
        String has = "claimed_by = 'n2', claimed_until = '2999-01-01 00:00:00'";
        become(ids.get(0), "open", has + ", waiting_for = NULL");
        become(ids.get(1), "open", has + ", waiting_for = '" + STOPPED + "'");
        become(ids.get(2), "open", "attempt = 1, rows_read = 0, rows_skipped = 3, waiting_for = '" + LOCKED + "'");
        become(ids.get(3), "open", "claimed_by = 'n3', claimed_until = '2001-01-01 00:00:00'");
        become(ids.get(4), "look", "rows_read = 0");
        for (long id : ids.subList(5, 32)) {
            become(id, "done", "rows_read = 40, " + has + ", waiting_for = '" + SLOWED + "'");
        }

        Progress progress = progress(change);

        assertThat(progress.rangesOpen() + progress.rangesDone()).isEqualTo(32);
        assertThat(progress.ranges())
                .hasSize(20)
                .startsWith(
                        new RangeStatus("customer", RangeStatus.State.HELD, 40, 100, 150, STOPPED, "n2"),
                        new RangeStatus("customer", RangeStatus.State.RUNNING, 40, 100, 150, null, "n2"),
                        new RangeStatus("customer", RangeStatus.State.HELD, 0, 3, 0, LOCKED, null),
                        new RangeStatus("customer", RangeStatus.State.OPEN, 40, 100, 0, null, null),
                        new RangeStatus("customer", RangeStatus.State.LOOK, 0, 0, 0, null, null),
                        new RangeStatus("customer", RangeStatus.State.DONE, 40, 40, 0, null, null));
    }
}
