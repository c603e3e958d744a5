package dev.segue.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The results for people and for programs. */
record Report(List<Result> results, Machine machine) {

    private static final int BAR = 12;
    private static final int ROW = 34;
    private static final int LEFT = 420;
    private static final int WIDTH = 400;

    /** Beyond it a bar only says that it is far more. */
    private static final double LONGEST = 4;

    String table() {
        StringBuilder text = new StringBuilder();
        text.append("| what | against | ratio | min-max | goal | met |\n|---|---|---:|---:|---:|---|\n");
        for (Result result : results) {
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | %s-%s | %s | %s |%n",
                    result.what(),
                    result.against(),
                    result.ratio(),
                    result.min(),
                    result.max(),
                    result.goal() == null ? "" : result.goal(),
                    result.met() == null ? "" : result.met() ? "yes" : "**no**"));
        }
        return text.toString();
    }

    /** Writes {@code performance.json}, {@code performance.svg} and {@code performance.md}. */
    void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        JsonMapper json =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        Files.writeString(directory.resolve("performance.json"), json.writeValueAsString(results) + "\n");
        Files.writeString(directory.resolve("performance.svg"), chart());
        Files.writeString(directory.resolve("performance.md"), """
                # Performance

                Ratios, each measured in turn with what it is held against, in one run: the median of the rounds, the smallest
                and the largest. Measured on %s. A ratio of *speed* is better when it is higher, one of *time* when it is lower;
                the goal says which is meant.

                ![The ratios as bars](performance.svg)

                %s""".formatted(machine, table()));
    }

    private String chart() {
        StringBuilder svg = new StringBuilder();
        int height = 20 + ROW * results.size();
        svg.append("""
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="system-ui, sans-serif" font-size="12">
                <line x1="%4$d" y1="6" x2="%4$d" y2="%3$d" stroke="#888" stroke-dasharray="3 3"/>
                """.formatted(LEFT + WIDTH + 80, height, height - 6, LEFT + x(1)));
        for (int i = 0; i < results.size(); i++) {
            Result result = results.get(i);
            int y = 14 + ROW * i;
            String colour = result.met() == null ? "#7a8ca3" : result.met() ? "#2f8f5b" : "#c2553a";
            svg.append("""
                    <text x="%d" y="%d" text-anchor="end">%s</text>
                    <text x="%1$d" y="%d" text-anchor="end" fill="#777" font-size="10">against %s</text>
                    <rect x="%d" y="%d" width="%d" height="%d" rx="2" fill="%s"/>
                    <text x="%d" y="%d">%s</text>
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
                            result.ratio()));
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
