package dev.segue.hibernate;

import dev.segue.change.Conversion;
import dev.segue.lifecycle.Kind;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one of our annotations says of its attribute.
 *
 * @param annotation its name, as a message has it
 * @param columns of a replacement the old ones, of a new column its sources
 * @param conversion how values of the columns become the attribute's, or null if they are the attribute's
 * @param fill of a retired attribute, what new rows hold, as SQL
 */
record Mark(
        String annotation,
        Kind kind,
        String change,
        List<String> columns,
        @Nullable Class<?> conversion,
        String fill) {

    static Mark of(Replaces replaces) {
        Class<?> conversion = replaces.conversion() == Conversion.class ? null : replaces.conversion();
        return new Mark("@Replaces", Kind.REPLACE, replaces.change(), List.of(replaces.column()), conversion, "");
    }

    static Mark of(Introduces introduces) {
        return new Mark(
                "@Introduces",
                Kind.INTRODUCE,
                introduces.change(),
                List.of(introduces.from()),
                introduces.initial(),
                "");
    }

    static Mark of(Retires retires) {
        return new Mark("@Retires", Kind.RETIRE, retires.change(), List.of(), null, retires.fill());
    }

    /** Those on a member of a class. */
    static Stream<Mark> on(AnnotatedElement member) {
        return Stream.of(member.getDeclaredAnnotations()).map(Mark::ofAny).filter(Objects::nonNull);
    }

    private static @Nullable Mark ofAny(Annotation annotation) {
        return annotation instanceof Replaces replaces
                ? of(replaces)
                : annotation instanceof Introduces introduces
                        ? of(introduces)
                        : annotation instanceof Retires retires ? of(retires) : null;
    }

    /** What stands for the conversion in a message. */
    String conversionName() {
        return conversion == null ? "" : conversion.getName();
    }
}
