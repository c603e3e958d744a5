package dev.segue.hibernate.matrix;

import dev.segue.test.database.Engine;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The values of an attribute of one type. The rows of every shape are numbered from 1 and hold the first value, the second
 * one, and null; the others are for those who write.
 *
 * @param list at least four that differ, in ascending order if the type has one
 * @param literals the same in HQL, or empty
 */
record Values(Class<?> type, String postgres, String mysql, List<?> list, List<String> literals, Set<Trait> traits) {

    /** What a query may ask of such a value. */
    enum Trait {
        EQUAL,
        ORDERED,
        NUMBER,
        TEXT
    }

    static Values of(Class<?> type, String postgres, String mysql, Object... list) {
        return new Values(type, postgres, mysql, List.of(list), List.of(), EnumSet.noneOf(Trait.class));
    }

    Values literals(String... given) {
        return new Values(type, postgres, mysql, list, List.of(given), traits);
    }

    Values with(Trait... given) {
        return new Values(type, postgres, mysql, list, literals, EnumSet.copyOf(List.of(given)));
    }

    boolean is(Trait trait) {
        return traits.contains(trait);
    }

    String column(Engine engine) {
        return engine == Engine.POSTGRESQL ? postgres : mysql;
    }

    /** The attribute's own columns, each with its type. */
    Map<String, String> columns(Engine engine) {
        return type == Digits.class
                ? Map.of(Kind.NEW, column(engine), Kind.NEW_REST, column(engine))
                : Map.of(Kind.NEW, column(engine));
    }

    /** What a row has at first. */
    @Nullable
    Object seed(int nr) {
        return nr == 3 ? null : list.get(nr - 1);
    }

    /** One of the list for any number. */
    Object any(int number) {
        return list.get(number % list.size());
    }
}
