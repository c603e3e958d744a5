package dev.segue.test.kit;

import static org.awaitility.Awaitility.await;

import dev.segue.ChangeStatus;
import dev.segue.RequestSource;
import dev.segue.Segue;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Phase;
import dev.segue.spring.SegueNodes;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** One running node of the application. Thread-safe. */
public final class AppNode implements AutoCloseable {

    private static final Duration LONG = Duration.ofMinutes(2);

    private final String change;
    private final Engine engine;
    private final ConfigurableApplicationContext context;
    private final Segue segue;

    /** Stronger than what the application's configuration says. */
    private volatile Phase flag = Phase.OLD_ONLY;

    AppNode(SegueTest asked, String name, TestDatabase database) {
        this.change = asked.change();
        this.engine = asked.engine();
        RequestSource flags = id -> id.equals(change) ? Optional.of(flag.id()) : Optional.empty();
        String settings = "--segue.changes." + change + ".";
        String[] own = {
            "--spring.datasource.url=" + database.url(),
            "--spring.datasource.username=" + database.username(),
            "--spring.datasource.password=" + database.password(),
            "--server.port=0",
            "--segue.lease=3s",
            "--segue.schema.lock-pause=50ms..200ms",
            settings + "shadow-for=0s",
            settings + "contract=false"
        };
        this.context = new SpringApplicationBuilder(asked.application())
                .initializers(application -> ((GenericApplicationContext) application)
                        .registerBean("segueTestFlags" + name, RequestSource.class, () -> flags))
                .run(Stream.concat(Stream.of(own), Stream.of(asked.arguments())).toArray(String[]::new));
        try {
            this.segue = context.getBean(SegueNodes.class).all().stream()
                    .filter(node -> node.status().stream().anyMatch(this::isOfChange))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("No entity of "
                            + asked.application().getName() + " declares the change '" + change
                            + "'. Correct the id in @SegueTest, or the annotation at the entity's attribute."));
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

    /**
     * Says that nobody but the two nodes writes the table, where the last phase needs that word: on MySQL, for a conversion
     * that exists only in Java.
     */
    void vouchIfAsked() throws SQLException {
        if (engine == Engine.MYSQL && !status().change().isSql()) {
            segue.vouch(change, "test");
        }
    }

    /**
     * Goes to a phase and returns when it is there.
     *
     * @throws IllegalStateException if it does not get there; with what holds it
     */
    void moveTo(Phase phase) {
        flag = phase;
        try {
            await().atMost(LONG)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> status().phase() == phase && status().requested() == phase);
        } catch (ConditionTimeoutException e) {
            throw new IllegalStateException("The node does not come to " + phase.id() + ": " + status().held(), e);
        }
    }

    @Override
    public void close() {
        context.close();
    }

    private ChangeStatus status() {
        return segue.status().stream().filter(this::isOfChange).findFirst().orElseThrow();
    }

    private boolean isOfChange(ChangeStatus status) {
        return status.change().id().equals(change);
    }
}
