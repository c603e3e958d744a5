package dev.segue.hibernate;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What this module may lean on. */
class HouseTest {

    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.segue");

    @Test
    void ofTheCoreOnlyWhatChangesTheirPhasesAndTheFleet() {
        noClasses()
                .that()
                .resideInAPackage("dev.segue.hibernate..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.segue", "dev.segue.schema..", "dev.segue.backfill..")
                .check(ALL);
    }

    @Test
    void nothingOfSpring() {
        noClasses()
                .that()
                .resideInAPackage("dev.segue.hibernate..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework..")
                .check(ALL);
    }

    @Test
    void theCoreKnowsNothingOfHibernate() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.segue.hibernate..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.segue.hibernate..", "org.hibernate..", "jakarta.persistence..")
                .check(ALL);
    }

    /** They change without notice; a class more that needs them is a version of Hibernate more that breaks us. */
    @Test
    void hibernatesInternalsAreTouchedByOneClass() {
        classes()
                .that()
                .resideInAPackage("dev.segue..")
                .and()
                .doNotBelongToAnyOf(TwinStatements.class)
                .should()
                .onlyDependOnClassesThat()
                .resideOutsideOfPackage("org.hibernate..internal..")
                .check(ALL);
    }
}
