package dev.segue.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.springframework.core.NestedExceptionUtils.getMostSpecificCause;

import dev.segue.ChangeStatus;
import dev.segue.Segue;
import dev.segue.fleet.LeaseLostException;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Stage;
import dev.segue.spring.converted.Account;
import dev.segue.spring.converted.Member;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import jakarta.persistence.EntityManagerFactory;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

/**
 * An application goes on writing while two of its columns become others of another type, one becomes two, one comes and
 * one goes, and the old ones are dropped.
 */
@EachDatabase
class ConvertedTest {

    private static final Duration LONG = Duration.ofSeconds(90);

    private static final List<String> CHANGES = List.of("credit", "tier", "level", "fax", "names");

    private final Engine engine;
    private final TestDatabase database;

    ConvertedTest(Engine engine) {
        this.engine = engine;
        database = DatabaseServers.shared(engine).createDatabase();
        database.execute(
                "CREATE TABLE account (id bigint PRIMARY KEY, credit numeric(10,2) NOT NULL, code integer)",
                "INSERT INTO account VALUES (1, 1.50, 0), (2, 20.00, 1), (3, 0.99, NULL), (4, 4.00, 1)",
                "CREATE TABLE member (id bigint PRIMARY KEY, country varchar(2), fax varchar(20) NOT NULL,"
                        + " display_name varchar(80))",
                "INSERT INTO member VALUES (1, 'DE', 'fax 1', 'Ann Lee'), (2, NULL, 'fax 2', 'Bob Ray')");
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
                        "segue.lease=3s")
                .withPropertyValues(CHANGES.stream()
                        .flatMap(change -> Stream.of(
                                        "phase=new-only", "contract=true", "contract-after=0s", "shadow-for=0s")
                                .map(setting -> "segue.changes." + change + "." + setting))
                        .toArray(String[]::new))
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    EntityManagerFactory factory = context.getBean(EntityManagerFactory.class);
                    Segue node = context.getBean(SegueNodes.class).all().get(0);
                    if (engine == Engine.MYSQL) {
                        await().atMost(LONG).until(() -> status(node, "tier").phase() == Phase.READ_NEW);
                        node.vouch("tier", "test");
                    }
                    long[] written = {20_00};
                    await().atMost(LONG)
                            .pollInterval(Duration.ofMillis(20))
                            // A machine that stands still for seconds costs a lease, and the application tries again.
                            .ignoreExceptionsMatching(e -> getMostSpecificCause(e) instanceof LeaseLostException)
                            .untilAsserted(() -> {
                                factory.runInTransaction(manager -> {
                                    Account account = manager.find(Account.class, 2L);
                                    assertThat(account.creditCents).isEqualTo(written[0]);
                                    account.creditCents = written[0] + 1;
                                    account.tier =
                                            account.creditCents % 2 == 0 ? Account.Tier.GOLD : Account.Tier.SILVER;
                                });
                                written[0]++;
                                writeMembers(factory, written[0]);
                                assertThat(node.status())
                                        .allMatch(one -> one.record()
                                                .situation()
                                                .stages()
                                                .done(Stage.CONTRACT));
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
                    assertMembers(factory);
                });
    }

    private static String country(long number) {
        return number % 2 == 0 ? "DE" : "FR";
    }

    /** One more with a level of its own, which is what the country tells; one moves, and its level with it or not. */
    private static void writeMembers(EntityManagerFactory factory, long number) {
        factory.runInTransaction(manager -> {
            manager.persist(new Member(number, country(number)));
            Member first = manager.find(Member.class, 1L);
            first.country = country(number);
            first.name = new Member.FullName("Ann", "No" + number);
        });
        factory.runInTransaction(manager -> {
            assertThat(manager.find(Member.class, number).level).isEqualTo(number % 2 == 0 ? 1 : 2);
            Member first = manager.find(Member.class, 1L);
            assertThat(first.country).isEqualTo(country(number));
            assertThat(first.name).isEqualTo(new Member.FullName("Ann", "No" + number));
        });
    }

    private void assertMembers(EntityManagerFactory factory) {
        factory.runInTransaction(manager -> manager.find(Member.class, 2L).level = 7);
        assertThat(database.rows("SELECT * FROM member WHERE id = 2").get(0))
                .containsEntry("level", 7)
                .containsEntry("first_name", "Bob")
                .containsEntry("last_name", "Ray")
                .doesNotContainKeys("fax", "display_name");
        assertThat(database.value(
                        "SELECT COUNT(*) FROM member WHERE id > 2 AND (level <> CASE WHEN country = 'DE' THEN 1 ELSE 2 END"
                                + " OR last_name IS NULL OR last_name <> concat('No', id))",
                        Long.class))
                .isZero();
    }

    private static ChangeStatus status(Segue node, String change) {
        return node.status().stream()
                .filter(one -> one.change().id().equals(change))
                .findFirst()
                .orElseThrow();
    }
}
