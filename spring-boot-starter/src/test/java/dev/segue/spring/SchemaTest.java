package dev.segue.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.segue.ChangeStatus;
import dev.segue.StartRefusedException;
import dev.segue.lifecycle.Stage;
import dev.segue.spring.plain.Customer;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import dev.segue.test.network.TransactionPooler;
import jakarta.persistence.EntityManagerFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Who changes the schema, by which scripts, through which connections, and beside whose Flyway. */
@EachDatabase
@ExtendWith(OutputCaptureExtension.class)
class SchemaTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private final TestDatabase database;
    private final boolean postgres;
    private final Path directory;

    SchemaTest(Engine engine, @TempDir Path directory) {
        this.directory = directory;
        postgres = engine == Engine.POSTGRESQL;
        database = DatabaseServers.shared(engine).createDatabase();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Configuration(proxyBeanMethods = false)
    @EntityScan(basePackageClasses = Customer.class)
    static class Plain {}

    @Configuration(proxyBeanMethods = false)
    @EntityScan(basePackageClasses = dev.segue.spring.renamed.Customer.class)
    static class Renamed {}

    /** As a user writes it. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EntityScan(basePackageClasses = dev.segue.spring.renamed.Customer.class)
    static class Application {}

    private void customers() {
        database.execute(
                "CREATE TABLE customer (id bigint PRIMARY KEY, name varchar(200), nick varchar(200))",
                "CREATE INDEX customer_name ON customer (name)");
    }

    private List<String> properties() {
        return List.of(
                "spring.datasource.url=" + database.url(),
                "spring.datasource.username=" + database.username(),
                "spring.datasource.password=" + database.password(),
                "spring.flyway.enabled=false",
                "spring.jpa.hibernate.ddl-auto=none",
                "segue.lease=3s");
    }

    private ApplicationContextRunner application(Class<?> configuration, String... properties) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        DataSourceAutoConfiguration.class,
                        HibernateJpaAutoConfiguration.class,
                        FlywayAutoConfiguration.class,
                        SegueAutoConfiguration.class))
                .withUserConfiguration(configuration)
                .withPropertyValues(properties().toArray(String[]::new))
                .withPropertyValues(
                        configuration == Plain.class
                                ? new String[0]
                                : new String[] {"segue.changes.customer-full-name.phase=dual-write"})
                .withPropertyValues(properties);
    }

    private static ChangeStatus status(ApplicationContext context) {
        return context.getBean(SegueNodes.class).all().get(0).status().get(0);
    }

    private static void awaitDone(ApplicationContext context, Stage stage) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(
                                status(context).record().situation().stages().done(stage))
                        .as(() -> String.valueOf(status(context).held()))
                        .isTrue());
    }

    private List<String> tables() {
        return database
                .rows("SELECT table_name AS t FROM information_schema.tables WHERE table_name LIKE 'segue%'"
                        + " AND table_schema IN ('public', '" + database.name() + "')")
                .stream()
                .map(row -> String.valueOf(row.values().iterator().next()))
                .toList();
    }

    /** Who owns what the guard does. */
    private String guardian() {
        return database.value(
                postgres
                        ? "SELECT DISTINCT pg_get_userbyid(proowner)::text FROM pg_proc WHERE proname LIKE 'segue%'"
                        : "SELECT DISTINCT SUBSTRING_INDEX(definer, '@', 1) FROM information_schema.triggers"
                                + " WHERE trigger_schema = DATABASE()",
                String.class);
    }

    @Configuration(proxyBeanMethods = false)
    static class WithSchemaDataSource extends Renamed {

        private static @Nullable DataSource schema;

        @Bean(defaultCandidate = false)
        @SegueDataSource
        DataSource schemaDataSource() {
            return Objects.requireNonNull(schema);
        }
    }

    @Test
    void anotherUserChangesTheSchemaByPropertiesOrByABean() {
        customers();
        String user = "ddl_" + database.name();
        if (postgres) {
            database.execute("CREATE ROLE " + user + " LOGIN SUPERUSER PASSWORD 'secret'");
        } else {
            database.execute("CREATE USER " + user + " IDENTIFIED BY 'secret'", "GRANT ALL ON *.* TO " + user);
        }
        try {
            application(Renamed.class, "segue.schema.user=" + user, "segue.schema.password=secret")
                    .run(context -> {
                        assertThat(context).hasNotFailed();
                        awaitDone(context, Stage.GUARD);
                        assertThat(guardian()).isEqualTo(user);
                    });

            database.execute(
                    "UPDATE segue_change SET stage_guard = 'pending', guard_old_to_new = FALSE, sealed_new = FALSE");
            WithSchemaDataSource.schema = database.dataSource();
            application(WithSchemaDataSource.class, "segue.schema.user=" + user)
                    .run(context -> assertThat(context.getStartupFailure())
                            .hasRootCauseInstanceOf(StartRefusedException.class)
                            .rootCause()
                            .hasMessageContaining("@SegueDataSource"));
            application(WithSchemaDataSource.class).run(context -> {
                assertThat(context).hasNotFailed();
                awaitDone(context, Stage.GUARD);
                assertThat(context.getBeansOfType(DataSource.class)).hasSize(2);
            });
        } finally {
            if (postgres) {
                database.execute("REASSIGN OWNED BY " + user + " TO " + database.username(), "DROP ROLE " + user);
            } else {
                database.execute("DROP USER " + user);
            }
        }
    }

    @Test
    void aNodeThatMayNotChangeTheSchemaSaysWhereTheScriptOfItsTablesLies() {
        customers();
        application(Renamed.class, "segue.schema.execute=external", "segue.schema.scripts=" + directory)
                .run(context -> {
                    Path script = directory.resolve(postgres ? "registry.postgresql.sql" : "registry.mysql.sql");
                    assertThat(context.getStartupFailure())
                            .rootCause()
                            .hasMessageContainingAll("segue.schema.execute", script.toString());
                    assertThat(script).content().contains("segue_change");
                });

        application(
                        Renamed.class,
                        "segue.schema.execute=pipeline",
                        "segue.schema.password=secret",
                        "segue.schema.scripts=" + directory)
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContainingAll("segue.schema.execute", "external", "segue.schema.password"));
        assertThat(tables()).isEmpty();
    }

    @Test
    void thePlansOfAnApplicationAreWrittenAsScriptsAndNothingIsChanged(CapturedOutput output) throws Exception {
        customers();
        List<String> arguments = new ArrayList<>(List.of(Application.class.getName()));
        properties().forEach(property -> arguments.add("--" + property));
        arguments.add("--segue.write-plans=" + directory);

        WritePlans.main(arguments.toArray(String[]::new));

        Path scripts = directory.resolve("customer-full-name");
        String suffix = postgres ? ".postgresql.sql" : ".mysql.sql";
        assertThat(scripts.resolve("expand" + suffix)).content().contains("full_name", "lock:");
        for (String name : List.of("guard", "enforce", "enforce-revert", "contract")) {
            assertThat(scripts.resolve(name + suffix)).exists();
        }
        assertThat(output).contains("Written: ").doesNotContain("Application run failed");
        assertThat(tables()).isEmpty();
    }

    @Test
    void behindAPoolerInTransactionModeItNeedsTheDirectUrlAndWorksWithIt() {
        if (!postgres) {
            return;
        }
        customers();
        database.execute("INSERT INTO customer (id, name) VALUES (1, 'Ada')");
        try (TransactionPooler pooler =
                TransactionPooler.to(DatabaseServers.shared(Engine.POSTGRESQL).port())) {
            String pooled =
                    "spring.datasource.url=" + database.through(pooler.port()).url() + "&prepareThreshold=0";
            application(Renamed.class, pooled)
                    .run(context -> assertThat(context.getStartupFailure())
                            .rootCause()
                            .hasMessageContainingAll("segue.direct-url", "pooler"));
            assertThat(tables()).isEmpty();

            application(
                            Renamed.class,
                            pooled,
                            "segue.direct-url=" + database.url(),
                            "segue.changes.customer-full-name.phase=read-new",
                            "segue.changes.customer-full-name.shadow-for=0s")
                    .run(context -> {
                        assertThat(context).hasNotFailed();
                        await().atMost(LONG)
                                .until(() -> status(context).phase().id().equals("read-new"));
                        EntityManagerFactory factory = context.getBean(EntityManagerFactory.class);
                        String name = factory.callInTransaction(manager -> manager.createNativeQuery(
                                        "SELECT full_name FROM customer WHERE id = 1", String.class)
                                .getSingleResult()
                                .toString());
                        assertThat(name).isEqualTo("Ada");
                    });
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Callbacks {

        static final List<String> SEEN = new ArrayList<>();

        @Bean
        Callback recorder() {
            return new Callback() {

                @Override
                public boolean supports(Event event, Context context) {
                    return event != Event.AFTER_CONNECT;
                }

                @Override
                public boolean canHandleInTransaction(Event event, Context context) {
                    return true;
                }

                @Override
                public void handle(Event event, Context context) {
                    SEEN.add(event.name());
                }

                @Override
                public String getCallbackName() {
                    return "recorder";
                }
            };
        }
    }

    private List<String> history() {
        return database.rows("SELECT * FROM flyway_schema_history ORDER BY installed_rank").stream()
                .map(Object::toString)
                .toList();
    }

    private List<String> seen(Class<?> configuration, CapturedOutput output, String... properties) {
        Callbacks.SEEN.clear();
        application(configuration, properties)
                .withUserConfiguration(Callbacks.class)
                .withPropertyValues(
                        "spring.flyway.enabled=true",
                        "spring.flyway.out-of-order=true",
                        "spring.flyway.locations=filesystem:" + directory)
                .run(context -> {
                    assertThat(context).as(output.toString()).hasNotFailed();
                    if (configuration == Renamed.class) {
                        awaitDone(context, Stage.CONTRACT);
                        String plan = String.valueOf(new SegueEndpoint(context.getBean(SegueNodes.class))
                                .part("customer-full-name", "plan", null)
                                .getBody());
                        assertThat(plan).contains("contract." + (postgres ? "postgresql" : "mysql"));
                    }
                });
        return List.copyOf(Callbacks.SEEN);
    }

    @Test
    void theApplicationsFlywayIsLeftAsItIs(CapturedOutput output) throws Exception {
        Files.writeString(
                directory.resolve("V1__customer.sql"),
                "CREATE TABLE customer (id bigint PRIMARY KEY, name varchar(200), nick varchar(200));"
                        + " CREATE INDEX customer_name ON customer (name);");
        Files.writeString(directory.resolve("V3__note.sql"), "CREATE TABLE note (id bigint PRIMARY KEY);");
        seen(Plain.class, output);
        Files.writeString(directory.resolve("V2__late.sql"), "CREATE TABLE late (id bigint PRIMARY KEY);");
        seen(Plain.class, output);
        List<String> before = history();
        List<String> usual = seen(Plain.class, output);
        assertThat(before).hasSize(3);
        assertThat(usual).contains("AFTER_MIGRATE", "AFTER_VALIDATE");

        Logger logger = (Logger) LoggerFactory.getLogger(NodeStarter.class);
        ListAppender<ILoggingEvent> said = new ListAppender<>();
        said.start();
        logger.setLevel(Level.WARN);
        logger.addAppender(said);

        List<String> beside = seen(
                Renamed.class,
                output,
                "segue.changes.customer-full-name.phase=new-only",
                "segue.changes.customer-full-name.shadow-for=0s",
                "segue.changes.customer-full-name.contract=true",
                "segue.changes.customer-full-name.contract-after=0s");

        assertThat(beside).isEqualTo(usual);
        assertThat(history()).isEqualTo(before);
        assertThat(tables()).contains("segue_schema_history", "segue_schema_history_customer_full_name");
        logger.detachAppender(said);
        assertThat(said.list.toString())
                .as("only PostgreSQL builds concurrently")
                .matches(text -> text.contains("spring.flyway.postgresql.transactional-lock") == postgres)
                .doesNotContain("ignore-migration-patterns");
    }

    @Test
    void trapsInTheSettingsOfTheApplicationsFlywayAreFound() {
        FluentConfiguration usual = new FluentConfiguration();
        assertThat(FlywayTraps.in(usual, true)).singleElement().asString().contains("transactional-lock");
        assertThat(FlywayTraps.in(usual, false)).isEmpty();
        FluentConfiguration strict = new FluentConfiguration().ignoreMigrationPatterns("*:missing");
        assertThat(FlywayTraps.in(strict, false)).singleElement().asString().contains("*:future");
        assertThat(FlywayTraps.in(new FluentConfiguration().ignoreMigrationPatterns("*:*"), false))
                .isEmpty();
        assertThat(FlywayTraps.in(strict.validateOnMigrate(false), false)).isEmpty();
    }
}
