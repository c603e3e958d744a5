package dev.segue.benchmarks;

import dev.segue.test.database.Engine;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The lines of one suite on one database, which their ids begin and end with. */
public record Lines(String suite, Engine engine) {

    public Line line(String id, String what, String against, @Nullable Goal goal) {
        return new Line(suite + "-" + id + "-" + database(), what + ", " + database(), against, goal);
    }

    boolean has(String id) {
        return id.startsWith(suite + "-") && id.endsWith("-" + database());
    }

    private String database() {
        return engine.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return suite + " on " + database();
    }
}
