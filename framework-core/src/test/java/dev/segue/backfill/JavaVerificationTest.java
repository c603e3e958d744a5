package dev.segue.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.backfill.VerificationStatus.State;
import dev.segue.change.ColumnChange;
import dev.segue.lifecycle.Side;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Verification by a conversion that exists only in Java. */
@EachDatabase
class JavaVerificationTest {

    private final Credits credits;

    JavaVerificationTest(Engine engine) {
        this.credits = new Credits(engine);
    }

    @AfterEach
    void drop() {
        credits.close();
    }

    private ColumnChange sealed(int rows) throws SQLException {
        return sealed(credits.customers(rows));
    }

    private ColumnChange sealed(ColumnChange change) throws SQLException {
        credits.pass(change, Side.NEW, 0);
        credits.registry.underLock(change.id(), locked -> {
            locked.save(locked.situation().proven(Side.NEW));
            return locked.situation();
        });
        return change;
    }

    private Verification verification() {
        return new Verification(credits.database.dataSource(), credits.dialect, credits.registry, "n1");
    }

    private VerificationStatus run(ColumnChange change) throws SQLException {
        return verification().run(change, Credits.PACE, () -> true).orElseThrow();
    }

    @Test
    void aTableThatAgreesIsFoundClean() throws SQLException {
        VerificationStatus status = run(sealed(1_500));

        assertThat(status.state()).isEqualTo(State.CLEAN);
        assertThat(status.rowsCompared()).isEqualTo(1_500);
    }

    @Test
    void valuesThatDifferOrDoNotConvertAreFoundAndRepairedByCommand() throws SQLException {
        ColumnChange change = sealed(1_500);
        credits.database.execute(
                "UPDATE customer SET cents = cents + 1 WHERE id = 700",
                "UPDATE customer SET credit = 'not a number' WHERE id = 701");

        VerificationStatus status = run(change);

        assertThat(status.state()).isEqualTo(State.MISMATCH);
        assertThat(status.listed()).containsExactlyInAnyOrder("customer 700", "customer 701");

        assertThat(verification().repair(change, Side.NEW, "ada"))
                .as("the one that does not convert stays listed")
                .isEqualTo(1);
        assertThat(credits.count("customer WHERE id = 700 AND cents = 700")).isEqualTo(1);
        assertThat(verification().status(change.id()).orElseThrow().held())
                .singleElement()
                .satisfies(held ->
                        assertThat(held.message()).contains("customer 701").doesNotContain("not a number"));
    }

    @ParameterizedTest
    @EnumSource
    void rowsOfPartitionsThatDisagreeAreFoundAndRepairedByCommand(Partitions partitions) throws SQLException {
        ColumnChange change = sealed(credits.customers(3_000, partitions));
        assertThat(run(change).rowsCompared()).isEqualTo(3_000);
        credits.database.execute("UPDATE customer SET cents = cents + 1 WHERE id IN (7, 8)");

        assertThat(run(change).listed()).containsExactlyInAnyOrder("customer 7", "customer 8");

        assertThat(verification().repair(change, Side.NEW, "ada")).isZero();
        assertThat(credits.disagreeing()).isZero();
    }

    @Test
    void aRowThatStaysLockedLeavesTheResultUncertain() throws SQLException {
        ColumnChange change = sealed(300);
        credits.database.execute("UPDATE customer SET cents = 0 WHERE id = 5");
        try (Connection other = credits.database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.executeUpdate("UPDATE customer SET version = 8 WHERE id = 5");

            assertThat(run(change).state()).isEqualTo(State.UNCERTAIN);
        }
        assertThat(run(change).state()).isEqualTo(State.MISMATCH);
    }
}
