package dev.segue.house;

import java.nio.file.Files;
import java.nio.file.Path;

/** The sources that these tests read. */
final class Repository {

    /** The directory of all modules; tests run in that of one. */
    static final Path ROOT = root(Path.of("").toAbsolutePath());

    private Repository() {}

    private static Path root(Path from) {
        for (Path directory = from; directory != null; directory = directory.getParent()) {
            if (Files.exists(directory.resolve("bom/pom.xml"))) {
                return directory;
            }
        }
        throw new IllegalStateException("There is no repository above " + from);
    }
}
