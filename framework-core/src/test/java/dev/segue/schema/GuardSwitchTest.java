package dev.segue.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.change.ColumnChange;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Stage;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A guard goes from recording to refusing and back without a moment in which nobody watches. */
@EachDatabase
@Execution(ExecutionMode.CONCURRENT)
class GuardSwitchTest {

    private final JavaShop java;
    private final Shop shop;

    GuardSwitchTest(Engine engine) {
        this.java = new JavaShop(engine);
        this.shop = java.shop;
    }

    @AfterEach
    void drop() {
        java.close();
    }

    @Test
    void switchesBothWaysAndSaysWhatStands() throws Exception {
        ColumnChange change = java.expanded();
        StageRunner runner = shop.runner();
        assertThat(runner.guardMode(change, Side.NEW)).isEmpty();
        for (int round = 0; round < 2; round++) {
            for (GuardMode mode : List.of(GuardMode.RECORDS, GuardMode.REFUSES, GuardMode.REFUSES)) {
                java.guard(change, Side.NEW, mode);
                assertThat(runner.guardMode(change, Side.NEW)).contains(mode);
                assertThat(runner.guarded(change)).containsExactly(Side.NEW);
            }
            java.refused("UPDATE customer SET name = 'x' WHERE id = 1");
        }
        java.guard(change, Side.NEW, GuardMode.RECORDS);
        shop.database.execute("UPDATE customer SET name = 'Augusta' WHERE id = 1");
        assertThat(java.dirty()).containsExactly("1");

        java.guard(change, Side.OLD, GuardMode.REFUSES);
        assertThat(runner.guarded(change)).containsExactly(Side.OLD, Side.NEW);
        runner.unguard(change, Side.NEW, Shop.CERTAIN);
        runner.unguard(change, Side.NEW, Shop.CERTAIN);
        assertThat(runner.guarded(change)).containsExactly(Side.OLD);
        runner.revert(change, Stage.GUARD, true, Shop.CERTAIN);
        assertThat(runner.guarded(change)).isEmpty();
        assertThat(shop.catalog("customer")).noneMatch(line -> line.contains("segue_"));
    }

    /** Stops before each statement in turn, as a process would that is killed there. */
    @Test
    void aSwitchThatIsKilledAnywhereIsFinishedByTheNextAndLeavesNoGap() throws Exception {
        ColumnChange change = java.expanded();
        java.guard(change, Side.NEW, GuardMode.RECORDS);
        List<String> recording = shop.catalog("customer");
        for (int survives = 0; survives < 5; survives++) {
            for (GuardMode mode : List.of(GuardMode.REFUSES, GuardMode.RECORDS)) {
                AtomicInteger left = new AtomicInteger(survives);
                Intent killed = connection -> {
                    if (left.getAndDecrement() == 0) {
                        throw new SQLException("killed");
                    }
                };
                try {
                    shop.runner().guard(change, Side.NEW, mode, killed);
                } catch (SQLException e) {
                    assertThat(e.getMessage()).isEqualTo("killed");
                }
                assertThat(shop.runner().guarded(change)).contains(Side.NEW);
                java.guard(change, Side.NEW, mode);
                assertThat(shop.runner().guardMode(change, Side.NEW)).contains(mode);
            }
            assertThat(shop.catalog("customer")).isEqualTo(recording);
        }
    }

    @Test
    void cannotFillWhatOnlyJavaConverts() throws Exception {
        ColumnChange change = java.expanded();

        assertThatThrownBy(() -> java.guard(change, Side.NEW, GuardMode.FILLS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("only in Java");
    }

    @Test
    void goesWithTheColumn() throws Exception {
        ColumnChange change = java.expanded();
        java.guard(change, Side.NEW, GuardMode.REFUSES);
        java.guard(change, Side.OLD, GuardMode.RECORDS);
        shop.runner().apply(change, Stage.ENFORCE, true, Shop.CERTAIN);
        shop.runner().apply(change, Stage.RELAX, true, Shop.CERTAIN);
        shop.runner().apply(change, Stage.CONTRACT, true, Shop.CERTAIN);

        shop.database.execute("INSERT INTO customer (id, full_name) VALUES (9, '<Alan>')");
        assertThat(shop.catalog("customer")).noneMatch(line -> line.contains("segue_"));
    }
}
