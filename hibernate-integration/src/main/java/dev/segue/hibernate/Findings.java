package dev.segue.hibernate;

import dev.segue.change.Declaration;
import dev.segue.change.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hibernate.mapping.PersistentClass;
import org.hibernate.mapping.Property;

/** What a look at the mappings has brought up. Used by one thread. */
final class Findings {

    /** A declaration with the mapping that it was read from. */
    record Found(Declaration declaration, PersistentClass entity, Property property) {}

    private final List<Found> found = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private final Map<Property, String> elements = new LinkedHashMap<>();
    private final Set<String> seen = new HashSet<>();

    /** Hibernate has shown the annotation of this change, whether it can be followed or not. */
    void seen(String change) {
        seen.add(change);
    }

    /** The annotation is on an attribute of a collection's elements. */
    void inCollection(String change, Property property) {
        elements.put(property, change);
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
        return seen.contains(change);
    }

    /** The changes that attributes of elements carry. */
    Map<Property, String> elements() {
        return Map.copyOf(elements);
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
