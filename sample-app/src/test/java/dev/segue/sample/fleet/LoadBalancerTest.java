package dev.segue.sample.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoadBalancerTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final LoadBalancer balancer = new LoadBalancer();
    private final Backend one = new Backend("one", URI.create("http://localhost:1"));
    private final Backend two = new Backend("two", URI.create("http://localhost:2"));

    LoadBalancerTest() {
        balancer.add(one);
        balancer.add(two);
    }

    @Test
    void drainsWhenTheLastRequestIsAnswered() throws Exception {
        LoadBalancer.Passage onOne = enterUntil(one);
        CompletableFuture<Boolean> drained = drainInOtherThread(one);
        while (nextTwo().contains(one)) {
            Thread.onSpinWait();
        }

        assertThat(drained).isNotDone();
        onOne.close();

        assertThat(drained.get(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void sendsNothingToADrainedNode() throws Exception {
        assertThat(balancer.drain(one, LONG)).isTrue();

        assertThat(nextTwo()).containsExactly(two);
    }

    @Test
    void doesNotWaitForRequestsOfOtherNodes() throws Exception {
        try (LoadBalancer.Passage onTwo = enterUntil(two)) {
            assertThat(balancer.drain(one, LONG)).isTrue();
            assertThat(onTwo.backend()).isSameAs(two);
        }
    }

    @Test
    void givesUpOnARequestThatIsNotAnswered() throws Exception {
        try (LoadBalancer.Passage stuck = enterUntil(one)) {
            assertThat(balancer.drain(stuck.backend(), Duration.ofMillis(20))).isFalse();
        }
    }

    @Test
    void dealsInTurn() {
        assertThat(nextTwo()).containsExactlyInAnyOrder(one, two);
    }

    @Test
    void hasNowhereToSendWhenAllAreDrained() throws Exception {
        balancer.drain(one, LONG);
        balancer.drain(two, LONG);

        assertThatIllegalStateException().isThrownBy(balancer::enter);
    }

    private LoadBalancer.Passage enterUntil(Backend wanted) {
        LoadBalancer.Passage passage = balancer.enter();
        while (passage.backend() != wanted) {
            passage.close();
            passage = balancer.enter();
        }
        return passage;
    }

    private Set<Backend> nextTwo() {
        Set<Backend> seen = new HashSet<>();
        for (int i = 0; i < 2; i++) {
            try (LoadBalancer.Passage passage = balancer.enter()) {
                seen.add(passage.backend());
            }
        }
        return seen;
    }

    private CompletableFuture<Boolean> drainInOtherThread(Backend backend) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return balancer.drain(backend, LONG);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
