package dev.segue.schema;

import dev.segue.change.ColumnChange;
import dev.segue.database.Database;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Scripts on the class path, {@code db/segue/<change>/<name>.<database>.sql}: what is there runs in place of the generated
 * statements. Thread-safe.
 */
public final class Scripts {

    private static final String ROOT = "db/segue/";

    private final ClassLoader loader;

    /** @param loader sees the application's resources */
    public Scripts(ClassLoader loader) {
        this.loader = loader;
    }

    /** Those that the calling thread sees. */
    public static Scripts ofThread() {
        ClassLoader own = Thread.currentThread().getContextClassLoader();
        return new Scripts(own == null ? Scripts.class.getClassLoader() : own);
    }

    static String file(Act act, Database database) {
        return act.name() + "." + database.name().toLowerCase(Locale.ROOT) + ".sql";
    }

    /** Whether there is any script of a change. */
    boolean anyFor(ColumnChange change, Database database) {
        return Act.all().stream().anyMatch(act -> loader.getResource(path(change, act, database)) != null);
    }

    private static String path(ColumnChange change, Act act, Database database) {
        return ROOT + Names.folder(change.id()) + "/" + file(act, database);
    }

    /** @throws StageHeldException if there are several, or one that cannot be run safely */
    Optional<Script> find(ColumnChange change, Act act, Database database) {
        String path = path(change, act, database);
        try {
            Set<String> places = new LinkedHashSet<>();
            for (URL url : Collections.list(loader.getResources(path))) {
                places.add(url.toExternalForm());
            }
            if (places.isEmpty()) {
                return Optional.empty();
            }
            if (places.size() > 1) {
                throw new StageHeldException(
                        "Script " + path + " is there several times: " + places + ".", "Keep one of them.");
            }
            return Optional.of(ScriptParser.parse(database, path, read(path)));
        } catch (IOException e) {
            throw new UncheckedIOException("Script " + path + " cannot be read", e);
        }
    }

    private String read(String path) throws IOException {
        try (InputStream script = loader.getResourceAsStream(path)) {
            if (script == null) {
                throw new IOException(path + " is gone");
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
