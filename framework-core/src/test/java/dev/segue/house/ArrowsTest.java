package dev.segue.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The arrows between the packages of the core run one way. */
class ArrowsTest {

    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.segue");

    @Test
    void noCircleBetweenPackages() {
        slices().matching("dev.segue.(*)..").should().beFreeOfCycles().check(CORE);
    }

    @Test
    void theRuleKnowsNothingButItself() {
        classes()
                .that()
                .resideInAPackage("dev.segue.lifecycle")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("dev.segue.lifecycle", "java.lang..", "java.util..", "org.jspecify..")
                .check(CORE);
    }

    @Test
    void theRuleHasNoClock() {
        noClasses()
                .that()
                .resideInAPackage("dev.segue.lifecycle")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.time..")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(CORE);
    }

    @Test
    void dialectsKnowNoChanges() {
        noClasses()
                .that()
                .resideInAPackage("dev.segue.database")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.segue",
                        "dev.segue.change",
                        "dev.segue.lifecycle",
                        "dev.segue.fleet",
                        "dev.segue.schema",
                        "dev.segue.backfill",
                        "dev.segue.watch")
                .check(CORE);
    }

    @Test
    void theGroundKnowsNothingAboveIt() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.segue.change", "dev.segue.lifecycle", "dev.segue.database")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.segue", "dev.segue.fleet", "dev.segue.schema", "dev.segue.backfill", "dev.segue.watch")
                .check(CORE);
    }

    @Test
    void nothingBelowKnowsTheFacade() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.segue.fleet", "dev.segue.schema", "dev.segue.backfill", "dev.segue.watch")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.segue")
                .check(CORE);
    }

    @Test
    void theCoreKnowsNeitherSpringNorHibernate() {
        noClasses()
                .that()
                .resideInAPackage("dev.segue..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "org.hibernate..", "jakarta.persistence..")
                .check(CORE);
    }
}
