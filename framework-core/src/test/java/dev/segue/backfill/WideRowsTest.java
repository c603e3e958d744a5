package dev.segue.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.backfill.VerificationStatus.State;
import dev.segue.change.ColumnChange;
import dev.segue.change.JavaForm;
import dev.segue.change.JavaForm.Converter;
import dev.segue.lifecycle.Side;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Of rows that are converted in Java no more are in memory at a time than there is room for, however long their values. */
@EachDatabase
class WideRowsTest {

    private static final int WIDE = 700_000;
    private static final int NARROW_ROWS = 500;
    private static final int WIDE_ROWS = 6;

    private static final Converter REVERSED = values -> Credits.one(
            values.get(0) == null
                    ? null
                    : new StringBuilder(values.get(0).toString()).reverse().toString());

    private final Credits credits;
    private final AtomicLong inBatch = new AtomicLong();
    private final AtomicLong largest = new AtomicLong();
    private final AtomicInteger batches = new AtomicInteger();

    WideRowsTest(Engine engine) {
        this.credits = new Credits(engine);
    }

    @AfterEach
    void drop() {
        credits.close();
    }

    /** Short values, then long ones, then short ones again. */
    private ColumnChange table(Converter there) throws SQLException {
        String text = credits.engine == Engine.POSTGRESQL ? "text" : "longtext";
        credits.database.execute(
                "CREATE TABLE customer (id bigint PRIMARY KEY, credit " + text + ", cents " + text + ")");
        fill(1, NARROW_ROWS, 5);
        fill(NARROW_ROWS + 1, WIDE_ROWS, WIDE);
        fill(NARROW_ROWS + WIDE_ROWS + 1, NARROW_ROWS, 5);
        return credits.change(JavaForm.lossless(there, REVERSED), text, text);
    }

    private void fill(int first, int rows, int length) {
        String value = "concat(" + first + ", repeat('x', " + length + "))";
        credits.database.execute(
                credits.engine == Engine.POSTGRESQL
                        ? "INSERT INTO customer SELECT g + %d, %s, NULL FROM generate_series(0, %d) g"
                                .formatted(first, value, rows - 1)
                        : "INSERT INTO customer WITH RECURSIVE g (n) AS (SELECT /*+ SET_VAR(cte_max_recursion_depth = 10000) */ 0 UNION ALL SELECT n + 1 FROM g WHERE n < %d) SELECT n + %d, %s, NULL FROM g"
                                .formatted(rows - 1, first, value));
    }

    private List<@Nullable Object> counted(List<@Nullable Object> values) {
        inBatch.addAndGet(String.valueOf(values.get(0)).length());
        return REVERSED.convert(values);
    }

    private Passes watched() {
        return new Passes(
                credits.database.dataSource(),
                credits.dialect,
                credits.registry,
                "n1",
                Duration.ofSeconds(10),
                (change, side) -> {
                    inBatch.set(0);
                    return failure -> {
                        batches.incrementAndGet();
                        largest.accumulateAndGet(inBatch.get(), Math::max);
                    };
                });
    }

    private long wrong() {
        return credits.count("customer WHERE cents IS NULL OR cents <> reverse(credit)");
    }

    @Test
    void aBatchIsCutWhereThereIsNoRoomForMore() throws SQLException {
        ColumnChange change = table(this::counted);
        Passes passes = watched();
        passes.open(change, Side.NEW, 0);

        assertThat(passes.work(change, Side.NEW, 0, Pace.DEFAULT.withWorkers(2), () -> true))
                .isEqualTo(Outcome.FINISHED_ALL);

        assertThat(wrong()).isZero();
        assertThat(largest).as("characters").hasValueBetween(WIDE, 1L << 20);
        assertThat(batches).as("not each row by itself").hasValueLessThan(WIDE_ROWS + 40);
        assertThat(credits.database.value("SELECT sum(rows_read) FROM segue_range", Long.class))
                .isEqualTo(2 * NARROW_ROWS + WIDE_ROWS);
    }

    @Test
    void rowsOfWhichOnlyTheKeysAreKnownAreTakenInParts() throws SQLException {
        ColumnChange change = table(REVERSED);
        try (Connection connection = credits.database.connect()) {
            connection.setAutoCommit(false);
            JavaRows rows =
                    JavaRows.of(connection, credits.dialect, change.sites().get(0), Side.NEW);
            List<Key> keys = List.of(key(1), key(NARROW_ROWS + 1), key(NARROW_ROWS + 2), key(NARROW_ROWS + 3), key(-1));

            assertThat(rows.fitting(connection, keys, new Room(1_500_000)).stream()
                            .mapToInt(List::size))
                    .containsExactly(3, 1);
            assertThat(rows.fitting(connection, keys, new Room(1)).stream().mapToInt(List::size))
                    .as("each at least by itself")
                    .containsExactly(1, 1, 1, 1);
            Repair repair = Repair.of(
                    connection, credits.dialect, change, change.sites().get(0), Side.NEW, new Room(1));
            assertThat(repair.fix(connection, keys).repaired()).isEqualTo(4);
        }
    }

    private static Key key(int id) {
        return new Key(List.of(String.valueOf(id)));
    }

    @Test
    void aComparisonTakesAWindowInPartsAndMissesNone() throws SQLException {
        ColumnChange change = table(REVERSED);
        credits.database.execute("UPDATE customer SET cents = reverse(credit)");
        credits.registry.underLock(change.id(), locked -> {
            locked.save(locked.situation().proven(Side.NEW));
            return 0;
        });
        int last = 2 * NARROW_ROWS + WIDE_ROWS;
        credits.database.execute(
                "UPDATE customer SET cents = 'x' WHERE id IN (1, " + (NARROW_ROWS + 5) + ", " + last + ")");

        VerificationStatus found = new Verification(
                        credits.database.dataSource(), credits.dialect, credits.registry, "n1")
                .run(change, new Pace(Duration.ofSeconds(10), 50_000, 50_000, 0), () -> true)
                .orElseThrow();

        assertThat(found.state()).isEqualTo(State.MISMATCH);
        assertThat(found.mismatches()).isEqualTo(3);
        assertThat(found.rowsCompared()).isEqualTo(last);
    }

    @Test
    void aLookAtTheWholeTableIsOneSnapshotHoweverManyPartsItHas() throws SQLException {
        // A row in the last part jumps before the first one while the first one is looked at.
        AtomicInteger looks = new AtomicInteger(-1);
        ColumnChange change = table(values -> {
            if (looks.incrementAndGet() == 1) {
                credits.database.execute(
                        "UPDATE customer SET id = -7, cents = 'x' WHERE id = " + (2 * NARROW_ROWS + WIDE_ROWS));
            }
            return REVERSED.convert(values);
        });
        credits.database.execute("UPDATE customer SET cents = reverse(credit)");
        credits.database.execute("UPDATE customer SET cents = 'x' WHERE id = " + (2 * NARROW_ROWS + WIDE_ROWS));
        try (Session session = Session.open(credits.database.dataSource(), credits.dialect, Duration.ofSeconds(20))) {
            Comparison comparison = Comparison.of(
                    session.connection(), credits.dialect, change.sites().get(0));

            assertThat(LastLook.inOneSnapshot(
                            session.connection(), () -> comparison.disagreeing(session.connection(), 10)))
                    .containsExactly(key(2 * NARROW_ROWS + WIDE_ROWS));
        }
        assertThat(credits.count("customer WHERE id = -7")).isEqualTo(1);
    }
}
