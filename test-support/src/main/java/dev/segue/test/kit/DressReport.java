package dev.segue.test.kit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a {@link DressRehearsal} has measured. Immutable; {@link #toString} and {@link #toString(long)} are for people.
 *
 * @param change its id
 * @param server the database's product and version
 * @param tables the tables of the change
 * @param rows that they have together
 * @param tableBytes what they take on disk before the change, with large values
 * @param indexBytes what their indexes take
 * @param steps in the order in which they began
 * @param unmet what keeps the change from its end, with what would lift it; empty if it has come there
 */
public record DressReport(
        String change,
        String server,
        List<String> tables,
        long rows,
        long tableBytes,
        long indexBytes,
        List<Step> steps,
        List<String> unmet) {

    /** Of a pass that is over sooner than that, more is start and end than work. */
    private static final Duration TELLING = Duration.ofSeconds(5);

    private static final String LINE = "%-10s %12s %12s %10s %12s %12s %12s %12s%n";

    public DressReport {
        tables = List.copyOf(tables);
        steps = List.copyOf(steps);
        unmet = List.copyOf(unmet);
    }

    /**
     * One part of the work: a stage of the schema ({@code expand}, {@code guard}, {@code enforce}, {@code relax},
     * {@code contract}), the pass that fills and proves ({@code pass}), or a comparison of all rows ({@code compare}).
     *
     * @param grows whether it takes longer and writes more the more rows there are
     * @param time for which it was at work
     * @param logBytes by which PostgreSQL's WAL or MySQL's binary log has grown meanwhile, whoever wrote; empty if the server
     *     does not tell
     * @param tableBytes by which the tables have grown
     * @param indexBytes by which their indexes have grown
     * @param readWait the longest that a read had to wait for one of the tables
     * @param writeWait the longest that a write had to wait
     */
    public record Step(
            String name,
            boolean grows,
            Duration time,
            OptionalLong logBytes,
            long tableBytes,
            long indexBytes,
            Duration readWait,
            Duration writeWait) {

        /** One after the other: with the longer of the waits. */
        Step plus(Step more) {
            return new Step(
                    name,
                    grows,
                    time.plus(more.time),
                    logBytes.isPresent() && more.logBytes.isPresent()
                            ? OptionalLong.of(logBytes.getAsLong() + more.logBytes.getAsLong())
                            : OptionalLong.empty(),
                    tableBytes + more.tableBytes,
                    indexBytes + more.indexBytes,
                    longer(readWait, more.readWait),
                    longer(writeWait, more.writeWait));
        }

        private static Duration longer(Duration one, Duration other) {
            return one.compareTo(other) < 0 ? other : one;
        }

        /** The same for other numbers of rows: in proportion, and a little more for what sorts. */
        private Step scaled(long from, long to) {
            if (from == 0) {
                return this;
            }
            double factor = (double) to / from;
            double longer = grows ? factor : 1;
            double sorting = name.equals("enforce") && from > 1 && to > from
                    ? Math.log((double) to) / Math.log((double) from)
                    : 1;
            return new Step(
                    name,
                    grows,
                    Duration.ofNanos(Math.round(time.toNanos() * longer * sorting)),
                    logBytes.isPresent() ? OptionalLong.of((long) (logBytes.getAsLong() * longer)) : logBytes,
                    (long) (tableBytes * factor),
                    (long) (indexBytes * factor),
                    readWait,
                    writeWait);
        }
    }

    /** Whether the change has come to its end, the old columns dropped. */
    public boolean finished() {
        return unmet.isEmpty();
    }

    /** The step of that name; the steps of a change that was held may lack it. */
    public Optional<Step> step(String name) {
        return steps.stream().filter(step -> step.name().equals(name)).findFirst();
    }

    /**
     * What is to be expected of tables with that many rows, of the same shape, on such a server.
     *
     * @param real rows of the real tables together
     */
    public List<Step> expected(long real) {
        return steps.stream().map(step -> step.scaled(rows, real)).toList();
    }

    /** What was measured. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append("Dress rehearsal of %s on %s%n".formatted(change, server));
        text.append("%s: %s rows, %s, and %s of indexes%n%n"
                .formatted(String.join(", ", tables), grouped(rows), bytes(tableBytes), bytes(indexBytes)));
        text.append(table(steps, rows));
        if (!finished()) {
            text.append("%nIt does not come to its end:%n".formatted());
            unmet.forEach(reason -> text.append("- %s%n".formatted(reason)));
        }
        return text.toString();
    }

    /**
     * What was measured, and what is to be expected.
     *
     * @param real rows of the real tables together
     */
    public String toString(long real) {
        StringBuilder text = new StringBuilder(toString());
        text.append("%nFor %s rows expect about%n%n".formatted(grouped(real)));
        text.append(table(expected(real), real));
        text.append("%nKeep %s free for tables and indexes, besides the log.%n".formatted(bytes(room(real))));
        if (real != rows
                && step("pass")
                        .filter(pass -> pass.time().compareTo(TELLING) < 0)
                        .isPresent()) {
            text.append("%nThe pass was over in less than %s: take more rows for a better guess.%n"
                    .formatted(time(TELLING)));
        }
        return text.toString();
    }

    /**
     * The most that tables and indexes take more than before the change, at any time of it, with that many rows, in bytes.
     * Where MySQL builds a table anew, it needs the place for both.
     */
    public long room(long real) {
        long grown = 0;
        long most = 0;
        for (Step step : expected(real)) {
            grown += step.tableBytes() + step.indexBytes();
            most = Math.max(most, grown);
        }
        boolean rebuilds = server.startsWith("MySQL") && rows > 0;
        return rebuilds ? most + (long) ((tableBytes + indexBytes) * ((double) real / rows)) : most;
    }

    private static String table(List<Step> steps, long rows) {
        StringBuilder text = new StringBuilder(
                LINE.formatted("step", "time", "rows/s", "log", "table", "indexes", "read waits", "write waits"));
        List<Step> lines = new ArrayList<>(steps);
        lines.add(sum(steps));
        for (Step step : lines) {
            boolean perRow = step.name().equals("pass") || step.name().equals("compare");
            text.append(LINE.formatted(
                    step.name(),
                    time(step.time()),
                    perRow ? grouped(perSecond(rows, step.time())) : "",
                    step.logBytes().isPresent() ? bytes(step.logBytes().getAsLong()) : "?",
                    signed(step.tableBytes()),
                    signed(step.indexBytes()),
                    time(step.readWait()),
                    time(step.writeWait())));
        }
        return text.toString();
    }

    private static Step sum(List<Step> steps) {
        return steps.stream()
                .reduce(
                        new Step("all", false, Duration.ZERO, OptionalLong.of(0), 0, 0, Duration.ZERO, Duration.ZERO),
                        Step::plus);
    }

    private static long perSecond(long rows, Duration time) {
        return Math.round(rows * 1e9 / Math.max(1, time.toNanos()));
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String signed(long bytes) {
        return (bytes < 0 ? "-" : "+") + bytes(Math.abs(bytes));
    }

    private static String bytes(long bytes) {
        double left = bytes;
        for (String unit : List.of("B", "kB", "MB", "GB")) {
            if (left < 1_000) {
                return String.format(Locale.ROOT, left < 10 && bytes >= 1_000 ? "%.1f %s" : "%.0f %s", left, unit);
            }
            left /= 1_000;
        }
        return String.format(Locale.ROOT, "%.1f TB", left);
    }

    private static String time(Duration time) {
        if (time.toMinutes() >= 60) {
            return time.toHours() + " h " + time.toMinutesPart() + " min";
        }
        if (time.toSeconds() >= 60) {
            return time.toMinutes() + " min " + time.toSecondsPart() + " s";
        }
        return time.toMillis() >= 1_000
                ? String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1e3)
                : time.toMillis() + " ms";
    }
}
