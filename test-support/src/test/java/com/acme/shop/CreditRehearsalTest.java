package com.acme.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import dev.segue.test.kit.DressRehearsal;
import dev.segue.test.kit.DressReport;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@EachDatabase
class CreditRehearsalTest {

    private static final int ROWS = 20_000;

    private final TestDatabase copy;

    CreditRehearsalTest(Engine engine) {
        copy = DatabaseServers.shared(engine).createDatabase();
        copy.execute(
                "CREATE TABLE customer (id bigint PRIMARY KEY, credit numeric(10,2) NOT NULL)",
                "CREATE INDEX customer_credit ON customer (credit)",
                "INSERT INTO customer WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)"
                        + " SELECT a.i * 20 + b.i, a.i FROM n a, n b WHERE b.i <= 20");
    }

    @AfterEach
    void close() {
        copy.close();
    }

    private DressRehearsal rehearsal() {
        return DressRehearsal.onCopy(Shop.class, "customer-credit-cents", copy.url(), copy.username(), copy.password())
                .with("--segue.lease=1500ms", "--spring.flyway.enabled=false");
    }

    @Test
    void playsTheWholeChangeAndTellsWhatItCosts() throws Exception {
        DressReport report = rehearsal().run();
        System.out.println(report.toString(2_000_000));

        assertThat(report.unmet()).isEmpty();
        assertThat(report.rows()).isEqualTo(ROWS);
        assertThat(report.steps())
                .extracting(DressReport.Step::name)
                .contains("expand", "guard", "pass", "enforce", "relax", "contract");
        DressReport.Step pass = report.step("pass").orElseThrow();
        assertThat(pass.time()).isBetween(Duration.ofMillis(1), Duration.ofMinutes(1));
        // Each row is written once, with eight bytes more.
        assertThat(pass.logBytes().orElseThrow()).isBetween(ROWS * 8L, ROWS * 2_000L);
        assertThat(report.step("enforce").orElseThrow().indexBytes()).isPositive();

        assertThat(report.toString(2_000_000)).contains("customer: 20,000 rows", "For 2,000,000 rows");
        assertThat(copy.rows("SELECT * FROM customer WHERE id = 21").get(0).keySet())
                .containsExactly("id", "credit_cents");
    }

    @Test
    void refusesADatabaseThatSomebodyElseUses() throws Exception {
        try (Connection somebody = copy.connect()) {
            assertThat(somebody.isValid(1)).isTrue();
            assertThatIllegalStateException()
                    .isThrownBy(() -> rehearsal().run())
                    .withMessageContaining("1 other session(s)")
                    .withMessageContaining("a copy that nobody uses");
        }
        assertThat(List.copyOf(
                        copy.rows("SELECT * FROM customer WHERE id = 21").get(0).keySet()))
                .containsExactly("id", "credit");
    }
}
