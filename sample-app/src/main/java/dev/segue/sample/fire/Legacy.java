package dev.segue.sample.fire;

import java.util.List;

/** An application that knows only the old columns writes and reads all along, in rows and in bulk. */
final class Legacy implements Scenario {

    private static final int DWELL = 250;
    private static final List<String> THE_WAY_UP = List.of("dual-write", "shadow-read", "read-new", "new-only");

    @Override
    public String id() {
        return "legacy";
    }

    @Override
    public String title() {
        return "A legacy application on plain JDBC reads and writes the old columns in every phase, up and back";
    }

    @Override
    public void play(Arena arena) {
        arena.load().useLegacy(true);
        arena.serve(DWELL);
        for (String phase : THE_WAY_UP) {
            visit(arena, phase);
        }
        arena.request("old-only");
        arena.awaitPhase("old-only");
        arena.serve(DWELL);
        visit(arena, "new-only");
        arena.load().useLegacy(false);
        arena.allowContract();
        arena.awaitContracted();
        arena.serve(DWELL);
    }

    private static void visit(Arena arena, String phase) {
        arena.request(phase);
        arena.awaitPhase(phase);
        arena.serve(DWELL);
    }
}
