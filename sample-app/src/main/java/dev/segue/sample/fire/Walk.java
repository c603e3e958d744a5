package dev.segue.sample.fire;

import java.util.List;

/** The ways through the phases. */
final class Walk {

    static final List<String> UP = List.of("dual-write", "shadow-read", "read-new", "new-only");
    static final List<String> DOWN = List.of("read-new", "shadow-read", "dual-write", "old-only");

    private Walk() {}

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
