package dev.segue.sample.fire;

import dev.segue.sample.fleet.Deployment;
import java.util.List;

/** The ways through the phases. */
final class Walk {

    static final List<String> UP = List.of("dual-write", "shadow-read", "read-new", "new-only");
    static final List<String> DOWN = List.of("read-new", "shadow-read", "dual-write", "old-only");

    private Walk() {}

    /** A pass takes its time, so that something happens in the middle of it. */
    static Deployment slowly(Deployment usual) {
        Deployment slow = usual;
        for (Attribute attribute : Attribute.ALL) {
            slow = slow.with(attribute.change().property("backfill.max-rows-per-second"), "1500");
        }
        return slow;
    }

    /** There is such a pass on every way up and down: only one of the changes has a guard, which keeps what is proven. */
    static Deployment withPasses(Deployment usual) {
        return slowly(usual).with(Attribute.PHONE.change().property("guard"), "none");
    }

    /** To the last phase and back to the first, told once for each way. */
    static void upAndDown(Arena arena) {
        arena.request("new-only");
        arena.awaitPhase("new-only");
        arena.request("old-only");
        arena.awaitPhase("old-only");
    }

    /** To the last phase, and the old columns are dropped. */
    static void upForGood(Arena arena) {
        arena.request("new-only");
        arena.allowContract();
        arena.awaitContracted();
    }
}
