package dev.segue.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segue.ChangeStatus;
import dev.segue.Segue;
import dev.segue.StartRefusedException;
import dev.segue.lifecycle.Phase;
import dev.segue.spring.renamed.Customer;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Each persistence unit of an application goes through its own changes. */
@EachDatabase
class PersistenceUnitsTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final TestDatabase database;

    PersistenceUnitsTest(Engine engine) {
        database = DatabaseServers.shared(engine).createDatabase();
        database.execute(
                "CREATE TABLE customer (id bigint PRIMARY KEY, name varchar(200))",
                "CREATE TABLE account (id bigint PRIMARY KEY, credit numeric(10,2) NOT NULL, code integer)",
                "INSERT INTO customer VALUES (1, 'Ann')");
    }

    @AfterEach
    void close() {
        database.close();
    }

    private ApplicationContextRunner application(Class<?> configuration, String... properties) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        DataSourceAutoConfiguration.class,
                        HibernateJpaAutoConfiguration.class,
                        SegueAutoConfiguration.class))
                .withUserConfiguration(configuration)
                .withPropertyValues(
                        "spring.datasource.url=" + database.url(),
                        "spring.datasource.username=" + database.username(),
                        "spring.datasource.password=" + database.password(),
                        "spring.jpa.properties.hibernate.generate_statistics=true",
                        "segue.lease=3s")
                .withPropertyValues(properties);
    }

    @Configuration(proxyBeanMethods = false)
    static class Units {

        static LocalContainerEntityManagerFactoryBean unit(String name, DataSource dataSource, Class<?> entity) {
            LocalContainerEntityManagerFactoryBean bean = new LocalContainerEntityManagerFactoryBean();
            bean.setPersistenceUnitName(name);
            bean.setDataSource(dataSource);
            bean.setManagedTypes(PersistenceManagedTypes.of(entity.getName()));
            bean.getJpaPropertyMap()
                    .put(
                            "hibernate.physical_naming_strategy",
                            "org.hibernate.boot.model.naming.PhysicalNamingStrategySnakeCaseImpl");
            bean.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
            return bean;
        }

        @Bean
        @Primary
        LocalContainerEntityManagerFactoryBean plain(DataSource dataSource) {
            return unit("plain", dataSource, dev.segue.spring.plain.Customer.class);
        }

        @Bean
        LocalContainerEntityManagerFactoryBean customers(DataSource dataSource) {
            return unit("customers", dataSource, Customer.class);
        }

        @Bean
        LocalContainerEntityManagerFactoryBean accounts(DataSource dataSource) {
            return unit("accounts", dataSource, dev.segue.spring.converted.Account.class);
        }
    }

    @Test
    void eachPersistenceUnitGoesThroughItsOwnChanges() {
        application(
                        Units.class,
                        "segue.changes.customer-full-name.phase=dual-write",
                        "segue.changes.credit.phase=dual-write")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    List<Segue> nodes = context.getBean(SegueNodes.class).all();
                    assertThat(nodes)
                            .extracting(node -> node.status().stream()
                                    .map(status -> status.change().id())
                                    .sorted()
                                    .toList())
                            .containsExactlyInAnyOrder(List.of("customer-full-name"), List.of("credit", "tier"));
                    await().atMost(LONG)
                            .until(() -> nodes.stream()
                                    .flatMap(node -> node.status().stream())
                                    .filter(status -> !status.change().id().equals("tier"))
                                    .allMatch(status -> status.phase() == Phase.DUAL_WRITE));
                    assertThat(nodes.stream()
                                    .flatMap(node -> node.status().stream())
                                    .filter(status -> status.change().id().equals("tier")))
                            .extracting(ChangeStatus::phase)
                            .containsExactly(Phase.OLD_ONLY);
                });
    }

    /** As an open session of each request does it for the primary one. */
    @Test
    void aSessionOfAnotherPersistenceUnitThatTheThreadHasBoundIsNoneOfOurs() {
        application(Units.class).run(context -> {
            assertThat(context).hasNotFailed();
            EntityManagerFactory plain = context.getBean("plain", EntityManagerFactory.class);
            EntityManagerFactory customers = context.getBean("customers", EntityManagerFactory.class);
            try (EntityManager bound = plain.createEntityManager()) {
                TransactionSynchronizationManager.bindResource(plain, new EntityManagerHolder(bound));
                try {
                    assertThat(customers.getMetamodel().entity(Customer.class).getName())
                            .isEqualTo("Customer");
                    assertThat(customers
                                    .getCriteriaBuilder()
                                    .createQuery(Customer.class)
                                    .from(Customer.class)
                                    .getJavaType())
                            .isEqualTo(Customer.class);
                } finally {
                    TransactionSynchronizationManager.unbindResource(plain);
                }
            }
        });
    }

    @Test
    void aChangeThatNoPersistenceUnitDeclaresIsRefused() {
        application(Units.class, "segue.changes.credti.phase=dual-write").run(context -> {
            Throwable failure = context.getStartupFailure();
            assertThat(failure).hasRootCauseInstanceOf(StartRefusedException.class);
            assertThat(failure).hasStackTraceContaining("segue.changes.credti");
        });
    }
}
