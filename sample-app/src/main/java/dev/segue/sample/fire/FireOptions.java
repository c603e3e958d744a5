package dev.segue.sample.fire;

import dev.segue.sample.fleet.BadOptionsException;
import dev.segue.test.database.Engine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

/**
 * What the fire is asked for.
 *
 * @param engines on which to play
 * @param scenarios to play, by id; empty for those of the short run
 * @param isLong play all scenarios, and the long ones at their full length
 * @param seed of everything random but the timing
 * @param lease of the nodes
 * @param timeout after which a scenario gives up
 * @param logs where the output of the nodes and the logs of the oracle go; empty for a temporary directory
 * @param report the file to write the table to
 */
record FireOptions(
        List<Engine> engines,
        List<String> scenarios,
        boolean isLong,
        long seed,
        Duration lease,
        Duration timeout,
        Optional<Path> logs,
        Optional<Path> report) {

    static final String USAGE = """
            java -jar segue-sample-app.jar fire [options]

              --database=postgresql|mysql       the only one to play on (both)
              --scenario=ID,ID                  what to play (the short ones)
              --long                            everything, at full length
              --seed=N                          to play the same again (a new one each time)
              --lease=DURATION                  of the nodes (8s)
              --timeout=DURATION                give up a scenario after (20m; 2h with --long)
              --logs=DIRECTORY                  for the output of the nodes (a temporary directory)
              --report=FILE                     write the table to this file, too
            """;

    private static final Set<String> KNOWN =
            Set.of("database", "scenario", "long", "seed", "lease", "timeout", "logs", "report");

    /**
     * @throws BadOptionsException that names every mistake
     */
    static FireOptions parse(String... args) {
        List<String> mistakes = new ArrayList<>();
        Map<String, String> given = new LinkedHashMap<>();
        for (String arg : args) {
            String[] parts = arg.split("=", 2);
            String name = parts[0].startsWith("--") ? parts[0].substring(2) : "";
            if (!KNOWN.contains(name)) {
                mistakes.add("Unknown option " + arg + ": see --help.");
            } else if (given.put(name, parts.length == 2 ? parts[1] : "true") != null) {
                mistakes.add("--" + name + " is given twice.");
            }
        }
        FireOptions options = new FireOptions(
                engines(given.get("database"), mistakes),
                scenarios(given.get("scenario"), mistakes),
                "true".equals(given.get("long")),
                seed(given.get("seed"), mistakes),
                duration(given, "lease", "8s", mistakes),
                duration(given, "timeout", given.containsKey("long") ? "2h" : "20m", mistakes),
                Optional.ofNullable(given.get("logs")).map(Path::of),
                Optional.ofNullable(given.get("report")).map(Path::of));
        if (!mistakes.isEmpty()) {
            throw new BadOptionsException(mistakes);
        }
        return options;
    }

    private static List<Engine> engines(@Nullable String database, List<String> mistakes) {
        List<Engine> engines = Arrays.stream(Engine.values())
                .filter(engine -> database == null
                        || engine.name().toLowerCase(Locale.ROOT).equals(database))
                .toList();
        if (engines.isEmpty()) {
            mistakes.add("--database=" + database + " is neither postgresql nor mysql.");
        }
        return engines;
    }

    private static List<String> scenarios(@Nullable String wanted, List<String> mistakes) {
        if (wanted == null) {
            return List.of();
        }
        List<String> ids = List.of(wanted.split(",", -1));
        List<String> known = Scenarios.ids();
        ids.stream()
                .filter(id -> !known.contains(id))
                .forEach(id -> mistakes.add("--scenario=" + id + " is none of " + known + "."));
        return ids;
    }

    private static long seed(@Nullable String seed, List<String> mistakes) {
        if (seed == null) {
            return System.currentTimeMillis();
        }
        try {
            return Long.parseLong(seed);
        } catch (NumberFormatException e) {
            mistakes.add("--seed=" + seed + " is not a whole number.");
            return 0;
        }
    }

    private static Duration duration(Map<String, String> given, String name, String standard, List<String> mistakes) {
        String value = given.getOrDefault(name, standard);
        try {
            return DurationStyle.detectAndParse(value);
        } catch (IllegalArgumentException e) {
            mistakes.add("--" + name + "=" + value + " is not a duration such as 90s or 10m.");
            return DurationStyle.detectAndParse(standard);
        }
    }
}
