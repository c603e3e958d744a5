package dev.segue.schema;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The SQL of all stages of one change, forth and back, for a reviewer.
 *
 * @param parts in the order of the change's life
 */
public record ChangePlan(String change, List<Part> parts) {

    public ChangePlan {
        parts = List.copyOf(parts);
    }

    /**
     * One thing that is done.
     *
     * @param file what its script is called: {@code expand.postgresql.sql}
     * @param sql the script, with a comment for each statement
     * @param empty whether there is nothing to do on this database
     */
    public record Part(String file, String sql, boolean empty) {}

    /**
     * Writes the scripts, each in place of one that is there, but none where there is nothing to do. Those of the class
     * path are what runs.
     *
     * @param scripts the directory above those of the changes: {@code src/main/resources/db/segue}
     * @return the files
     */
    public List<Path> write(Path scripts) throws IOException {
        Path directory = Files.createDirectories(scripts.resolve(Names.folder(change)));
        List<Path> written = new ArrayList<>();
        for (Part part : parts) {
            if (!part.empty()) {
                written.add(Files.writeString(directory.resolve(part.file()), part.sql()));
            }
        }
        return written;
    }

    /** All of it, one after the other. */
    @Override
    public String toString() {
        return parts.stream().map(Part::sql).collect(Collectors.joining("\n"));
    }
}
