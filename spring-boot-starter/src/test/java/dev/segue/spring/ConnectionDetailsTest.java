package dev.segue.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.segue.spring.renamed.Customer;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

/**
 * Where Segue's own connections go when the configuration does not say it: {@code @ServiceConnection} and
 * {@code spring-boot-docker-compose} give the application a bean of connection details, and nothing else.
 */
@EachDatabase
class ConnectionDetailsTest {

    private final TestDatabase database;

    ConnectionDetailsTest(Engine engine) {
        database = DatabaseServers.shared(engine).createDatabase();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Configuration(proxyBeanMethods = false)
    @EntityScan(basePackageClasses = Customer.class)
    static class Renamed {}

    /** As those of a container. */
    private record Details(TestDatabase database) implements JdbcConnectionDetails {

        @Override
        public String getJdbcUrl() {
            return database.url();
        }

        @Override
        public String getUsername() {
            return database.username();
        }

        @Override
        public String getPassword() {
            return database.password();
        }
    }

    private ApplicationContextRunner application() {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        DataSourceAutoConfiguration.class,
                        HibernateJpaAutoConfiguration.class,
                        SegueAutoConfiguration.class))
                .withUserConfiguration(Renamed.class)
                .withPropertyValues("segue.lease=3s", "segue.changes.customer-full-name.phase=old-only");
    }

    private long registered(String schema) {
        return database.value("SELECT count(*) FROM " + schema + "segue_participant WHERE state = 'live'", Long.class);
    }

    @Test
    void theDetailsCountMoreThanTheConfigurationWhateverTheDataSourceIs() {
        database.execute("CREATE TABLE customer (id bigint PRIMARY KEY, name varchar(200), nick varchar(200))");
        String elsewhere = database.url().replaceFirst(":\\d+/", ":1/");
        application()
                .withBean(JdbcConnectionDetails.class, () -> new Details(database))
                .withPropertyValues(
                        "spring.datasource.url=" + elsewhere,
                        "spring.datasource.username=nobody",
                        "spring.datasource.password=wrong",
                        // No pool, so nothing but the details tells where it goes.
                        "spring.datasource.type=org.springframework.jdbc.datasource.SimpleDriverDataSource")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(registered("")).isEqualTo(1);
                });
    }

    @Test
    void theSchemaOfThePoolIsThatOfSeguesOwnConnections() {
        boolean mysql = database.engine() == Engine.MYSQL;
        String schema = (mysql ? database.name() + "_shop" : "shop").toLowerCase(Locale.ROOT);
        database.execute(
                "CREATE SCHEMA " + schema,
                "CREATE TABLE " + schema + ".customer (id bigint PRIMARY KEY, name varchar(200), nick varchar(200))");
        try {
            application()
                    .withBean(JdbcConnectionDetails.class, () -> new Details(database))
                    .withPropertyValues("spring.datasource.hikari." + (mysql ? "catalog=" : "schema=") + schema)
                    .run(context -> {
                        assertThat(context).hasNotFailed();
                        assertThat(registered(schema + ".")).isEqualTo(1);
                    });
        } finally {
            database.execute("DROP SCHEMA " + schema + (mysql ? "" : " CASCADE"));
        }
    }

    /** An index may be built for hours. */
    @Test
    void howLongTheApplicationWaitsForAnAnswerIsNoLimitForTheSchema() {
        try (HikariDataSource application = new HikariDataSource()) {
            application.setJdbcUrl(database.url());
            application.setUsername(database.username());
            application.setPassword(database.password());
            application.addDataSourceProperty("socketTimeout", "1");
            application.addDataSourceProperty("tcpKeepAlive", "true");
            try (HikariDataSource own = new DirectConnections(application, null, "n1")
                    .forSchema(null, database.username(), database.password())) {
                assertThat(own.getDataSourceProperties())
                        .containsEntry("tcpKeepAlive", "true")
                        .doesNotContainKey("socketTimeout");
            }
        }
    }
}
