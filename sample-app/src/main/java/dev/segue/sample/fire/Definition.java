package dev.segue.sample.fire;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** When the definition of the table of the customers has changed, on MySQL. Safe for use by several threads. */
final class Definition {

    private static final Duration PAUSE = Duration.ofMillis(50);

    /** It was still the old one at its beginning, and the new one at its end. */
    private record Span(long began, long ended) {}

    private final Inspector inspector;
    private final List<Span> changes = new ArrayList<>();
    private Optional<String> last = Optional.empty();
    private long lastSeen;

    private Definition(Inspector inspector) {
        this.inspector = inspector;
    }

    /** From now on. */
    static Definition of(Inspector inspector) {
        Definition definition = new Definition(inspector);
        definition.look();
        return definition;
    }

    Lookout watch() {
        return Lookout.every(PAUSE, "definition", this::look);
    }

    private synchronized void look() {
        long began = System.nanoTime();
        Optional<String> now = inspector.ask("""
                        select group_concat(what order by what) from (
                            select concat(column_name, ' ', column_type, ' ', is_nullable) what from information_schema.columns
                            where table_schema = database() and table_name = 'customer'
                            union all select distinct index_name from information_schema.statistics
                            where table_schema = database() and table_name = 'customer') parts
                        """);
        if (now.isPresent() && !now.equals(last)) {
            if (last.isPresent()) {
                changes.add(new Span(lastSeen, System.nanoTime()));
            }
            last = now;
        }
        if (now.isPresent()) {
            lastSeen = began;
        }
    }

    /** Whether it may have changed between these moments. */
    synchronized boolean hasChanged(long from, long to) {
        return changes.stream().anyMatch(change -> change.began() - to < 0 && from - change.ended() < 0);
    }
}
