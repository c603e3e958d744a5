package dev.segue.hibernate.matrix;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.hibernate.annotations.AttributeBinderType;
import org.hibernate.binder.AttributeBinder;
import org.hibernate.boot.spi.MetadataBuildingContext;
import org.hibernate.engine.config.spi.ConfigurationService;
import org.hibernate.mapping.PersistentClass;
import org.hibernate.mapping.Property;

/**
 * The attribute of a shape that changes. By what annotation it does is said by the {@link Kind} in the settings of the
 * session factory; without one it is plain. So a shape is written once for all kinds.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.METHOD})
@AttributeBinderType(binder = Evolving.ByKind.class)
public @interface Evolving {

    /** The attribute's type. */
    Class<?> value() default Long.class;

    /** Hands the attribute to the binder of the kind's annotation. */
    final class ByKind implements AttributeBinder<Evolving> {

        @Override
        public void bind(
                Evolving evolving, MetadataBuildingContext context, PersistentClass entity, Property property) {
            Object kind = context.getBootstrapContext()
                    .getServiceRegistry()
                    .requireService(ConfigurationService.class)
                    .getSettings()
                    .get(Kind.SETTING);
            if (kind != null) {
                ((Kind) kind).bind(evolving.value(), context, entity, property);
            }
        }
    }
}
