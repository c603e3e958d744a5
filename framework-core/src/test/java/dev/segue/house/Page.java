package dev.segue.house;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One page of the guide: its text without code, and its blocks of code.
 *
 * @param file where it stands
 * @param text the lines outside of blocks of code
 * @param blocks the blocks of code, from top to bottom
 */
record Page(Path file, List<String> text, List<Block> blocks) {

    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");
    private static final Pattern MARKER = Pattern.compile("<!-- from: (\\S+) -->");

    /**
     * A block of code.
     *
     * @param line its first line in the page, from 1
     * @param language what stands behind the fence: {@code java}
     * @param above the line before the fence, a marker if there is one
     */
    record Block(int line, String language, String above, List<String> code) {

        /** The file of the repository that this is a part of, by its marker {@code <!-- from: path -->}; or nothing. */
        Stream<Path> source() {
            Matcher marker = MARKER.matcher(above);
            return marker.matches() ? Stream.of(Repository.ROOT.resolve(marker.group(1))) : Stream.empty();
        }
    }

    /** All pages: those of the repository's root and those below {@code docs}. */
    static List<Page> all() throws IOException {
        List<Page> pages = new ArrayList<>();
        try (Stream<Path> top = Files.list(Repository.ROOT);
                Stream<Path> guide = Files.walk(Repository.ROOT.resolve("docs"))) {
            for (Path file : (Iterable<Path>) Stream.concat(top, guide)
                    .filter(path -> path.toString().endsWith(".md"))
                    .sorted()::iterator) {
                pages.add(read(file));
            }
        }
        return pages;
    }

    private static Page read(Path file) throws IOException {
        List<String> text = new ArrayList<>();
        List<Block> blocks = new ArrayList<>();
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).startsWith("```")) {
                text.add(lines.get(i));
                continue;
            }
            int first = i + 1;
            String language = lines.get(i).substring(3);
            do {
                i++;
            } while (!lines.get(i).startsWith("```"));
            blocks.add(new Block(first, language, first > 1 ? lines.get(first - 2) : "", lines.subList(first, i)));
        }
        return new Page(file, text, blocks);
    }

    /** Where the links of this page lead to, without those to other sites. */
    List<String> localLinks() {
        return text.stream()
                .flatMap(line -> LINK.matcher(line).results())
                .map(found -> found.group(1))
                .filter(target -> !target.contains("://"))
                .toList();
    }

    /** The anchors of its headings, as they are made where Markdown is shown: several of the same name are numbered. */
    Set<String> anchors() {
        Map<String, Integer> seen = new HashMap<>();
        Set<String> anchors = new LinkedHashSet<>();
        for (String line : text) {
            Matcher heading = Pattern.compile("#+ (.*)").matcher(line);
            if (heading.matches()) {
                String anchor = heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-');
                int before = seen.merge(anchor, 1, Integer::sum) - 1;
                anchors.add(before == 0 ? anchor : anchor + "-" + before);
            }
        }
        return anchors;
    }

    /** As people find it. */
    @Override
    public String toString() {
        return Repository.ROOT.relativize(file).toString();
    }
}
