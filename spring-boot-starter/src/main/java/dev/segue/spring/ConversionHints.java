package dev.segue.spring;

import dev.segue.change.Conversion;
import dev.segue.hibernate.Introduces;
import dev.segue.hibernate.Replaces;
import java.lang.reflect.AnnotatedElement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.core.ResolvableType;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.util.ClassUtils;

/**
 * The conversions that the application's entities name, and the records of several columns that they take or give: Segue
 * makes them by reflection, so a native image has to keep them.
 */
final class ConversionHints implements BeanRegistrationAotProcessor {

    @Override
    public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
        if (!PersistenceManagedTypes.class.isAssignableFrom(bean.getBeanClass())) {
            return null;
        }
        PersistenceManagedTypes managed =
                bean.getBeanFactory().getBean(bean.getBeanName(), PersistenceManagedTypes.class);
        Set<Class<?>> kept = new LinkedHashSet<>();
        for (String type : managed.getManagedClassNames()) {
            conversions(ClassUtils.resolveClassName(type, bean.getBeanFactory().getBeanClassLoader()))
                    .forEach(conversion -> {
                        kept.add(conversion);
                        records(conversion).forEach(kept::add);
                    });
        }
        return (generation, code) -> kept.forEach(type -> generation
                .getRuntimeHints()
                .reflection()
                .registerType(
                        type, MemberCategory.INVOKE_DECLARED_CONSTRUCTORS, MemberCategory.INVOKE_DECLARED_METHODS));
    }

    private static Set<Class<?>> conversions(Class<?> entity) {
        List<AnnotatedElement> members = new ArrayList<>(List.of(entity.getDeclaredFields()));
        members.addAll(List.of(entity.getDeclaredMethods()));
        Set<Class<?>> conversions = new LinkedHashSet<>();
        for (AnnotatedElement member : members) {
            Replaces replaces = member.getAnnotation(Replaces.class);
            if (replaces != null) {
                conversions.add(replaces.conversion());
            }
            Introduces introduces = member.getAnnotation(Introduces.class);
            if (introduces != null) {
                conversions.add(introduces.initial());
            }
        }
        // A rename has none.
        conversions.remove(Conversion.class);
        return conversions;
    }

    private static Stream<Class<?>> records(Class<?> conversion) {
        return Stream.of(
                        ResolvableType.forClass(conversion).as(Conversion.class).getGenerics())
                .<Class<?>>map(ResolvableType::toClass)
                .filter(Class::isRecord);
    }
}
