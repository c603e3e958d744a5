package dev.segue.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What others get to see of the modules. */
class PackagingTest {

    private static final Pattern PUBLIC_TYPE = Pattern.compile(
            "^public (?:static |final |abstract |sealed |non-sealed )*(?:class|interface|record|enum|@interface) (\\w+)");

    /** Those that are run and not depended on. */
    private static final Set<String> KEPT = Set.of("bom", "sample-app", "benchmarks");

    @Test
    void theBomNamesAllModulesForOthers() throws IOException {
        Set<String> published = new TreeSet<>();
        for (String module : modules()) {
            if (!KEPT.contains(module)) {
                published.add(only("<artifactId>(segue-(?!parent)[\\w-]+)</artifactId>", pom(module)));
            }
        }

        assertThat(Pattern.compile("<artifactId>(segue-(?!bom|sample|benchmarks)[\\w-]+)</artifactId>")
                        .matcher(pom("bom"))
                        .results()
                        .map(found -> found.group(1)))
                .containsExactlyInAnyOrderElementsOf(published);
    }

    @Test
    void everyModuleHasANameOfItsOwnForTheModulePath() throws IOException {
        List<String> names = new ArrayList<>();
        for (String module : modules()) {
            if (!module.equals("bom")) {
                names.add(only("<module\\.name>(.+)</module\\.name>", pom(module)));
            }
        }

        assertThat(names).doesNotHaveDuplicates().allMatch(name -> name.startsWith("dev.segue."));
    }

    @Test
    void everyPublicTypeSaysWhatItIs() throws IOException {
        List<String> silent = new ArrayList<>();
        for (String module : modules()) {
            Path sources = Repository.ROOT.resolve(module).resolve("src/main/java");
            if (!Files.exists(sources)) {
                continue;
            }
            try (Stream<Path> files = Files.walk(sources)) {
                for (Path file :
                        (Iterable<Path>) files.filter(path -> path.toString().endsWith(".java"))::iterator) {
                    undocumented(Files.readAllLines(file))
                            .forEach(type -> silent.add(Repository.ROOT.relativize(file) + " " + type));
                }
            }
        }

        assertThat(silent).isEmpty();
    }

    private static List<String> undocumented(List<String> lines) {
        List<String> types = new ArrayList<>();
        boolean documented = false;
        for (String line : lines) {
            Matcher type = PUBLIC_TYPE.matcher(line);
            if (line.startsWith("/**")) {
                documented = true;
            } else if (type.find()) {
                if (!documented) {
                    types.add(type.group(1));
                }
                documented = false;
            }
        }
        return types;
    }

    private static List<String> modules() throws IOException {
        return Pattern.compile("<module>(.+)</module>")
                .matcher(Files.readString(Repository.ROOT.resolve("pom.xml")))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static String pom(String module) throws IOException {
        return Files.readString(Repository.ROOT.resolve(module).resolve("pom.xml"));
    }

    private static String only(String pattern, String text) {
        Matcher found = Pattern.compile(pattern).matcher(text);
        assertThat(found.find()).as(pattern).isTrue();
        return found.group(1);
    }
}
