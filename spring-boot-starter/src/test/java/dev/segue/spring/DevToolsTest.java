package dev.segue.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.spring.renamed.Customer;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import jakarta.persistence.EntityManagerFactory;
import java.net.URL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.devtools.restart.classloader.RestartClassLoader;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * As Spring Boot's DevTools restart an application: its own classes come from a loader that is thrown away, those of its
 * libraries stay.
 */
class DevToolsTest {

    private final TestDatabase database =
            DatabaseServers.shared(Engine.POSTGRESQL).createDatabase();

    @AfterEach
    void close() {
        database.close();
    }

    /** The application's configuration; found by its name in the loader of each restart. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EntityScan(basePackageClasses = Customer.class)
    public static class Shop {}

    /** The compiled tests are the application. */
    private static RestartClassLoader restarted() {
        URL classes = Shop.class.getProtectionDomain().getCodeSource().getLocation();
        return new RestartClassLoader(Shop.class.getClassLoader(), new URL[] {classes});
    }

    private ConfigurableApplicationContext start(ClassLoader loader) throws ClassNotFoundException {
        Thread thread = Thread.currentThread();
        ClassLoader mine = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return new SpringApplication(loader.loadClass(Shop.class.getName()))
                    .run(
                            "--spring.main.web-application-type=none",
                            "--spring.datasource.url=" + database.url(),
                            "--spring.datasource.username=" + database.username(),
                            "--spring.datasource.password=" + database.password(),
                            "--spring.flyway.enabled=false",
                            "--segue.lease=30s",
                            "--segue.unmet=fail",
                            "--segue.changes.customer-full-name.phase=old-only");
        } finally {
            thread.setContextClassLoader(mine);
        }
    }

    private long live() {
        return database.value("SELECT count(*) FROM segue_participant WHERE state = 'live'", Long.class);
    }

    private static boolean runsFor(ClassLoader loader) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("segue"))
                .anyMatch(thread -> thread.getContextClassLoader() == loader);
    }

    @Test
    void theNodeLeavesWithTheClassesOfTheApplicationAndTheNextOneStartsAtOnce() throws Exception {
        database.execute("CREATE TABLE customer (id bigint PRIMARY KEY, name varchar(200), nick varchar(200))");
        RestartClassLoader first = restarted();
        try (ConfigurableApplicationContext application = start(first)) {
            assertThat(application
                            .getBean(EntityManagerFactory.class)
                            .getMetamodel()
                            .getEntities()
                            .iterator()
                            .next()
                            .getJavaType()
                            .getClassLoader())
                    .isSameAs(first);
            assertThat(live()).isEqualTo(1);
            assertThat(runsFor(first)).isTrue();
        }
        assertThat(live()).as("whoever leaves is not waited for").isZero();
        assertThat(runsFor(first)).as("threads that keep the old classes").isFalse();

        RestartClassLoader second = restarted();
        try (ConfigurableApplicationContext application = start(second)) {
            assertThat(application.getBean(SegueNodes.class).all()).hasSize(1);
            assertThat(live()).isEqualTo(1);
        }
        first.close();
        second.close();
    }
}
