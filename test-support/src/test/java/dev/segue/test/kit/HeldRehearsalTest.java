package dev.segue.test.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.acme.shop.Shop;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A rehearsal finds what would hold the change of the real table; and is not played where a change has begun. */
class HeldRehearsalTest {

    private final TestDatabase copy = DatabaseServers.shared(Engine.POSTGRESQL).createDatabase();

    @BeforeEach
    void aRowThatDoesNotComeBack() {
        copy.execute(
                "CREATE TABLE customer (id bigint PRIMARY KEY, credit numeric(10,3) NOT NULL)",
                "INSERT INTO customer VALUES (1, 7.25), (2, 43.505)");
    }

    @AfterEach
    void close() {
        copy.close();
    }

    private DressReport run() throws Exception {
        return DressRehearsal.onCopy(Shop.class, "customer-credit-cents", copy.url(), copy.username(), copy.password())
                .with("--segue.lease=1500ms", "--spring.flyway.enabled=false")
                .givenUpAfter(Duration.ofSeconds(3))
                .run();
    }

    @Test
    void whatDoesNotConvertIsToldWithItsKeyAndNothingIsRehearsedTwice() throws Exception {
        DressReport report = run();

        assertThat(report.finished()).isFalse();
        assertThat(report.unmet())
                .anySatisfy(reason -> assertThat(reason)
                        .contains("1 row(s) do not convert")
                        .contains("customer")
                        .contains("2"));
        assertThat(report.toString()).contains("It does not come to its end:", "expand");

        assertThatIllegalStateException().isThrownBy(this::run).withMessageContaining("has begun in this copy");
    }
}
