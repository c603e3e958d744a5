package dev.segue.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.change.ColumnChange;
import dev.segue.change.JavaForm;
import dev.segue.database.Exemption;
import dev.segue.lifecycle.Side;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Whoever writes one side alone is recorded, when the conversion exists only in Java. */
@EachDatabase
@Execution(ExecutionMode.CONCURRENT)
class RecordingGuardTest {

    private final JavaShop java;
    private final Shop shop;

    RecordingGuardTest(Engine engine) {
        this.java = new JavaShop(engine);
        this.shop = java.shop;
    }

    @AfterEach
    void drop() {
        java.close();
    }

    @Test
    void recordsWhoWritesOldAloneAndChangesNothing() throws Exception {
        ColumnChange change = java.expanded();
        shop.runner().guard(change, Side.NEW, Shop.CERTAIN);
        shop.database.execute(
                "INSERT INTO customer (id, name) VALUES (9, 'Alan')",
                "UPDATE customer SET name = 'Augusta' WHERE id = 1");

        assertThat(shop.runner().guardMode(change, Side.NEW)).contains(GuardMode.RECORDS);
        assertThat(java.dirty()).containsExactly("9", "1");
        assertThat(shop.sides(9)).isEqualTo("[Alan, null]");
        assertThat(shop.sides(1)).isEqualTo("[Augusta, <Ada>]");
        assertThat(shop.hits())
                .hasSize(2)
                .allMatch(writer -> writer.startsWith("user '" + shop.database.username() + "'"));
        assertThat(shop.database.value(
                        "SELECT count(*) FROM segue_dirty WHERE change_id = 'customer-full-name' AND site = 'customer'"
                                + " AND writer LIKE 'user %' AND reason IS NULL",
                        Long.class))
                .isEqualTo(2);
    }

    @Test
    void recordsTheKeyThatTheDatabaseHasMade() throws Exception {
        shop.database.execute(
                shop.postgres()
                        ? "CREATE TABLE customer (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name varchar(20))"
                        : "CREATE TABLE customer (id bigint AUTO_INCREMENT PRIMARY KEY, name varchar(20))",
                "INSERT INTO customer (name) VALUES ('Ada')");
        java.guard(java.expand(JavaShop.BRACKETS), Side.NEW, GuardMode.RECORDS);
        shop.database.execute("INSERT INTO customer (name) VALUES ('Grace'), ('Alan')");

        assertThat(java.dirty()).containsExactly("2", "3");
    }

    @Test
    void recordsKeysWithOddCharactersInAnEncodedForm() throws Exception {
        shop.database.execute(
                "CREATE TABLE customer (region int, code varchar(20), name varchar(20), PRIMARY KEY (region, code))");
        java.guard(java.expand(JavaShop.BRACKETS), Side.NEW, GuardMode.RECORDS);
        shop.database.execute("INSERT INTO customer (region, code, name) VALUES (7, 'a,%ä', 'Ada')");

        assertThat(java.dirty())
                .containsExactly("7,%61%2C%25%C3%A4"
                        .replace("%2C", "%2" + (shop.postgres() ? "c" : "C"))
                        .replace("%C3%A4", shop.postgres() ? "%c3%a4" : "%C3%A4"));
    }

    /** The second of March must not become the third of February for whoever converts the row. */
    @Test
    void recordsDaysAsEverySessionReadsThem() throws Exception {
        shop.database.execute(
                "CREATE TABLE customer (id date, at timestamp(3), name varchar(20), PRIMARY KEY (id, at))");
        java.guard(java.expand(JavaShop.BRACKETS), Side.NEW, GuardMode.RECORDS);
        String insert =
                "INSERT INTO customer (id, at, name) VALUES (DATE '2024-03-02', TIMESTAMP '2024-05-04 01:02:03.004', 'Ada')";
        // The driver minds such a session, but others do not.
        shop.database.execute(
                shop.postgres()
                        ? "DO $$ BEGIN SET LOCAL DateStyle = 'SQL, DMY'; " + insert
                                + "; SET LOCAL DateStyle = 'ISO, MDY'; END $$"
                        : insert);

        assertThat(java.dirty())
                .singleElement()
                .satisfies(key -> assertThat(
                                URLDecoder.decode(key, StandardCharsets.UTF_8).replace('T', ' '))
                        .startsWith("2024-03-02,2024-05-04 01:02:03.004"));
    }

