package dev.segue.model;

import dev.segue.lifecycle.Guard.Form;
import java.util.*;
import org.junit.jupiter.api.Test;

class ProtocolModelTest {
    static final int LIMIT = 6_000_000;

    @Test
    void explore() throws Exception {
        for (Bounds b : List.of(
                Bounds.of(1, 1, 1, Form.NONE),
                Bounds.of(1, 1, 1, Form.SQL),
                Bounds.of(1, 1, 1, Form.JAVA),
                Bounds.of(1, 1, 1, Form.SQL).withLegacy(),
                Bounds.of(1, 1, 1, Form.JAVA).withLegacy())) {
            long t = System.nanoTime();
            Search s = new Search(b, Mutation.NONE, LIMIT);
            Search.Result r = s.run();
            System.out.printf(
                    "%s: %d %s %s %.1f s%n", b, r.states(), r.exhausted(), r.violated(), (System.nanoTime() - t) / 1e9);
            r.trace().forEach(System.out::println);
            if (r.violated() == null) {
                Reachability reach = new Reachability(s);
                World w = s.world();
                int e = reach.stuck(a -> true, w::isOver), o = reach.stuck(w::mayGoBack, w::isAtStart);
                System.out.printf("over %d start %d  %.1f s%n", e, o, (System.nanoTime() - t) / 1e9);
                if (e >= 0) {
                    s.stepsTo(e).forEach(System.out::println);
                }
                if (o >= 0) {
                    s.stepsTo(o).forEach(System.out::println);
                }
                for (Bounds big : List.of(
                        new Bounds(3, 1, 1, b.form(), b.legacy(), true, false),
                        new Bounds(2, 2, 2, b.form(), b.legacy(), true, false))) {
                    t = System.nanoTime();
                    Search.Result rr =
                            new Search(big, Mutation.NONE, 500_000).from(s, 100).run();
                    System.out.printf(
                            "%s: %d %s %s %.1f s%n",
                            big, rr.states(), rr.exhausted(), rr.violated(), (System.nanoTime() - t) / 1e9);
                    rr.trace().forEach(System.out::println);
                }
            }
        }
    }
}
