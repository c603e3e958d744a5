package dev.segue;

import static dev.segue.Waiting.awaitDropped;
import static dev.segue.Waiting.awaitPhase;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.backfill.Pace;
import dev.segue.change.Declaration;
import dev.segue.change.SqlForm;
import dev.segue.database.TableName;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Phase;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Nodes let go of a mandatory column that nobody cares for any more. */
@EachDatabase
@Execution(ExecutionMode.CONCURRENT)
class RetirePathTest {

    private final Fleet customers;

    RetirePathTest(Engine engine) {
        customers = new Fleet(
                engine,
                100,
                new Declaration(
                        Fleet.CHANGE,
                        "Customer.name",
                        Kind.RETIRE,
                        TableName.of("customer"),
                        List.of("name"),
                        List.of(),
                        new SqlForm(List.of(), List.of("NULL"))));
    }

    @AfterEach
    void close() {
        customers.close();
    }

    @Test
    void theColumnIsDroppedWhenNoNodeNamesItAnyMore() throws SQLException {
        Segue first = customers.start("n1", Fleet.settings(Phase.OLD_ONLY));
        Segue second = customers.start("n2", Fleet.settings(Phase.NEW_ONLY));
        awaitPhase(second, Phase.NEW_ONLY);
        assertThatThrownBy(() -> customers.database.execute("INSERT INTO customer (note) VALUES ('no key')"))
                .isInstanceOf(IllegalStateException.class);
        customers.database.execute("INSERT INTO customer (id, note) VALUES (100001, 'without a name')");
        assertThat(customers.columns()).contains("name");

        first.request(Fleet.CHANGE, Phase.NEW_ONLY, "ann");

        awaitDropped(first);
        assertThat(customers.columns()).doesNotContain("name");
        assertThat(customers.database.value("SELECT count(*) FROM customer", Long.class))
                .isEqualTo(101);
    }

    @Test
    void theWayBackIsOpenUntilTheDrop() throws SQLException {
        ChangeSettings kept =
                new ChangeSettings(Phase.NEW_ONLY, false, Duration.ZERO, Duration.ZERO, true, Pace.DEFAULT);
        Segue node = customers.start("n1", kept);
        awaitPhase(node, Phase.NEW_ONLY);

        node.request(Fleet.CHANGE, Phase.OLD_ONLY, "ann");

        awaitPhase(node, Phase.OLD_ONLY);
        assertThat(customers.database.value("SELECT name FROM customer WHERE id = 7", String.class))
                .isEqualTo("name 7");
    }
}
