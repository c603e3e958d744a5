package dev.segue.benchmarks;

import dev.segue.test.database.Engine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What is to be measured, and how long.
 *
 * @param only ids of comparisons, or beginnings of them; empty is all
 * @param directory where the report goes
 */
record Options(boolean quick, List<Engine> engines, List<String> only, Path directory) {

    static final String USAGE = """
            Usage: [--quick] [--database=postgresql|mysql] [--only=ID,...] [--report=DIRECTORY]
              --quick       few rows and one round: shows that everything runs, says nothing of speed
              --database    one database instead of both
              --only        comparisons whose ids begin so
              --report      where performance.json, performance.svg and performance.md go (target/performance)
            """;

    /** @throws IllegalArgumentException if an argument is not one of {@link #USAGE} */
    static Options parse(String... args) {
        boolean quick = false;
        List<Engine> engines = List.of(Engine.values());
        List<String> only = new ArrayList<>();
        Path directory = Path.of("target", "performance");
        for (String arg : args) {
            String[] parts = arg.split("=", 2);
            String value = parts.length == 2 ? parts[1] : "";
            switch (parts[0]) {
                case "--quick" -> quick = true;
                case "--database" -> engines = List.of(Engine.valueOf(value.toUpperCase(Locale.ROOT)));
                case "--only" -> only.addAll(Arrays.asList(value.split(",", -1)));
                case "--report" -> directory = Path.of(value);
                default -> throw new IllegalArgumentException("There is no option " + arg + ".\n" + USAGE);
            }
        }
        return new Options(quick, engines, List.copyOf(only), directory);
    }

    boolean wants(String id) {
        return only.isEmpty() || only.stream().anyMatch(id::startsWith);
    }

    /** A size for this run. */
    int size(int whenQuick, int otherwise) {
        return quick ? whenQuick : otherwise;
    }
}
