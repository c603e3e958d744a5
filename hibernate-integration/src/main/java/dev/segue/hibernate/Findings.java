package dev.segue.hibernate;

import dev.segue.change.Declaration;
import dev.segue.change.Problem;
import java.util.ArrayList;
import java.util.List;
import org.hibernate.mapping.PersistentClass;
import org.hibernate.mapping.Property;
import org.jspecify.annotations.Nullable;

/** What a look at the mappings has brought up. Used by one thread. */
final class Findings {

    /** @param entity null if the attribute is in an element of a collection */
    record Annotated(Mark mark, @Nullable PersistentClass entity, Property property) {}

    /** A declaration with the mapping that it was read from. */
    record Found(Declaration declaration, PersistentClass entity, Property property) {}

    private final List<Annotated> annotated = new ArrayList<>();
    private final List<Found> found = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    /** Hibernate has shown an annotation, whether it can be followed or not. */
    void see(Annotated one) {
        annotated.add(one);
    }

    void declare(Found one) {
        found.add(one);
    }

    void refuse(String where, String value, String message, String remedy) {
        Problem problem = new Problem(where, value, message, remedy);
        // An attribute that two entities inherit is looked at twice.
        if (!problems.contains(problem)) {
            problems.add(problem);
        }
    }

    boolean hasSeen(String change) {
        return annotated.stream().anyMatch(one -> one.mark().change().equals(change));
    }

    boolean isMarked(Property property) {
        return annotated.stream().anyMatch(one -> one.property() == property);
    }

    boolean isMarkedTwice(Property property, PersistentClass entity) {
        return annotated.stream()
                        .filter(one -> one.property() == property && one.entity() == entity)
                        .count()
                > 1;
    }

    List<Annotated> annotated() {
        return List.copyOf(annotated);
    }

    List<Found> found() {
        return List.copyOf(found);
    }

    List<Declaration> declarations() {
        return found.stream().map(Found::declaration).toList();
    }

    List<Problem> problems() {
        return List.copyOf(problems);
    }
}
