package dev.segue.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segue.ChangeStatus;
import dev.segue.Segue;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Stage;
import dev.segue.spring.converted.Account;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import jakarta.persistence.EntityManagerFactory;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

/** An application goes on writing while two of its columns become others of another type, and the old ones are dropped. */
@EachDatabase
class ConvertedTest {

    private static final Duration LONG = Duration.ofSeconds(90);

    private final Engine engine;
    private final TestDatabase database;

    ConvertedTest(Engine engine) {
        this.engine = engine;
        database = DatabaseServers.shared(engine).createDatabase();
        database.execute(
                "CREATE TABLE account (id bigint PRIMARY KEY, credit numeric(10,2) NOT NULL, code integer)",
                "INSERT INTO account VALUES (1, 1.50, 0), (2, 20.00, 1), (3, 0.99, NULL), (4, 4.00, 1)");
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Configuration(proxyBeanMethods = false)
    @EntityScan(basePackageClasses = Account.class)
    static class Converted {}

    @Test
    void everyValueIsTheSameInTheOtherTypeAndNoWriteIsLost() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        DataSourceAutoConfiguration.class,
                        HibernateJpaAutoConfiguration.class,
                        SegueAutoConfiguration.class))
                .withUserConfiguration(Converted.class)
                .withPropertyValues(
                        "spring.datasource.url=" + database.url(),
                        "spring.datasource.username=" + database.username(),
                        "spring.datasource.password=" + database.password(),
                        "segue.lease=3s",
                        "segue.changes.credit.phase=new-only",
                        "segue.changes.credit.contract=true",
                        "segue.changes.credit.contract-after=0s",
                        "segue.changes.credit.shadow-for=0s",
                        "segue.changes.tier.phase=new-only",
                        "segue.changes.tier.contract=true",
                        "segue.changes.tier.contract-after=0s",
                        "segue.changes.tier.shadow-for=0s")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    EntityManagerFactory factory = context.getBean(EntityManagerFactory.class);
                    Segue node = context.getBean(SegueNodes.class).all().get(0);
                    if (engine == Engine.MYSQL) {
                        await().atMost(LONG).until(() -> status(node, "tier").phase() == Phase.READ_NEW);
                        node.vouch("tier", "test");
                    }
                    long[] written = {20_00};
                    await().atMost(LONG).pollInterval(Duration.ofMillis(20)).untilAsserted(() -> {
                        factory.runInTransaction(manager -> {
                            Account account = manager.find(Account.class, 2L);
                            assertThat(account.creditCents).isEqualTo(written[0]);
                            account.creditCents = written[0] + 1;
                            account.tier = account.creditCents % 2 == 0 ? Account.Tier.GOLD : Account.Tier.SILVER;
                        });
                        written[0]++;
                        assertThat(isDropped(node, "credit") && isDropped(node, "tier"))
                                .as(() -> status(node, "credit") + " " + status(node, "tier"))
                                .isTrue();
                    });

                    factory.runInTransaction(manager -> {
                        Account first = manager.find(Account.class, 1L);
                        assertThat(first.creditCents).isEqualTo(150);
                        assertThat(first.tier).isEqualTo(Account.Tier.GOLD);
                        Account third = manager.find(Account.class, 3L);
                        assertThat(third.creditCents).isEqualTo(99);
                        assertThat(third.tier).isNull();
                        assertThat(manager.createQuery(
                                                "select a.id from Account a where a.creditCents > 390 and a.tier = :tier",
                                                Long.class)
                                        .setParameter("tier", Account.Tier.SILVER)
                                        .getResultList())
                                .contains(4L);
                    });
                    assertThat(database.value("SELECT credit_cents FROM account WHERE id = 2", Long.class))
                            .isEqualTo(written[0]);
                    assertThat(database.value("SELECT tier FROM account WHERE id = 4", String.class))
                            .isEqualTo("SILVER");
                });
    }

    private static boolean isDropped(Segue node, String change) {
        return status(node, change).record().situation().stages().done(Stage.CONTRACT);
    }

    private static ChangeStatus status(Segue node, String change) {
        return node.status().stream()
                .filter(one -> one.change().id().equals(change))
                .findFirst()
                .orElseThrow();
    }
}
