package dev.segue.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.fleet.Request.Source;
import dev.segue.lifecycle.Phase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RequestsTest {

    private static Request request(Source source, Phase phase) {
        return new Request(phase, source, "somebody", null, Instant.EPOCH);
    }

    @Test
    void theOperatorIsStrongerThanTheWatchTheWatchThanTheFlagAndTheFlagThanTheConfiguration() {
        List<Request> standing = new ArrayList<>(List.of(
                request(Source.OPERATOR, Phase.READ_NEW),
                request(Source.WATCH, Phase.DUAL_WRITE),
                request(Source.FLAG, Phase.SHADOW_READ),
                request(Source.CONFIGURATION, Phase.NEW_ONLY)));
        List<Request> strongestFirst = List.copyOf(standing);

        for (int i = 0; i < strongestFirst.size(); i++) {
            Collections.shuffle(standing, new Random(i));
            Requests requests = Requests.of(standing);
            assertThat(requests.strongest()).isEqualTo(strongestFirst.get(i));
            assertThat(requests.overridden()).isEqualTo(strongestFirst.subList(i + 1, strongestFirst.size()));
            assertThat(requests.all()).isEqualTo(strongestFirst.subList(i, strongestFirst.size()));
            standing.remove(requests.strongest());
        }
    }

    @Test
    void theWatchSendsNobodyUp() {
        Request watch = request(Source.WATCH, Phase.DUAL_WRITE);
        Request configuration = request(Source.CONFIGURATION, Phase.OLD_ONLY);

        Requests lower = Requests.of(List.of(watch, configuration));
        assertThat(lower.strongest()).isEqualTo(configuration);
        assertThat(lower.overridden()).containsExactly(watch);

        Request same = request(Source.CONFIGURATION, Phase.DUAL_WRITE);
        assertThat(Requests.of(List.of(watch, same)).strongest()).isEqualTo(watch);
    }

    @Test
    void aFlagThatIsAboveTheWatchHidesNoConfigurationBelowIt() {
        Request watch = request(Source.WATCH, Phase.SHADOW_READ);
        Request flag = request(Source.FLAG, Phase.READ_NEW);
        Request configuration = request(Source.CONFIGURATION, Phase.OLD_ONLY);

        assertThat(Requests.of(List.of(watch, flag, configuration)).strongest())
                .as("the flag overrides the configuration, and the watch the flag")
                .isEqualTo(watch);
    }

    @Test
    void theOperatorSendsUpAgainstTheWatch() {
        Request operator = request(Source.OPERATOR, Phase.NEW_ONLY);

        assertThat(Requests.of(List.of(request(Source.WATCH, Phase.OLD_ONLY), operator))
                        .strongest())
                .isEqualTo(operator);
    }

    @Test
    void withoutAnyWordThereIsNoAnswer() {
        assertThatThrownBy(() -> Requests.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
