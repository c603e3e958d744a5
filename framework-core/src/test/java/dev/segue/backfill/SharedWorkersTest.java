package dev.segue.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.change.Column;
import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.change.SqlForm;
import dev.segue.database.TableName;
import dev.segue.lifecycle.Guard;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Progress;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Stage;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The passes of several changes do not add up to more workers than any of them may have. */
@EachDatabase
class SharedWorkersTest {

    private static final int LARGE = 25_000;
    private static final PassId FIRST = new PassId(Customers.ID, Side.NEW, 0);
    private static final PassId SECOND = new PassId("order-note", Side.NEW, 0);

    private final Customers customers;
    private final Claims claims;

    SharedWorkersTest(Engine engine) {
        this.customers = new Customers(engine);
        this.claims = new Claims(customers.dialect, "n1", Duration.ofSeconds(30));
    }

    @AfterEach
    void drop() {
        customers.close();
    }

    @BeforeEach
    void openTheFirst() throws SQLException {
        ColumnChange first = customers.rows(LARGE);
        analyze("customer");
        customers.passes().open(first, Side.NEW, 0);
    }

    private void analyze(String table) {
        customers.database.execute((customers.engine == Engine.POSTGRESQL ? "ANALYZE " : "ANALYZE TABLE ") + table);
    }

    /** A pass over another table. */
    private ColumnChange second(int rows) throws SQLException {
        customers.database.execute(
                "CREATE TABLE orders (id bigint PRIMARY KEY, note varchar(200), remark varchar(200))",
                "INSERT INTO orders SELECT id, name, NULL FROM customer WHERE id <= " + rows);
        analyze("orders");
        ColumnChange change = new ColumnChange(
                SECOND.change(),
                Kind.REPLACE,
                List.of(new Site(
                        TableName.of("orders"),
                        List.of(new Column("id", "bigint", false)),
                        List.of(new Column("note", "varchar(200)", true)),
                        List.of(new Column("remark", "varchar(200)", true)),
                        SqlForm.SAME)));
        customers.registry.declare(change.id(), change.definition(), Kind.REPLACE, Guard.Form.SQL);
        customers.registry.underLock(change.id(), locked -> {
            locked.save(locked.situation().stage(Stage.EXPAND, Progress.DONE));
            return 0;
        });
        customers.passes().open(change, Side.NEW, 0);
        return change;
    }

    private Optional<Range> claim(PassId pass, int workers) throws SQLException {
        try (Connection connection = customers.database.connect()) {
            connection.setAutoCommit(false);
            return claims.next(connection, pass, workers);
        }
    }

    private Outcome work(ColumnChange change, Pace pace) throws SQLException {
        return customers.passes().work(change, Side.NEW, 0, pace, () -> true);
    }

    @Test
    void thePassThatIsUnderWayGoesOnAndTheNextSaysWhatItWaitsFor() throws SQLException {
        ColumnChange second = second(LARGE);
        Range one = claim(FIRST, 2).orElseThrow();
        assertThat(claim(SECOND, 2)).as("there is room for one").isPresent();
        customers.database.execute(
                "UPDATE segue_range SET claimed_by = NULL, claimed_until = NULL WHERE id <> " + one.id());
        assertThat(claim(FIRST, 2)).isPresent();

        assertThat(claim(SECOND, 2)).isEmpty();
        assertThat(work(second, Pace.DEFAULT)).isEqualTo(Outcome.NOTHING_TO_CLAIM);
        assertThat(customers
                        .passes()
                        .progress(second, Side.NEW, 0)
                        .orElseThrow()
                        .waitingFor())
                .isEqualTo("workers, which are at " + Customers.ID);

        assertThat(claim(SECOND, 3))
                .as("who may have more of them begins beside it")
                .isPresent();
        customers.database.execute("UPDATE segue_range SET claimed_by = NULL, claimed_until = NULL");
        assertThat(work(second, Pace.DEFAULT)).isEqualTo(Outcome.FINISHED_ALL);
    }

    @Test
    void aSmallPassHasAWorkerAtAnyTime() throws SQLException {
        ColumnChange small = second(300);
        assertThat(claim(FIRST, 1)).isPresent();

        assertThat(work(small, Pace.DEFAULT.withWorkers(1))).isEqualTo(Outcome.FINISHED_ALL);
    }

    @Test
    void whoStandsStillKeepsNobodyWaitingAndLooksForRoomBeforeItGoesOn() throws SQLException {
        second(LARGE);
        AtomicInteger reads = new AtomicInteger();
        Lag lag = new Lag(() -> {
            int read = reads.incrementAndGet();
            if (read == 2) {
                assertThat(claim(SECOND, 1)).isPresent();
            }
            return read == 1 ? 5.0 : 0.0;
        });
        Pace pace = Pace.DEFAULT.withWorkers(1).withThrottle(new Throttle(List.of(lag), null));
        ColumnChange first = customers.change(SqlForm.SAME, Guard.Form.SQL);

        assertThat(work(first, pace)).isEqualTo(Outcome.NOTHING_TO_CLAIM);

        assertThat(reads).hasValue(2);
        assertThat(customers.disagreeing()).as("nothing was done beside it").isEqualTo(LARGE);
    }
}
