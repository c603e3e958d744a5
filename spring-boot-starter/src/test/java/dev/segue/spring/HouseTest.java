package dev.segue.spring;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfiguration;

/** What the starter may lean on, and what leans on it. */
class HouseTest {

    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.segue");

    @Test
    void nobodyBelowKnowsTheStarter() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.segue.spring..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.segue.spring..", "org.springframework..")
                .check(ALL);
    }

    @Test
    void theStarterUsesNothingInternalOfHibernate() {
        noClasses()
                .that()
                .resideInAPackage("dev.segue.spring..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.hibernate..internal..")
                .check(ALL);
    }

    @Test
    void theWorkOfTheCoreIsReachedThroughItsFacade() {
        noClasses()
                .that()
                .resideInAPackage("dev.segue.spring..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.segue.backfill..")
                .check(ALL);
    }

    @Test
    void autoConfigurationsAreFinal() {
        classes()
                .that()
                .areAnnotatedWith(AutoConfiguration.class)
                .should()
                .haveModifier(com.tngtech.archunit.core.domain.JavaModifier.FINAL)
                .check(ALL);
    }
}
