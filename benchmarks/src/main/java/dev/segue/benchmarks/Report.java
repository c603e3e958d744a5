package dev.segue.benchmarks;

import dev.segue.test.database.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The results for people and for programs. */
record Report(List<Result> results, Machine machine) {

    private static final String MEASURED = "Measured on ";

    private static final int BAR = 12;
    private static final int ROW = 34;
    private static final int LEFT = 800;
    private static final int WIDTH = 400;

    /** Beyond it a bar only says that it is far more. */
    private static final double LONGEST = 4;

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /**
     * The report that is there, for lines to be replaced; an empty one if there is none.
     *
     * @throws MisuseException if it is of another machine: no line would say of which one it is
     */
    static Report in(Path directory, Machine machine) throws IOException {
        Path json = directory.resolve("performance.json");
        if (!Files.exists(json)) {
            return new Report(List.of(), machine);
        }
        String measured = MEASURED + machine + ".";
        if (!Files.readString(directory.resolve("performance.md")).contains(measured)) {
            throw new MisuseException("What is in " + directory + " was not measured on " + machine
                    + ". Delete performance.* there, or let --report name another directory.");
        }
        return new Report(List.of(JSON.readValue(json.toFile(), Result[].class)), machine);
    }

    /** The same with these lines in the place of those with their ids. */
    Report with(List<Result> measured) {
        Map<String, Result> all = new LinkedHashMap<>();
        Stream.concat(results.stream(), measured.stream()).forEach(result -> all.put(result.id(), result));
        List<Lines> order = Stream.of(Suites.values())
                .flatMap(suite -> Stream.of(Engine.values()).map(suite::lines))
                .toList();
        List<Result> sorted = new ArrayList<>(all.values());
        sorted.sort(Comparator.comparing(result ->
                order.stream().takeWhile(lines -> !lines.has(result.id())).count()));
        return new Report(sorted, machine);
    }

    /** The same with these as all there is of a suite on a database. */
    Report with(Lines lines, List<Result> measured) {
        List<Result> others =
                results.stream().filter(result -> !lines.has(result.id())).toList();
        return new Report(others, machine).with(measured);
    }

    String table() {
        return table(result -> true);
    }

    private String table(Predicate<Result> wanted) {
        return "| what | against | ratio | min-max | goal | met |\n|---|---|---:|---:|---:|---|\n"
                + results.stream().filter(wanted).map(Report::row).collect(Collectors.joining());
    }

    private static String row(Result result) {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %s-%s | %s | %s |%n",
                result.what(),
                result.against(),
                result.ratio(),
                result.min(),
                result.max(),
                result.goal() == null ? "" : result.goal(),
                result.met() == null ? "" : result.met() ? "yes" : "**no**");
    }

    /** Writes {@code performance.json}, {@code performance.svg} and {@code performance.md}. */
    void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("performance.json"), JSON.writeValueAsString(results) + "\n");
        Files.writeString(directory.resolve("performance.svg"), chart());
        Files.writeString(directory.resolve("performance.md"), """
                # Performance

                Ratios of what is measured in turn in one run: the median of the rounds, the smallest and the largest. One of *speed*
                (all backfills) is better when it is higher, all others when they are lower. %s%s.
                Databases and what is measured share the cores.

                ![The ratios that have a goal, as bars](performance.svg)

                ## What it must reach

                %s
                ## What is shown beside

                %s""".formatted(
                        MEASURED, machine, table(Result::hasGoal), table(Predicate.not(Result::hasGoal))));
    }

    /** Of what has a goal; if nothing has, of everything. */
    private String chart() {
        boolean goals = results.stream().anyMatch(Result::hasGoal);
        List<Result> shown =
                results.stream().filter(result -> !goals || result.hasGoal()).toList();
        StringBuilder svg = new StringBuilder();
        int height = 20 + ROW * shown.size();
        svg.append("""
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="system-ui, sans-serif" font-size="12">
                <line x1="%4$d" y1="6" x2="%4$d" y2="%3$d" stroke="#888" stroke-dasharray="3 3"/>
                """.formatted(LEFT + WIDTH + 80, height, height - 6, LEFT + x(1)));
        for (int i = 0; i < shown.size(); i++) {
            Result result = shown.get(i);
            int y = 14 + ROW * i;
            String colour = result.met() == null ? "#7a8ca3" : result.met() ? "#2f8f5b" : "#c2553a";
            svg.append("""
                    <text x="%d" y="%d" text-anchor="end">%s</text>
                    <text x="%1$d" y="%d" text-anchor="end" fill="#777" font-size="10">against %s</text>
                    <rect x="%d" y="%d" width="%d" height="%d" rx="2" fill="%s"/>
                    <text x="%d" y="%d">%s%s</text>
                    """.formatted(
                            LEFT - 8,
                            y + 8,
                            escaped(result.what()),
                            y + 20,
                            escaped(result.against()),
                            LEFT,
                            y,
                            Math.max(1, x(result.ratio())),
                            BAR,
                            colour,
                            LEFT + x(result.ratio()) + 6,
                            y + 10,
                            result.ratio(),
                            result.goal() == null ? "" : escaped(" (" + result.goal() + ")")));
        }
        return svg.append("</svg>\n").toString();
    }

    private static int x(double ratio) {
        return (int) Math.round(Math.min(ratio, LONGEST) / LONGEST * WIDTH);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
