package dev.segue.hibernate.matrix;

import dev.segue.hibernate.Retires;
import dev.segue.lifecycle.Phase;
import dev.segue.test.database.Engine;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A column goes. It has the attribute's own name, so in its last phase nothing may name it. */
final class Retire extends Several {

    @Retires(change = CHANGE)
    @Nullable
    Object any;

    @Override
    String name() {
        return "retire";
    }

    @Override
    boolean walks(Shape shape) {
        // What writes nothing but the attribute is no new version without it, and no row of a secondary table.
        return !shape.is(Shape.Trait.VERSIONED) && !shape.name().equals("secondary table");
    }

    @Override
    List<Phase> phases() {
        return List.of(Phase.OLD_ONLY, Phase.NEW_ONLY);
    }

    @Override
    Map<String, String> columnsBefore(Engine engine, Values values) {
        return values.columns(engine);
    }

    @Override
    Map<String, String> columns(Phase phase, Engine engine, Values values) {
        return phase == Phase.OLD_ONLY ? values.columns(engine) : Map.of();
    }

    @Override
    public Map<String, @Nullable Object> before(Map<String, @Nullable Object> row) {
        return row;
    }

    @Override
    Map<String, @Nullable Object> row(Phase phase, Map<String, @Nullable Object> plain) {
        Map<String, @Nullable Object> expected = new TreeMap<>(plain);
        expected.keySet().removeIf(name -> hides(phase) && name.startsWith(NEW));
        return expected;
    }

    @Override
    Stream<String> unnamed(Phase phase) {
        return hides(phase) ? Stream.of(NEW) : Stream.empty();
    }

    @Override
    boolean hides(Phase phase) {
        return phase == Phase.NEW_ONLY;
    }
}
