package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Stage;
import java.time.Duration;

/** Waits until a node shows that its only change has come somewhere. */
final class Waiting {

    /** Longer than anything takes, also on a machine that does a lot besides. */
    static final Duration LONG = Duration.ofSeconds(60);

    private Waiting() {}

    static ChangeStatus status(Segue node) {
        return node.status().get(0);
    }

    static void awaitPhase(Segue node, Phase phase) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(status(node).phase())
                        .as(() -> String.valueOf(status(node).held()))
                        .isEqualTo(phase));
    }

    static void awaitSealed(Segue node) {
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(status(node).record().situation().sealed(Side.NEW))
                                .as(() -> String.valueOf(status(node).held()))
                                .isTrue());
    }

    static void awaitDropped(Segue node) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(
                                status(node).record().situation().stages().done(Stage.CONTRACT))
                        .as(() -> status(node).held() + " " + status(node).record())
                        .isTrue());
    }

    /** Until the node says that something holds it, in words with these among them. */
    static void awaitHeld(Segue node, String words) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(status(node).held())
                        .as(() -> String.valueOf(status(node).record()))
                        .anySatisfy(held -> assertThat(held.message() + "; " + held.remedy())
                                .contains(words)));
    }
}
