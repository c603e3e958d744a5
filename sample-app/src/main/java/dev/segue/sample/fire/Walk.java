package dev.segue.sample.fire;

import java.util.List;

/** The ways through the phases. */
final class Walk {

    static final List<String> UP = List.of("dual-write", "shadow-read", "read-new", "new-only");
    static final List<String> DOWN = List.of("read-new", "shadow-read", "dual-write", "old-only");

    private Walk() {}
}
