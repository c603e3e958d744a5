package dev.segue.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.backfill.Stride.Step;
import dev.segue.change.ColumnChange;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A batch never has more rows than it may have, and on a table without gaps its end is known unread. */
@EachDatabase
class StrideTest {

    private final Customers customers;
    private Stride stride;
    private Connection connection;

    StrideTest(Engine engine) {
        this.customers = new Customers(engine);
    }

    @BeforeEach
    void connect() throws SQLException {
        ColumnChange change = customers.rows(1_000);
        stride = new Stride(new SiteSql(customers.dialect, change.sites().get(0)));
        connection = customers.database.connect();
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
        customers.close();
    }

    private Step after(@Nullable Integer key, int rows) throws SQLException {
        Window todo = new Window(key == null ? null : key(key), key(1_000));
        return stride.next(connection, todo, rows);
    }

    private static Key key(int number) {
        return new Key(List.of(String.valueOf(number)));
    }

    private long rows(Step step, long repaired) throws SQLException {
        return stride.rows(
                connection, step, new Repair.Done(repaired, 0, step.window().upTo()));
    }

    @Test
    void theFirstStepIsRead() throws SQLException {
        Step step = after(null, 100);

        assertThat(step).isEqualTo(new Step(new Window(null, key(100)), 100, true, false));
        assertThat(rows(step, 0)).isEqualTo(100);
    }

    @Test
    void theNextOnesAreRangesOfNumbers() throws SQLException {
        assertThat(after(100, 200)).isEqualTo(new Step(new Window(key(100), key(300)), 200, false, true));
    }

    @Test
    void thatAllWereRepairedSaysHowManyTheyAre() throws SQLException {
        Step step = after(100, 200);
        // So the answer cannot come from the table.
        customers.database.execute("DELETE FROM customer");

        assertThat(rows(step, 200)).isEqualTo(200);
    }

    @Test
    void othersAreCounted() throws SQLException {
        customers.database.execute("DELETE FROM customer WHERE id BETWEEN 101 AND 110");

        assertThat(rows(after(100, 200), 0)).isEqualTo(190);
    }

    @Test
    void afterAGapTheyAreReadAgain() throws SQLException {
        customers.database.execute("DELETE FROM customer WHERE id BETWEEN 101 AND 250");
        assertThat(rows(after(100, 200), 50)).isEqualTo(50);

        Step step = after(100, 200);

        assertThat(step).isEqualTo(new Step(new Window(key(100), key(450)), 200, true, false));
    }

    @Test
    void theLastOneEndsWhereTheRangeEnds() throws SQLException {
        Step step = after(900, 200);

        assertThat(step).isEqualTo(new Step(new Window(key(900), key(1_000)), 100, false, true));
        assertThat(rows(step, 0)).isEqualTo(100);
        // That it was short says nothing of gaps.
        assertThat(after(100, 200).unread()).isTrue();
    }

    @Test
    void aStepThatWasCutIsCounted() throws SQLException {
        Step step = after(100, 200);

        assertThat(stride.rows(connection, step, new Repair.Done(50, 0, key(150))))
                .isEqualTo(50);
        assertThat(after(100, 200).unread()).isTrue();
    }

    @Test
    void keysBelowZeroAreNumbersToo() throws SQLException {
        customers.database.execute("UPDATE customer SET id = -id");

        assertThat(after(-300, 100)).isEqualTo(new Step(new Window(key(-300), key(-200)), 100, false, true));
    }
}
