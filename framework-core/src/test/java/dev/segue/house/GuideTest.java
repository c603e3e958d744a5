package dev.segue.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The guide: its links lead somewhere, and its code is part of files that are compiled and run by tests.
 *
 * <p>Above a block of code stands {@code <!-- from: path -->}, the file that it is from. A line of the block that is a
 * comment with three dots leaves something out. The ten-minute start has markers of its own: the walk of a new user is
 * made from it. YAML needs none: the starter's tests bind all of it.
 */
class GuideTest {

    private static final Set<String> CODE = Set.of("java", "sql", "xml");

    private static final Set<String> LEFT_OUT = Set.of("// ...", "-- ...", "<!-- ... -->");

    /** Runs as a whole in the walk of a new user; and pages whose statements a test has in its own words. */
    private static final List<Path> OTHERWISE =
            List.of(Path.of("docs/ten-minutes.md"), Path.of("docs/privileges.md"), Path.of("docs/operating.md"));

    @Test
    void everyLinkLeadsToAFileAndAHeading() throws IOException {
        List<String> broken = new ArrayList<>();
        List<Page> pages = Page.all();
        for (Page page : pages) {
            for (String link : page.localLinks()) {
                String[] parts = link.split("#", 2);
                Path target = parts[0].isEmpty()
                        ? page.file()
                        : page.file().resolveSibling(parts[0]).normalize();
                if (!Files.exists(target)) {
                    broken.add(page + ": there is no " + link);
                } else if (parts.length > 1
                        && pages.stream()
                                .filter(other -> other.file().equals(target))
                                .noneMatch(other -> other.anchors().contains(parts[1]))) {
                    broken.add(page + ": there is no heading for " + link);
                }
            }
        }

        assertThat(broken).isEmpty();
    }

    @Test
    void everyPageIsLinkedFromAnother() throws IOException {
        List<Page> pages = Page.all();
        Set<Path> linked = pages.stream()
                .flatMap(page -> page.localLinks().stream()
                        .map(link -> page.file()
                                .resolveSibling(link.replaceFirst("#.*", ""))
                                .normalize())
                        .filter(target -> !target.equals(page.file())))
                .collect(Collectors.toSet());

        assertThat(pages.stream().map(Page::file).filter(file -> !file.endsWith("README.md")))
                .isSubsetOf(linked);
    }

    @Test
    void everyPieceOfCodeIsFromAFileThatRuns() throws IOException {
        List<String> strangers = new ArrayList<>();
        for (Page page : Page.all()) {
            if (OTHERWISE.stream().anyMatch(page.file()::endsWith)) {
                continue;
            }
            for (Page.Block block : page.blocks()) {
                List<Path> source = block.source().toList();
                if (CODE.contains(block.language()) && source.isEmpty()) {
                    strangers.add(page + ":" + block.line() + " does not say where it is from");
                }
                for (Path file : source) {
                    if (!holds(Files.readAllLines(file), block.code())) {
                        strangers.add(page + ":" + block.line() + " is not what " + Repository.ROOT.relativize(file)
                                + " has");
                    }
                }
            }
        }

        assertThat(strangers).isEmpty();
    }

    /** Whether the pieces of the code follow one another in the file; indentation and empty lines aside. */
    private static boolean holds(List<String> file, List<String> code) {
        String rest = squeezed(file);
        List<String> piece = new ArrayList<>();
        for (int i = 0; i <= code.size(); i++) {
            if (i < code.size() && !LEFT_OUT.contains(code.get(i).strip())) {
                piece.add(code.get(i));
                continue;
            }
            String wanted = squeezed(piece);
            int at = rest.indexOf(wanted);
            if (at < 0) {
                return false;
            }
            rest = rest.substring(at + wanted.length() - 1);
            piece.clear();
        }
        return true;
    }

    private static String squeezed(List<String> lines) {
        return lines.stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .collect(Collectors.joining("\n", "\n", "\n"));
    }
}
