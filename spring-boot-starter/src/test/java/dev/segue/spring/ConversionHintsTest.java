package dev.segue.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.spring.converted.Account;
import dev.segue.spring.converted.Member;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.TypeHint;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;

/** What a native image keeps of the application for Segue, found when Spring looks at it ahead of time. */
class ConversionHintsTest {

    @Configuration(proxyBeanMethods = false)
    static class Shop {

        @Bean
        PersistenceManagedTypes types() {
            return PersistenceManagedTypes.of(Account.class.getName(), Member.class.getName());
        }
    }

    @Test
    void theConversionsOfTheEntitiesAreKeptAndTheRecordsThatTheyTake() throws Exception {
        DefaultGenerationContext generation = new DefaultGenerationContext(
                new ClassNameGenerator(ClassName.get(Shop.class)), new InMemoryGeneratedFiles());
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.register(Shop.class);
            new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
        }

        List<Class<?>> nested = Stream.of(Account.class, Member.class)
                .<Class<?>>flatMap(type -> Stream.of(type.getDeclaredClasses()))
                .toList();
        assertThat(nested)
                .filteredOn(dev.segue.change.Conversion.class::isAssignableFrom)
                .hasSizeGreaterThan(2)
                .allSatisfy(conversion -> assertThat(RuntimeHintsPredicates.reflection()
                                .onConstructorInvocation(conversion.getDeclaredConstructor()))
                        .accepts(generation.getRuntimeHints()));
        assertThat(RuntimeHintsPredicates.reflection()
                        .onConstructorInvocation(
                                Member.FullName.class.getDeclaredConstructor(String.class, String.class)))
                .accepts(generation.getRuntimeHints());
        assertThat(generation.getRuntimeHints().reflection().typeHints().map(TypeHint::getType))
                .noneMatch(type -> type.getName().equals("dev.segue.change.Conversion"));
    }
}
