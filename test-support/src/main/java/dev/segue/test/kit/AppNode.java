package dev.segue.test.kit;

import dev.segue.ChangeStatus;
import dev.segue.RequestSource;
import dev.segue.Segue;
import dev.segue.SegueListener;
import dev.segue.database.Database;
import dev.segue.lifecycle.Held;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Phase;
import dev.segue.spring.SegueNodes;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** One running node of the application. Thread-safe. */
public final class AppNode implements AutoCloseable {

    private static final Duration LONG = Duration.ofMinutes(2);

    private final String change;
    private final Database database;
    private final ConfigurableApplicationContext context;
    private final Segue segue;

    /** Stronger than what the application's configuration says. */
    private volatile Phase flag = Phase.OLD_ONLY;

    /**
     * Starts in {@code old-only}.
     *
     * @param name of this node among those of the test
     * @param others what other changes of the application are told; empty for what its configuration says
     */
    AppNode(Launch launch, String name, Optional<Phase> others) {
        this.change = launch.change();
        this.database = launch.database();
        RequestSource flags = id -> (id.equals(change) ? Optional.of(flag) : others).map(Phase::id);
        this.context = new SpringApplicationBuilder(launch.application())
                .initializers(application -> ((GenericApplicationContext) application)
                        .registerBean("segueTestFlags" + name, RequestSource.class, () -> flags))
                .run(launch.arguments().toArray(String[]::new));
        try {
            this.segue = context.getBean(SegueNodes.class).all().stream()
                    .filter(node -> node.status().stream().anyMatch(this::isOfChange))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("No entity of "
                            + launch.application().getName() + " declares the change '" + change
                            + "'. Correct its id, or the annotation at the entity's attribute."));
        } catch (RuntimeException e) {
            context.close();
            throw e;
        }
    }

    /** A bean of this node. */
    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** The phase of this node. */
    public Phase phase() {
        return status().phase();
    }

    Kind kind() {
        return status().change().kind();
    }

    /** The unique id of this node, as the fleet knows it. */
    String id() {
        return segue.node();
    }

    ConfigurableApplicationContext context() {
        return context;
    }

    void listen(SegueListener listener) {
        segue.listen(listener);
    }

    /** Where the change is. */
    ChangeStatus status() {
        return segue.status().stream().filter(this::isOfChange).findFirst().orElseThrow();
    }

    /**
     * Says that nobody but the nodes of this test writes the table, where the last phase needs that word: on MySQL, for a
     * conversion that exists only in Java.
     */
    void vouchIfAsked() throws SQLException {
        if (database == Database.MYSQL && !status().change().isSql()) {
            segue.vouch(change, "test");
        }
    }

    /** Confirms that the values of a new column are lost on the way back, where the way back asks for that. */
    void discardIfAsked() throws SQLException {
        if (kind() == Kind.INTRODUCE) {
            segue.discard(change, "test");
        }
    }

    /** Sets out for a phase. */
    void head(Phase phase) {
        flag = phase;
    }

    /**
     * Returns when it is there.
     *
     * @throws IllegalStateException if it does not get there; with what holds it
     */
    void await(Phase phase) {
        try {
            Awaitility.await()
                    .atMost(LONG)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> status().phase() == phase && status().requested() == phase);
        } catch (ConditionTimeoutException e) {
            throw new IllegalStateException(
                    "The node does not come to " + phase.id() + ": "
                            + status().held().stream().map(Held::message).toList(),
                    e);
        }
    }

    @Override
    public void close() {
        context.close();
    }

    private boolean isOfChange(ChangeStatus status) {
        return status.change().id().equals(change);
    }
}
