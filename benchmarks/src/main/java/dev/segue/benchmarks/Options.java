package dev.segue.benchmarks;

import dev.segue.test.database.Engine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What is to be measured, and how long.
 *
 * @param throttle whether to show a pass beside a replica instead of measuring anything
 * @param rounds of each experiment that count
 * @param rows of the table that most of the backfills go over; the other tables are larger and smaller in proportion
 * @param only ids of lines, or beginnings of them; empty is all
 * @param directory where the report goes
 */
record Options(
        boolean quick,
        boolean throttle,
        List<Engine> engines,
        int rounds,
        int rows,
        List<String> only,
        Path directory) {

    static final String USAGE = """
            Usage: [--quick] [--database=postgresql|mysql] [--only=ID,...] [--rounds=N] [--rows=N] [--report=DIRECTORY]
               or: --throttle [--database=postgresql|mysql]
               or: --help
              --quick       few rows and one round: shows that everything runs, says nothing of speed
              --throttle    shows a pass beside a replica that lags, stands still and hears nothing; measures nothing
              --database    one database instead of both
              --only        lines whose ids begin so: --only=live is a suite, --only=backfill-java-form a pair
              --rounds      how often each pair is measured (5); the application 24 times as often, starts twice
              --rows        of most tables that are filled (1000000)
              --report      where performance.json, performance.svg and performance.md go (docs; target/performance if
                            quick); what is not measured now stays there as it is
            """;

    /** @throws MisuseException if an argument is not one of {@link #USAGE} */
    static Options parse(String... args) {
        boolean quick = Arrays.asList(args).contains("--quick");
        boolean throttle = Arrays.asList(args).contains("--throttle");
        if (throttle) {
            Arrays.stream(args)
                    .filter(arg -> !arg.equals("--throttle") && !arg.startsWith("--database="))
                    .findFirst()
                    .ifPresent(arg -> {
                        throw new MisuseException("With --throttle nothing is measured, so it does not go with " + arg
                                + ": leave out one of them.\n" + USAGE);
                    });
        }
        List<Engine> engines = List.of(Engine.values());
        int rounds = quick ? 1 : 5;
        int rows = quick ? 20_000 : 1_000_000;
        List<String> only = new ArrayList<>();
        Path directory = quick ? Path.of("target", "performance") : Path.of("docs");
        for (String arg : args) {
            if (arg.equals("--quick") || arg.equals("--throttle")) {
                continue;
            }
            String[] parts = arg.split("=", 2);
            if (parts.length < 2) {
                throw unknown(arg);
            }
            String value = parts[1];
            switch (parts[0]) {
                case "--database" -> engines = List.of(engine(arg, value));
                case "--only" -> only.addAll(Arrays.asList(value.split(",", -1)));
                case "--rounds" -> rounds = number(arg, value);
                case "--rows" -> rows = number(arg, value);
                case "--report" -> directory = Path.of(value);
                default -> throw unknown(arg);
            }
        }
        return new Options(quick, throttle, engines, rounds, rows, List.copyOf(only), directory);
    }

    private static MisuseException unknown(String arg) {
        return new MisuseException("There is no option " + arg + ".\n" + USAGE);
    }

    private static Engine engine(String arg, String value) {
        return Arrays.stream(Engine.values())
                .filter(engine -> engine.name().equalsIgnoreCase(value))
                .findFirst()
                .orElseThrow(() -> unknown(arg));
    }

    private static int number(String arg, String value) {
        // Some tables have ten times as many rows, which has to be a number as well.
        if (!value.matches("[1-9][0-9]{0,7}")) {
            throw new MisuseException(arg + " is no whole number from 1 to 99999999.\n" + USAGE);
        }
        return Integer.parseInt(value);
    }

    boolean wants(Line line) {
        return only.isEmpty() || only.stream().anyMatch(line.id()::startsWith);
    }

    /** Whether some line of the suite may be wanted. */
    boolean wantsSome(String suite) {
        return only.isEmpty() || only.stream().anyMatch(begin -> begin.startsWith(suite) || suite.startsWith(begin));
    }
}
