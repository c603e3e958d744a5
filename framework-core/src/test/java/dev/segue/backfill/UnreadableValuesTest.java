package dev.segue.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.change.ColumnChange;
import dev.segue.change.JavaForm;
import dev.segue.lifecycle.Side;
import dev.segue.test.database.Engine;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** MySQL holds dates and times that Java has no object for. */
class UnreadableValuesTest {

    private final Credits credits = new Credits(Engine.MYSQL);

    @AfterEach
    void drop() {
        credits.close();
    }

    @ParameterizedTest
    @CsvSource({
        "time,100:00:00,10:00:00",
        "time,-01:00:00,10:00:00",
        "datetime,2024-00-00,2024-01-01",
        "date,2024-02-00,2024-02-01"
    })
    void arePutAsideByTheirKeysAndTheOthersAreFilled(String type, String odd, String plain) throws Exception {
        credits.database.execute(
                "CREATE TABLE customer (id bigint PRIMARY KEY, credit " + type + " NULL, cents " + type + " NULL)");
        try (Connection connection = credits.database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET SESSION sql_mode = ''");
            statement.execute("INSERT INTO customer (id, credit) VALUES (1, '" + plain + "'), (2, '" + odd + "'), (3, '"
                    + plain + "')");
        }
        ColumnChange change = credits.change(JavaForm.lossless(values -> values, values -> values), type, type);

        assertThat(credits.pass(change, Side.NEW, 0)).isNotEqualTo(Outcome.FINISHED_ALL);

        assertThat(credits.count("customer WHERE cents = credit")).isEqualTo(2);
        assertThat(credits.database.rows("SELECT row_key, reason FROM segue_dirty"))
                .singleElement()
                .satisfies(row -> assertThat(row).containsEntry("row_key", "2"))
                .satisfies(row -> assertThat(row.get("reason"))
                        .asString()
                        .startsWith("the driver cannot read the value (")
                        .doesNotContain(odd));
    }
}
