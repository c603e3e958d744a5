package dev.segue.spring;

import dev.segue.hibernate.Introduces;
import dev.segue.hibernate.Replaces;
import dev.segue.hibernate.Retires;
import java.util.List;
import java.util.stream.Stream;
import org.hibernate.annotations.AttributeBinderType;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;

/**
 * What Segue, or Hibernate on its behalf, reaches by reflection or by name, so that a native image keeps it. The
 * application's conversions are found by {@link ConversionHints}.
 */
final class SegueRuntimeHints implements RuntimeHintsRegistrar {

    /** Classes of other packages that Hibernate is given by their names. */
    private static final List<String> NAMED = List.of(
            "dev.segue.hibernate.TwinStatements",
            "dev.segue.hibernate.TwinStatements$Mutations",
            "dev.segue.hibernate.TwinStatements$Inserts",
            "dev.segue.hibernate.CacheContributor",
            "dev.segue.hibernate.NativeQueries");

    /** Interfaces before whose objects something stands. */
    private static final List<String> FRONTED = List.of(
            "jakarta.persistence.spi.PersistenceProvider",
            "java.sql.Connection",
            "java.sql.Statement",
            "java.sql.PreparedStatement",
            "java.sql.CallableStatement",
            "org.hibernate.cache.spi.QueryResultsRegion",
            "org.hibernate.cache.spi.access.CollectionDataAccess",
            "org.hibernate.cache.spi.access.EntityDataAccess",
            "org.hibernate.cache.spi.access.NaturalIdDataAccess",
            "org.hibernate.engine.spi.SessionFactoryImplementor",
            "org.hibernate.metamodel.spi.MappingMetamodelImplementor",
            "org.hibernate.persister.entity.EntityPersister",
            "org.hibernate.type.descriptor.WrapperOptions");

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader loader) {
        FRONTED.forEach(name -> hints.proxies().registerJdkProxy(TypeReference.of(name)));
        hints.resources()
                .registerPattern("dev/segue/fleet/*/*.sql")
                .registerPattern("dev/segue/spring/page/*")
                .registerPattern("dev/segue/spring/segue.schema.json")
                .registerPattern("db/segue/*");
        Stream.of(Replaces.class, Introduces.class, Retires.class)
                .map(annotation ->
                        annotation.getAnnotation(AttributeBinderType.class).binder())
                .forEach(
                        binder -> hints.reflection().registerType(binder, MemberCategory.INVOKE_DECLARED_CONSTRUCTORS));
        NAMED.forEach(name ->
                hints.reflection().registerType(TypeReference.of(name), MemberCategory.INVOKE_DECLARED_CONSTRUCTORS));
    }
}
