package dev.segue;

import static dev.segue.Waiting.LONG;
import static dev.segue.Waiting.awaitDropped;
import static dev.segue.Waiting.awaitPhase;
import static dev.segue.Waiting.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.segue.backfill.Pace;
import dev.segue.change.Declaration;
import dev.segue.change.SqlForm;
import dev.segue.database.TableName;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Side;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Nodes bring in a column that no other one comes before: until it is set freely it holds the name in capitals. */
@EachDatabase
@Execution(ExecutionMode.CONCURRENT)
class IntroducePathTest {

    static final Declaration SHOUT = new Declaration(
            Fleet.CHANGE,
            "Customer.shout",
            Kind.INTRODUCE,
            TableName.of("customer"),
            List.of("name"),
            List.of(new Declaration.NewColumn("shout", "varchar(200)", true)),
            new SqlForm(List.of("upper({name})"), List.of()));

    private final Fleet customers;

    IntroducePathTest(Engine engine) {
        customers = new Fleet(engine, 2_000, SHOUT);
    }

    @AfterEach
    void close() {
        customers.close();
    }

    private String shout(long id) {
        return customers.database.value("SELECT shout FROM customer WHERE id = " + id, String.class);
    }

    @Test
    void twoNodesBringTheColumnInAndItsSourceStays() throws SQLException {
        Segue first = customers.start("n1", Fleet.settings(Phase.NEW_ONLY));
        Segue second = customers.start("n2", Fleet.settings(Phase.NEW_ONLY));

        for (Segue node : List.of(first, second)) {
            awaitDropped(node);
        }

        assertThat(customers.columns()).contains("shout", "name");
        assertThat(shout(1711)).isEqualTo("NAME 1711");
        customers.database.execute("UPDATE customer SET name = 'quiet' WHERE id = 1711");
        assertThat(shout(1711)).as("no trigger is left").isEqualTo("NAME 1711");
        assertThatThrownBy(() -> customers.database.execute("INSERT INTO customer (id, name) VALUES (0, 'none')"))
                .as("the new column is mandatory")
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void untilItIsSetFreelyTheColumnFollowsWhoeverWritesItsSource() throws SQLException {
        Segue node = customers.start("n1", Fleet.settings(Phase.READ_NEW));
        awaitPhase(node, Phase.READ_NEW);

        customers.database.execute("UPDATE customer SET name = 'hello' WHERE id = 2");
        customers.database.execute("INSERT INTO customer (id, name) VALUES (100001, 'new here')");

        assertThat(shout(2)).isEqualTo("HELLO");
        assertThat(shout(100001)).isEqualTo("NEW HERE");
    }

    @Test
    void valuesThatWereSetAreDiscardedOnTheWayBackOnlyWhenAnOperatorHasConfirmedIt() throws SQLException {
        ChangeSettings kept =
                new ChangeSettings(Phase.NEW_ONLY, false, Duration.ZERO, Duration.ZERO, true, Pace.DEFAULT);
        Segue node = customers.start("n1", kept);
        awaitPhase(node, Phase.NEW_ONLY);
        assertThat(node.discard(Fleet.CHANGE, "ann"))
                .as("a node still sets values")
                .isNotEmpty();
        customers.database.execute("UPDATE customer SET shout = 'SET FREELY' WHERE id = 3");
        customers.database.execute("UPDATE customer SET name = 'not followed' WHERE id = 4");
        customers.database.execute("INSERT INTO customer (id, name) VALUES (100001, 'from outside')");
        assertThat(shout(4)).isEqualTo("NAME 4");
        assertThat(shout(100001)).isEqualTo("FROM OUTSIDE");

        node.request(Fleet.CHANGE, Phase.OLD_ONLY, "ann");
        awaitPhase(node, Phase.READ_NEW);
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(status(node).held())
                        .anySatisfy(held -> assertThat(held.message()).contains("nobody has confirmed")));
        assertThat(shout(3)).isEqualTo("SET FREELY");

        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(node.discard(Fleet.CHANGE, "ann")).isEmpty());

        awaitPhase(node, Phase.OLD_ONLY);
        assertThat(shout(3)).isEqualTo("NAME 3");
        assertThat(shout(4)).isEqualTo("NOT FOLLOWED");
        assertThat(status(node).record().situation().sealed(Side.OLD)).isTrue();
    }
}
