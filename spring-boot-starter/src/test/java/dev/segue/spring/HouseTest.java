package dev.segue.spring;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.segue.backfill.CommitLatency;
import dev.segue.backfill.DatabaseSignals;
import dev.segue.backfill.Pace;
import dev.segue.backfill.RangeStatus;
import dev.segue.backfill.ServerSignals;
import dev.segue.backfill.Throttle;
import dev.segue.backfill.ThrottleSignal;
import dev.segue.backfill.TimeWindow;
import dev.segue.backfill.Tuning;
import dev.segue.backfill.VerificationStatus;
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

    /** What can be set and what can be shown are values; who does the work is the facade's to know. */
    @Test
    void theWorkOfTheCoreIsReachedThroughItsFacade() {
        noClasses()
                .that()
                .resideInAPackage("dev.segue.spring..")
                .should()
                .dependOnClassesThat(resideInAPackage("dev.segue.backfill..")
                        .and(not(belongToAnyOf(
                                Pace.class,
                                Throttle.class,
                                ThrottleSignal.class,
                                TimeWindow.class,
                                Tuning.class,
                                DatabaseSignals.class,
                                ServerSignals.class,
                                CommitLatency.class,
                                RangeStatus.class,
                                VerificationStatus.class))))
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
