package dev.segue.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.database.Database;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What applications may rely on from version to version. It is written down in {@code public-api.txt}, a line for each
 * type and each of its members, so that nothing is changed, added or taken away without being meant.
 */
class PublicApiTest {

    private static final Pattern OURS = Pattern.compile("dev\\.segue\\.(?:[a-z]+\\.)*[A-Z]\\w*(?:\\$\\w+)?");

    private static final List<String> WRITTEN = lines();

    private static final Set<String> TYPES =
            WRITTEN.stream().filter(line -> !line.startsWith(" ")).collect(Collectors.toCollection(TreeSet::new));

    @Test
    void isWhatIsWrittenDown() {
        String there = TYPES.stream()
                .flatMap(type -> Stream.concat(Stream.of(type), members(type)))
                .collect(Collectors.joining("\n"));

        assertThat(there).isEqualTo(String.join("\n", WRITTEN));
    }

    @Test
    void isPublicAndNeedsNothingElseOfSegue() {
        assertThat(TYPES).allMatch(type -> Modifier.isPublic(type(type).getModifiers()));
        assertThat(WRITTEN.stream().flatMap(line -> OURS.matcher(line).results().map(MatchResult::group)))
                .isSubsetOf(TYPES);
    }

    @Test
    void isListedInTheGuide() throws IOException {
        String guide = Files.readString(Path.of("..", "docs", "upgrading.md"));

        assertThat(TYPES.stream()
                        .filter(type -> !type.contains("$"))
                        .map(type -> "`" + type.substring(type.lastIndexOf('.') + 1) + "`"))
                .allMatch(guide::contains);
    }

    private static Stream<String> members(String name) {
        Class<?> type = type(name);
        return Stream.<Member>concat(
                        Stream.of(type.getDeclaredFields()),
                        Stream.concat(Stream.of(type.getDeclaredConstructors()), Stream.of(type.getDeclaredMethods())))
                .filter(member -> Modifier.isPublic(member.getModifiers()) && !member.isSynthetic())
                .filter(member -> !Set.of("equals", "hashCode", "toString").contains(member.getName()))
                // It also knows dialects, for Segue's own use: applications are promised the constants.
                .filter(member -> type != Database.class || member instanceof Field)
                .map(member -> member instanceof Executable method
                        ? method.toGenericString()
                        : ((Field) member).toGenericString())
                .map(line -> "  " + line)
                .sorted();
    }

    private static Class<?> type(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> lines() {
        try (InputStream file = Objects.requireNonNull(PublicApiTest.class.getResourceAsStream("public-api.txt"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
