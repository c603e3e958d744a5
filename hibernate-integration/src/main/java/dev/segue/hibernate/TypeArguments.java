package dev.segue.hibernate;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What a class gives for the type parameters of an interface, though only a superclass of it may name them. */
final class TypeArguments {

    private TypeArguments() {}

    /** In the order of the interface; empty if the class leaves them open or does not implement it. */
    static List<Class<?>> of(Class<?> type, Class<?> generic) {
        List<Class<?>> arguments = new ArrayList<>();
        for (Type argument : arguments(type, generic, Map.of())) {
            if (argument instanceof Class<?> known) {
                arguments.add(known);
            }
        }
        return arguments.size() == generic.getTypeParameters().length ? arguments : List.of();
    }

    private static List<Type> arguments(Type type, Class<?> generic, Map<TypeVariable<?>, Type> known) {
        Class<?> raw;
        Map<TypeVariable<?>, Type> bound = new HashMap<>();
        if (type instanceof ParameterizedType parameterized) {
            raw = (Class<?>) parameterized.getRawType();
            for (int i = 0; i < raw.getTypeParameters().length; i++) {
                Type argument = parameterized.getActualTypeArguments()[i];
                bound.put(raw.getTypeParameters()[i], known.getOrDefault(argument, argument));
            }
        } else {
            raw = (Class<?>) type;
        }
        if (raw == generic) {
            return Stream.of(raw.getTypeParameters())
                    .map(variable -> bound.getOrDefault(variable, variable))
                    .toList();
        }
        return Stream.concat(Stream.ofNullable(raw.getGenericSuperclass()), Stream.of(raw.getGenericInterfaces()))
                .map(parent -> arguments(parent, generic, bound))
                .filter(found -> !found.isEmpty())
                .findFirst()
                .orElse(List.of());
    }
}
