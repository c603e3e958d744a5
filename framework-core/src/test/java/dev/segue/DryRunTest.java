package dev.segue;

import static dev.segue.Waiting.LONG;
import static dev.segue.Waiting.awaitDropped;
import static dev.segue.Waiting.awaitPhase;
import static dev.segue.Waiting.awaitSealed;
import static dev.segue.Waiting.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.segue.backfill.Pace;
import dev.segue.lifecycle.Held;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Progress;
import dev.segue.lifecycle.Stage;
import dev.segue.test.database.Engine;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Before the old column is dropped it is hidden for the hold time, on MySQL. */
@Execution(ExecutionMode.CONCURRENT)
class DryRunTest {

    private static final String ALL = "SELECT * FROM customer WHERE id = 7";

    private final Fleet fleet = new Fleet(Engine.MYSQL, 100);

    @AfterEach
    void close() {
        fleet.close();
    }

    private static ChangeSettings settings(Duration hold) {
        return new ChangeSettings(Phase.NEW_ONLY, true, hold, Duration.ZERO, true, Pace.DEFAULT);
    }

    private Set<String> seen() {
        return fleet.database.rows(ALL).get(0).keySet();
    }

    /** Step by step, because the way there takes longer than any step of it. */
    private static void awaitHidden(Segue node) {
        awaitSealed(node);
        awaitPhase(node, Phase.NEW_ONLY);
        awaitDryRun(node, Progress.DONE);
    }

    private static void awaitDryRun(Segue node, Progress progress) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(status(node).record().dryRun())
                        .as(() -> String.valueOf(status(node).held()))
                        .isEqualTo(progress));
    }

    @Test
    void whoeverMissesTheColumnGetsItBackByGoingBackAndItIsDroppedWhenNobodyDoes() throws SQLException {
        Segue node = fleet.start("n1", settings(Duration.ofSeconds(10)));
        awaitHidden(node);
        assertThat(seen()).contains("full_name").doesNotContain("name");
        assertThatThrownBy(() -> fleet.database.execute("INSERT INTO customer VALUES (200, 'Ada', 'note', 'Ada')"))
                .hasMessageContaining("200");
        fleet.database.execute("INSERT INTO customer (id, name) VALUES (201, 'who names it may')");
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(status(node).held())
                        .extracting(Held::remedy)
                        .anyMatch(remedy -> remedy.contains("read-new")));

        node.request(Fleet.CHANGE, Phase.READ_NEW, "ann");
        awaitPhase(node, Phase.READ_NEW);
        awaitDryRun(node, Progress.PENDING);
        assertThat(seen()).contains("full_name", "name");

        node.clearRequests(Fleet.CHANGE, "ann");
        awaitPhase(node, Phase.NEW_ONLY);
        awaitDropped(node);
        assertThat(status(node).record().dryRun()).as("it was hidden again").isEqualTo(Progress.DONE);
        assertThat(fleet.columns()).contains("full_name").doesNotContain("name");
    }

    /** The node that hides the column dies before it can say so; so another one finds it hidden and has to know. */
    @Test
    void anotherNodeShowsWhatOneHasHiddenThatDied() throws SQLException {
        fleet.database.execute("ALTER TABLE customer ALTER COLUMN note SET INVISIBLE");
        Segue node = fleet.start("n1", settings(Duration.ofHours(1)));
        awaitHidden(node);
        assertThat(seen()).containsExactlyInAnyOrder("id", "full_name");
        fleet.stop(node);
        fleet.database.execute("UPDATE segue_change SET dry_run = 'applying'");

        Segue other = fleet.start(
                "n2", new ChangeSettings(Phase.READ_NEW, true, Duration.ofHours(1), Duration.ZERO, true, Pace.DEFAULT));

        awaitDryRun(other, Progress.PENDING);
        assertThat(seen()).as("what a user has hidden stays so").containsExactlyInAnyOrder("id", "name", "full_name");
        assertThat(status(other).record().situation().stages().pending(Stage.CONTRACT))
                .isTrue();
    }
}
