package dev.segue.sample.fire;

import dev.segue.sample.fleet.Answers;
import dev.segue.sample.fleet.Backend;
import dev.segue.sample.fleet.LoadBalancer;
import dev.segue.sample.fleet.RequestLog;
import dev.segue.sample.fleet.ShopClient;
import java.util.Map;
import java.util.Optional;

/** Asks one node, reading and writing, whether it works; as a balancer does, it counts nobody's requests. */
final class Probe {

    private static final int IN_A_ROW = 4;

    private static final RequestLog NOBODY = new RequestLog() {
        @Override
        public void answered(long nanos) {}

        @Override
        public void failed(Optional<Backend> backend, long began, String what) {}
    };

    private final ShopClient shop;
    private int successes;

    Probe(Backend backend) {
        LoadBalancer straight = new LoadBalancer();
        straight.add(backend);
        shop = new ShopClient(straight, NOBODY);
    }

    /** To be asked with pauses. */
    boolean succeedsAgainAndAgain() {
        boolean works =
                shop.get("/customers?size=1&prefix=A", Answers.Customer[].class).isPresent()
                        && shop.post(
                                        "/customers/bulk",
                                        Map.of("ids", new long[] {0}, "fullName", "nobody", "phoneNumber", "0"),
                                        Answers.Changed.class)
                                .isPresent();
        successes = works ? successes + 1 : 0;
        return successes >= IN_A_ROW;
    }
}
