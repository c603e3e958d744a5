package dev.segue.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.change.ColumnChange;
import dev.segue.change.SqlForm;
import dev.segue.lifecycle.Guard;
import dev.segue.lifecycle.Side;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A row that disagrees does not escape a pass by a new key behind the cursor. */
@EachDatabase
class MovedRowsTest {

    private static final String MOVE = "UPDATE customer SET id = -id WHERE id > 900";

    private final Customers customers;

    MovedRowsTest(Engine engine) {
        this.customers = new Customers(engine);
    }

    @AfterEach
    void drop() {
        customers.close();
    }

    /** In the middle of the pass. */
    private Outcome pass(ColumnChange change, Runnable meanwhile) throws Exception {
        customers.passes().open(change, Side.NEW, 0);
        AtomicInteger asked = new AtomicInteger();
        return customers.passes().work(change, Side.NEW, 0, Customers.PACE, () -> {
            if (asked.incrementAndGet() == 4) {
                meanwhile.run();
            }
            return true;
        });
    }

    @Test
    void rowsThatMoveBehindTheCursorAreRepaired() throws Exception {
        ColumnChange change = customers.rows(1_000);
        customers.guard(change, Side.NEW);

        pass(change, () -> customers.database.execute(MOVE));

        customers.finish(change, Side.NEW, 0);
        assertThat(customers.count("customer WHERE id < 0")).isEqualTo(100);
        assertThat(customers.disagreeing()).isZero();
    }

    @Test
    void aMoveThatIsNotCommittedYetHoldsThePassOpen() throws Exception {
        ColumnChange change = customers.rows(1_000);
        customers.guard(change, Side.NEW);
        try (Connection other = customers.database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            pass(change, () -> run(statement, MOVE));
            assertThat(customers.isComplete(change, Side.NEW, 0)).isFalse();
            other.commit();
        }

        customers.finish(change, Side.NEW, 0);
        assertThat(customers.count("customer WHERE id < 0")).isEqualTo(100);
        assertThat(customers.disagreeing()).isZero();
    }

    @Test
    void aMoveThatIsTakenBackIsRepairedWhereItWas() throws Exception {
        ColumnChange change = customers.rows(1_000);
        customers.guard(change, Side.NEW);
        try (Connection other = customers.database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            pass(change, () -> run(statement, MOVE));
            other.rollback();
        }

        customers.finish(change, Side.NEW, 0);
        assertThat(customers.disagreeing()).isZero();
        assertThat(customers.count("segue_dirty")).isZero();
    }

    @Test
    void aRowThatMovesIsRepairedFromTheSideThatIsTheTruth() throws Exception {
        ColumnChange change = customers.rows(10);
        customers.database.execute("UPDATE customer SET full_name = 'by a new writer'");
        customers.guard(change, Side.NEW);
        customers.guard(change, Side.OLD);
        customers.become(s -> s.proven(Side.NEW).voided(Side.OLD));

        customers.database.execute("UPDATE customer SET id = -5 WHERE id = 5");
        assertThat(customers.passes().drain(change, () -> true)).isZero();

        assertThat(customers.count("customer WHERE id = -5 AND full_name = 'by a new writer' AND name = full_name"))
                .isEqualTo(1);
        assertThat(customers.count("customer WHERE full_name <> 'by a new writer'"))
                .isZero();
    }

    @Test
    void aRowThatAgreesOrIsFilledMovesUnnoticed() throws Exception {
        ColumnChange change = customers.rows(10);
        customers.database.execute("UPDATE customer SET full_name = name");
        customers.guard(change, Side.NEW);

        customers.database.execute(
                "UPDATE customer SET id = -1 WHERE id = 1",
                "UPDATE customer SET id = -2, name = 'Ada' WHERE id = 2",
                "UPDATE customer SET id = -3, name = 'Ada', full_name = 'Ada' WHERE id = 3");

        assertThat(customers.count("segue_dirty")).isZero();
        assertThat(customers.disagreeing()).isZero();
    }

    @Test
    void aValueThatDoesNotConvertMovesAndIsNamed() throws Exception {
        customers.database.execute(
                "CREATE TABLE customer (id bigint PRIMARY KEY, name varchar(200), full_name varchar(200))",
                "INSERT INTO customer VALUES (1, '[1]', NULL), (2, 'no json', NULL)");
        ColumnChange change = customers.change(
                SqlForm.of(
                        customers.engine == Engine.POSTGRESQL
                                ? "CAST(CAST({old} AS json) AS text)"
                                : "JSON_UNQUOTE(JSON_EXTRACT({old}, '$'))",
                        "{new}"),
                Guard.Form.SQL);
        customers.guard(change, Side.NEW);
        customers.passes().open(change, Side.NEW, 0);

        customers.database.execute("UPDATE customer SET id = -id");

        assertThat(customers.passes().drain(change, () -> true)).isEqualTo(1);
        assertThat(customers.count("customer WHERE id = -1 AND full_name = '[1]'"))
                .isEqualTo(1);
        assertThat(customers
                        .passes()
                        .progress(change, Side.NEW, 0)
                        .orElseThrow()
                        .waitingFor())
                .contains("customer -2")
                .doesNotContain("no json");
    }

    @Test
    void withoutAGuardTheWholeTableIsLookedAtBeforeThePassIsComplete() throws Exception {
        ColumnChange change = customers.rows(1_000, Guard.Form.NONE);

        Outcome first = pass(change, () -> customers.database.execute(MOVE));

        assertThat(first).isEqualTo(Outcome.NOTHING_TO_CLAIM);
        assertThat(customers.isComplete(change, Side.NEW, 0)).isFalse();
        customers.finish(change, Side.NEW, 0);
        assertThat(customers.count("customer WHERE id < 0")).isEqualTo(100);
        assertThat(customers.disagreeing()).isZero();
    }

    @Test
    void withoutAGuardAMoveThatIsNotCommittedYetHoldsThePassOpen() throws Exception {
        ColumnChange change = customers.rows(1_000, Guard.Form.NONE);
        try (Connection other = customers.database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            pass(change, () -> run(statement, MOVE));
            assertThat(customers.passes().work(change, Side.NEW, 0, Customers.PACE, () -> true))
                    .isEqualTo(Outcome.NOTHING_TO_CLAIM);
            other.commit();
        }

        customers.finish(change, Side.NEW, 0);
        assertThat(customers.disagreeing()).isZero();
    }

    @Test
    void withoutAGuardAndMovesOneLookIsEnough() throws Exception {
        ColumnChange change = customers.rows(1_000, Guard.Form.NONE);
        customers.passes().open(change, Side.NEW, 0);
        assertThat(customers
                        .passes()
                        .progress(change, Side.NEW, 0)
                        .orElseThrow()
                        .finished())
                .isFalse();

        assertThat(customers.passes().work(change, Side.NEW, 0, Customers.PACE, () -> true))
                .isEqualTo(Outcome.FINISHED_ALL);

        assertThat(customers.isComplete(change, Side.NEW, 0)).isTrue();
        assertThat(customers
                        .passes()
                        .progress(change, Side.NEW, 0)
                        .orElseThrow()
                        .finished())
                .isTrue();
    }

    private static void run(Statement statement, String sql) {
        try {
            statement.executeUpdate(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
