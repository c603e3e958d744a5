package dev.segue.sample.fire;

import dev.segue.sample.fleet.Person;
import dev.segue.sample.fleet.StoppedException;
import java.util.List;

/**
 * An application that knows only the old columns writes and reads all along, some rows at a time, and a script writes many
 * in each phase.
 */
final class Legacy implements Scenario {

    private static final int DWELL = 250;
    private static final int SCRIPTED = 400;

    @Override
    public String id() {
        return "legacy";
    }

    @Override
    public String title() {
        return "A legacy application on plain JDBC, and a script in bulk, on the old columns in every phase, up and back";
    }

    @Override
    public void play(Arena arena) {
        List<Long> scripted = arena.visited(SCRIPTED);
        arena.load().useLegacy(true);
        runScript(arena, scripted);
        arena.serve(DWELL);
        for (String phase : Walk.UP) {
            visit(arena, phase, scripted);
        }
        visit(arena, "old-only", scripted);
        visit(arena, "new-only", scripted);
        arena.load().useLegacy(false);
        arena.allowContract();
        arena.awaitContracted();
        arena.serve(DWELL);
    }

    private static void visit(Arena arena, String phase, List<Long> scripted) {
        arena.request(phase);
        runScript(arena, scripted);
        arena.awaitPhase(phase);
        runScript(arena, scripted);
        arena.serve(DWELL);
    }

    /** One statement on the old columns, on the way to a phase or in it. */
    private static void runScript(Arena arena, List<Long> rows) {
        arena.faults().onNobody("bulk script");
        History history = arena.history();
        long mark = history.mark();
        Person person = new Person("script #" + mark, "+44 #" + mark);
        List<History.Write> writes = rows.stream()
                .flatMap(row ->
                        Attribute.ALL.stream().map(attribute -> history.begin(row, attribute, attribute.of(person))))
                .toList();
        try (LegacyShop script = arena.legacy()) {
            int changed = script.update(rows, person).orElseThrow(() -> new StoppedException("A script failed."));
            if (changed != rows.size()) {
                throw new StoppedException("A script changed " + changed + " rows of " + rows.size() + ".");
            }
            writes.forEach(history::acknowledged);
        }
    }
}
