package dev.segue.sample.show;

import dev.segue.sample.fleet.BadOptionsException;
import dev.segue.sample.fleet.Target;
import dev.segue.test.database.Engine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.boot.convert.DurationStyle;

/**
 * What the show is asked for.
 *
 * @param exit end with a status when the job is done, instead of leaving the fleet running
 * @param requests how many requests to make at least
 * @param rate requests a second
 * @param customers how many customers a new database gets
 * @param timeout after which the show gives up
 * @param logs where the output of the nodes and the log of acknowledged writes go; empty for a temporary directory
 */
record Options(
        Target target, boolean exit, int requests, int rate, int customers, Duration timeout, Optional<Path> logs) {

    static final String USAGE = """
            java -jar segue-sample-app.jar [options]        the show
            java -jar segue-sample-app.jar node [options]   one node of the shop (Spring Boot options)

              --database=postgresql|mysql       the embedded server to start (postgresql)
              --spring.datasource.url=URL       a database to use instead, with
              --spring.datasource.username=NAME
              --spring.datasource.password=WORD
              --exit                            end with a status when done, instead of leaving the shop open
              --requests=N                      make at least so many requests (20000)
              --rate=N                          requests a second (200)
              --customers=N                     customers in a new database (200000)
              --timeout=DURATION                give up after, for example 90s or 10m (10m)
              --logs=DIRECTORY                  for the output of the nodes (a temporary directory)
            """;

    private static final Set<String> KNOWN = Set.of(
            "database",
            "spring.datasource.url",
            "spring.datasource.username",
            "spring.datasource.password",
            "exit",
            "requests",
            "rate",
            "customers",
            "timeout",
            "logs");

    /**
     * @throws BadOptionsException that names every mistake
     */
    static Options parse(String... args) {
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
        Options options = new Options(
                target(given, mistakes),
                bool(given, mistakes),
                number(given, "requests", 20_000, mistakes),
                number(given, "rate", 200, mistakes),
                number(given, "customers", 200_000, mistakes),
                duration(given, mistakes),
                Optional.ofNullable(given.get("logs")).map(Path::of));
        if (!mistakes.isEmpty()) {
            throw new BadOptionsException(mistakes);
        }
        return options;
    }

    private static Target target(Map<String, String> given, List<String> mistakes) {
        String url = given.get("spring.datasource.url");
        String database = given.get("database");
        if (url != null) {
            if (database != null) {
                mistakes.add("--database starts a server and --spring.datasource.url names one: give one of the two.");
            }
            if (!url.startsWith("jdbc:postgresql:") && !url.startsWith("jdbc:mysql:")) {
                mistakes.add("--spring.datasource.url=" + url
                        + " is neither jdbc:postgresql:... nor jdbc:mysql:..., which are what Segue works on.");
            }
            return new Target.Given(
                    url,
                    given.getOrDefault("spring.datasource.username", ""),
                    given.getOrDefault("spring.datasource.password", ""));
        }
        if (given.containsKey("spring.datasource.username") || given.containsKey("spring.datasource.password")) {
            mistakes.add("--spring.datasource.username and .password need --spring.datasource.url.");
        }
        for (Engine engine : Engine.values()) {
            if (database == null || engine.name().toLowerCase(Locale.ROOT).equals(database)) {
                return new Target.Embedded(engine);
            }
        }
        mistakes.add("--database=" + database + " is neither postgresql nor mysql.");
        return new Target.Embedded(Engine.POSTGRESQL);
    }

    private static boolean bool(Map<String, String> given, List<String> mistakes) {
        String value = given.getOrDefault("exit", "false");
        if (!value.equals("true") && !value.equals("false")) {
            mistakes.add("--exit=" + value + " is neither true nor false.");
        }
        return value.equals("true");
    }

    private static int number(Map<String, String> given, String name, int standard, List<String> mistakes) {
        String value = given.get(name);
        if (value == null) {
            return standard;
        }
        try {
            int number = Integer.parseInt(value);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below, as for a number that is too small.
        }
        mistakes.add("--" + name + "=" + value + " is not a whole number above 0.");
        return standard;
    }

    private static Duration duration(Map<String, String> given, List<String> mistakes) {
        Duration standard = Duration.ofMinutes(10);
        String value = given.get("timeout");
        if (value == null) {
            return standard;
        }
        try {
            Duration duration = DurationStyle.detectAndParse(value);
            if (duration.compareTo(Duration.ZERO) > 0) {
                return duration;
            }
        } catch (IllegalArgumentException e) {
            // Said below, as for a duration that is none.
        }
        mistakes.add("--timeout=" + value + " is not a duration such as 90s or 10m.");
        return standard;
    }
}