    @Test
    void leavesWritesOfBothOrNeitherAlone() throws Exception {
        ColumnChange change = java.expanded();
        for (GuardMode mode : List.of(GuardMode.RECORDS, GuardMode.REFUSES)) {
            java.guard(change, Side.NEW, mode);
            java.guard(change, Side.OLD, mode);
            shop.database.execute(
                    "INSERT INTO customer (id, name, full_name) VALUES (9, 'Alan', '<Alan>')",
                    "UPDATE customer SET name = 'A', full_name = '<A>' WHERE id = 1",
                    "UPDATE customer SET name = name, full_name = full_name",
                    "UPDATE customer SET city = 'Paris' WHERE id = 2",
                    "UPDATE customer SET name = 'Ada', full_name = '<Ada>' WHERE id = 1",
                    "DELETE FROM customer WHERE id = 9");
        }
        assertThat(java.dirty()).isEmpty();
        assertThat(shop.hits()).isEmpty();
    }

    @Test
    void seesAChangeOfCaseOrTrailingSpaces() throws Exception {
        ColumnChange change = java.expanded();
        java.guard(change, Side.NEW, GuardMode.RECORDS);
        shop.database.execute(
                "UPDATE customer SET name = 'ADA' WHERE id = 1", "UPDATE customer SET name = 'Grace ' WHERE id = 2");
        assertThat(java.dirty()).containsExactly("1", "2");

        java.guard(change, Side.NEW, GuardMode.REFUSES);
        java.refused("UPDATE customer SET name = 'aDA' WHERE id = 1");
        java.refused("UPDATE customer SET name = 'Grace  ' WHERE id = 2");
    }

    @Test
    void aRowThatMovesToAnotherKeyIsLookedAtAgain() throws Exception {
        ColumnChange change = java.expanded();
        for (GuardMode mode : List.of(GuardMode.RECORDS, GuardMode.REFUSES)) {
            java.guard(change, Side.NEW, mode);
            shop.database.execute("UPDATE customer SET id = id + 10 WHERE city = 'London'");
        }

        assertThat(java.dirty()).containsExactly("11", "21");
        assertThat(shop.hits()).isEmpty();
    }

    @Test
    void doesNotSeeTheWorkers() throws Exception {
        ColumnChange change = java.expanded();
        java.guard(change, Side.NEW, GuardMode.REFUSES);
        java.guard(change, Side.OLD, GuardMode.RECORDS);
        try (Connection connection = shop.database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            Exemption.during(connection, shop.dialect, () -> {
                statement.executeUpdate("UPDATE customer SET name = 'Augusta' WHERE id = 1");
                return statement.executeUpdate("UPDATE customer SET full_name = '<G>' WHERE id = 2");
            });
            connection.commit();

            assertThat(java.dirty()).isEmpty();
            assertThat(shop.sides(1)).isEqualTo("[Augusta, <Ada>]");
            assertThatThrownBy(() -> statement.executeUpdate("UPDATE customer SET name = 'x' WHERE id = 3"))
                    .as("the exemption is over with the transaction")
                    .hasMessageContaining("customer-full-name");
            connection.rollback();
        }
    }

    @Test
    void recordsAnEmptyRowIfNullConvertsToAValue() throws Exception {
        shop.database.execute("CREATE TABLE customer (id bigint PRIMARY KEY, name varchar(20))");
        ColumnChange change = java.expand(JavaForm.lossless(
                values -> JavaShop.one(values.get(0) == null ? "nobody" : values.get(0)),
                values -> JavaShop.one("nobody".equals(values.get(0)) ? null : values.get(0))));
        for (GuardMode mode : List.of(GuardMode.RECORDS, GuardMode.REFUSES)) {
            java.guard(change, Side.NEW, mode);
            shop.database.execute("INSERT INTO customer (id) SELECT count(*) FROM customer");
        }

        assertThat(java.dirty()).containsExactly("0", "1");
    }

    @Test
    void worksForAWriterWhoMayDoNothingElse() throws Exception {
        ColumnChange change = java.expanded();
        java.guard(change, Side.NEW, GuardMode.RECORDS);
        String user = "u" + shop.database.name();
        shop.database.execute(
                shop.postgres()
                        ? "CREATE ROLE " + user + " LOGIN PASSWORD 'secret'"
                        : "CREATE USER " + user + " IDENTIFIED BY 'secret'",
                "GRANT SELECT (id), UPDATE (name, full_name), INSERT (id, name) ON customer TO " + user);
        try (Connection connection = DriverManager.getConnection(shop.database.url(), user, "secret");
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO customer (id, name) VALUES (9, 'Alan')");
            java.guard(change, Side.NEW, GuardMode.REFUSES);
            statement.execute("UPDATE customer SET name = 'A', full_name = '<A>' WHERE id = 1");
            assertThatThrownBy(() -> statement.execute("UPDATE customer SET name = 'B' WHERE id = 1"))
                    .hasMessageContaining("customer-full-name");
        } finally {
            shop.database.execute(shop.postgres() ? "DROP OWNED BY " + user : "SELECT 1", "DROP USER " + user);
        }
        assertThat(java.dirty()).containsExactly("9");
        assertThat(shop.hits()).singleElement().asString().startsWith("user '" + user + "'");
    }
}
