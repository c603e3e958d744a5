package dev.segue.benchmarks.startup;

import static dev.segue.benchmarks.Goal.atMost;

import dev.segue.benchmarks.Experiment;
import dev.segue.benchmarks.Line;
import dev.segue.benchmarks.Lines;
import dev.segue.test.database.DatabaseServer;
import dev.segue.test.database.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Applications with the same entities, without Segue and with so many changes, started one after the other. */
final class StartUp implements Experiment {

    private static final int ALLOWED_MILLIS = 150;

    /** For which the goal is. */
    private static final MadeEntities USUAL = new MadeEntities(30, 1);

    private final List<Line> lines = new ArrayList<>();
    private final int entities;
    private final List<Integer> changes;
    private final DatabaseServer server;
    private final Path directory;

    /** First the one without Segue. */
    private @Nullable List<Program> programs;

    /**
     * @param changes how many; one application each
     * @param directory for the classes of the entities
     */
    StartUp(Lines lines, int entities, List<Integer> changes, DatabaseServer server, Path directory) {
        this.entities = entities;
        this.changes = changes;
        this.server = server;
        this.directory = directory;
        for (int number : changes) {
            String id = "-" + entities + "-entities-" + number + "-changes";
            String of = entities + " entities, changes: " + number;
            boolean isUsual = new MadeEntities(entities, number).equals(USUAL);
            this.lines.add(lines.line(
                    "time" + id,
                    "time that Segue adds to a start, " + of,
                    ALLOWED_MILLIS + " ms",
                    isUsual ? atMost(1) : null));
            this.lines.add(lines.line("heap" + id, "heap after a start, " + of, "without Segue", null));
        }
    }

    @Override
    public List<Line> lines() {
        return lines;
    }

    @Override
    public Round round(int number) throws Exception {
        List<Program> all = programs;
        if (all == null) {
            // The first start makes Segue's tables; it is in a round that does not count.
            all = programs();
            programs = all;
        }
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            order.add(i);
        }
        Collections.rotate(order, number);
        Program.Start[] starts = new Program.Start[all.size()];
        for (int i : order) {
            starts[i] = all.get(i).start();
        }
        Program.Start without = starts[0];
        List<Double> ratios = new ArrayList<>();
        StringBuilder said = new StringBuilder("ready after " + millis(without.nanos()) + " ms");
        for (int i = 1; i < starts.length; i++) {
            long added = starts[i].nanos() - without.nanos();
            ratios.add(added / 1e6 / ALLOWED_MILLIS);
            ratios.add((double) starts[i].heap() / without.heap());
            said.append(String.format(
                    Locale.ROOT,
                    ", %d changes: %+d ms, %+.1f MiB",
                    changes.get(i - 1),
                    millis(added),
                    (starts[i].heap() - without.heap()) / 1048576.0));
        }
        return new Round(said.toString(), ratios);
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    private List<Program> programs() throws IOException {
        List<Program> all = new ArrayList<>();
        all.add(program(0, false));
        for (int number : changes) {
            all.add(program(number, true));
        }
        return all;
    }

    private Program program(int number, boolean enabled) throws IOException {
        MadeEntities made = new MadeEntities(entities, number);
        TestDatabase database = server.createDatabase();
        made.createTables(database);
        Path classes = Files.createDirectories(directory.resolve(entities + "-" + number));
        made.write(classes);
        return new Program(database, classes, enabled);
    }
}
