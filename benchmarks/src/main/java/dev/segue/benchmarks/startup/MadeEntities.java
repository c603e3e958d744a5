package dev.segue.benchmarks.startup;

import dev.segue.benchmarks.startup.made.Made;
import dev.segue.hibernate.Replaces;
import dev.segue.test.database.TestDatabase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.description.annotation.AnnotationDescription;
import net.bytebuddy.description.modifier.Visibility;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.dynamic.DynamicType.Builder.FieldDefinition.Optional.Valuable;

/**
 * Entities of the same form, of which some attributes change: one in each entity, or more where there are more changes than
 * entities.
 *
 * @param changes over all of them
 */
record MadeEntities(int entities, int changes) {

    /** So many as the entity with all changes has; so all have as much to read. */
    private static final int ATTRIBUTES = 20;

    /** The ids of the changes. */
    Stream<String> ids() {
        return IntStream.range(0, entities)
                .boxed()
                .flatMap(entity -> IntStream.range(0, ATTRIBUTES)
                        .filter(attribute -> changes(entity, attribute))
                        .mapToObj(attribute -> id(entity, attribute)));
    }

    private boolean changes(int entity, int attribute) {
        return attribute * entities + entity < changes;
    }

    private static String id(int entity, int attribute) {
        return "made-" + entity + "-" + attribute;
    }

    /** Writes the classes. */
    void write(Path directory) throws IOException {
        for (int entity = 0; entity < entities; entity++) {
            DynamicType.Builder<?> made = new ByteBuddy()
                    .subclass(Object.class)
                    .name(Made.class.getPackageName() + ".Made" + entity)
                    .annotateType(
                            AnnotationDescription.Builder.ofType(Entity.class).build())
                    .defineField("id", long.class, Visibility.PUBLIC)
                    .annotateField(
                            AnnotationDescription.Builder.ofType(Id.class).build());
            for (int attribute = 0; attribute < ATTRIBUTES; attribute++) {
                Valuable<?> field = made.defineField("value" + attribute, String.class, Visibility.PUBLIC);
                made = field.annotateField(annotations(entity, attribute));
            }
            try (DynamicType.Unloaded<?> unloaded = made.make()) {
                unloaded.saveIn(directory.toFile());
            }
        }
    }

    private List<AnnotationDescription> annotations(int entity, int attribute) {
        List<AnnotationDescription> annotations = new ArrayList<>();
        annotations.add(AnnotationDescription.Builder.ofType(Column.class)
                .define("name", "value" + attribute)
                .define("length", 200)
                .build());
        if (changes(entity, attribute)) {
            annotations.add(AnnotationDescription.Builder.ofType(Replaces.class)
                    .define("change", id(entity, attribute))
                    .defineArray("column", "old" + attribute)
                    .build());
        }
        return annotations;
    }

    /** Makes the tables as they are before the changes. */
    void createTables(TestDatabase database) {
        for (int entity = 0; entity < entities; entity++) {
            StringBuilder columns = new StringBuilder();
            for (int attribute = 0; attribute < ATTRIBUTES; attribute++) {
                columns.append(changes(entity, attribute) ? ", old" : ", value")
                        .append(attribute)
                        .append(" varchar(200)");
            }
            database.execute("CREATE TABLE made" + entity + " (id bigint PRIMARY KEY" + columns + ")");
        }
    }
}
