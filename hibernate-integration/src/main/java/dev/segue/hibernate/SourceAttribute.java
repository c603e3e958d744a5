package dev.segue.hibernate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.hibernate.dialect.Dialect;
import org.hibernate.mapping.BasicValue;
import org.hibernate.mapping.Column;
import org.hibernate.mapping.Component;
import org.hibernate.mapping.PersistentClass;
import org.hibernate.mapping.Property;
import org.hibernate.type.BasicType;
import org.jspecify.annotations.Nullable;

/**
 * The attribute that is mapped to a source column of another one.
 *
 * @param path the names that lead to it from the entity
 * @param argument from its value to what the conversion takes
 */
record SourceAttribute(List<String> path, UnaryOperator<@Nullable Object> argument) {

    /** The attributes that lead to the one that is mapped to the column; empty if there is not exactly one. */
    static List<Property> pathTo(String column, PersistentClass entity, CatalogNames names) {
        List<List<Property>> found = new ArrayList<>();
        find(column, entity.getProperties(), names, List.of(), found);
        return found.size() == 1 ? found.get(0) : List.of();
    }

    private static void find(
            String column, List<Property> within, CatalogNames names, List<Property> path, List<List<Property>> found) {
        for (Property each : within) {
            List<Property> here = new ArrayList<>(path);
            here.add(each);
            if (each.getValue() instanceof Component component) {
                find(column, component.getProperties(), names, here, found);
            } else if (each.getValue() instanceof BasicValue value
                    && value.getColumn() instanceof Column mapped
                    && names.of(mapped).equalsIgnoreCase(column)) {
                found.add(here);
            }
        }
    }

    /** @throws UnfitConversionException if its value cannot become one of that type */
    @SuppressWarnings("unchecked")
    static SourceAttribute of(List<Property> path, BasicType<@Nullable Object> argument, Dialect dialect) {
        BasicType<@Nullable Object> type = (BasicType<@Nullable Object>)
                ((BasicValue) path.get(path.size() - 1).getValue()).resolve().getLegacyResolvedBasicType();
        List<String> names = path.stream().map(Property::getName).toList();
        if (javaClass(type).equals(javaClass(argument))) {
            return new SourceAttribute(names, value -> value);
        }
        ColumnValues from = ColumnValues.of(type, dialect);
        ColumnValues to = ColumnValues.of(argument, dialect);
        return new SourceAttribute(names, value -> to.fromJdbc(from.toJdbc(value)));
    }

    private static Class<?> javaClass(BasicType<?> type) {
        return ConversionClass.boxed(type.getJavaTypeDescriptor().getJavaTypeClass());
    }
}
