package dev.segue.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.change.ColumnChange;
import dev.segue.change.JavaForm;
import dev.segue.change.Site;
import dev.segue.database.Exemption;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Stage;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A conversion that exists only in Java: whoever writes one side alone is recorded, or refused. */
@EachDatabase
class JavaGuardTest {

    private final Shop shop;

    JavaGuardTest(Engine engine) {
        this.shop = new Shop(engine);
    }

    @AfterEach
    void drop() {
        shop.close();
    }

    /** Full names are names in angle brackets. */
    private static final JavaForm BRACKETS = JavaForm.lossless(
            values -> one(values.get(0) == null ? null : "<" + values.get(0) + ">"),
            values -> one(values.get(0) instanceof String name ? name.substring(1, name.length() - 1) : null));

    private static List<@Nullable Object> one(@Nullable Object value) {
        return Collections.singletonList(value);
    }

    private ColumnChange expanded() throws Exception {
        shop.customers();
        return expand(BRACKETS);
    }

    private ColumnChange expand(JavaForm form) throws Exception {
        ColumnChange rename = shop.rename();
        Site site = rename.sites().get(0);
        ColumnChange change = new ColumnChange(
                rename.id(), List.of(new Site(site.table(), site.key(), site.oldColumns(), site.newColumns(), form)));
        shop.runner().apply(change, Stage.EXPAND, true, Shop.CERTAIN);
        shop.database.execute("UPDATE customer SET full_name = "
                + (shop.postgres() ? "'<' || name || '>'" : "CONCAT('<', name, '>')"));
        return change;
    }

    private void guard(ColumnChange change, Side side, GuardMode mode) throws Exception {
        shop.runner().guard(change, side, mode, Shop.CERTAIN);
    }

    private List<String> dirty() {
        return shop.database.rows("SELECT row_key FROM segue_dirty ORDER BY id").stream()
                .map(row -> String.valueOf(row.values().iterator().next()))
                .toList();
    }

    private void refused(String sql) {
        assertThatThrownBy(() -> shop.database.execute(sql))
                .as(sql)
                .hasRootCauseInstanceOf(SQLException.class)
                .rootCause()
                .hasMessageContaining("customer-full-name")
                .hasMessageContaining("table customer")
                .hasMessageContaining("give full_name as well");
    }

    @Test
    void recordsWhoWritesOldAloneAndChangesNothing() throws Exception {
        ColumnChange change = expanded();
        shop.runner().guard(change, Side.NEW, Shop.CERTAIN);
        shop.database.execute(
                "INSERT INTO customer (id, name) VALUES (9, 'Alan')",
                "UPDATE customer SET name = 'Augusta' WHERE id = 1");

        assertThat(shop.runner().guardMode(change, Side.NEW)).contains(GuardMode.RECORDS);
        assertThat(dirty()).containsExactly("9", "1");
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
        guard(expand(BRACKETS), Side.NEW, GuardMode.RECORDS);
        shop.database.execute("INSERT INTO customer (name) VALUES ('Grace'), ('Alan')");

        assertThat(dirty()).containsExactly("2", "3");
    }

    @Test
    void recordsKeysWithOddCharactersInAnEncodedForm() throws Exception {
        shop.database.execute(
                "CREATE TABLE customer (region int, code varchar(20), name varchar(20), PRIMARY KEY (region, code))");
        guard(expand(BRACKETS), Side.NEW, GuardMode.RECORDS);
        shop.database.execute("INSERT INTO customer (region, code, name) VALUES (7, 'a,%ä', 'Ada')");

        assertThat(dirty())
                .containsExactly("7,%61%2C%25%C3%A4"
                        .replace("%2C", "%2" + (shop.postgres() ? "c" : "C"))
                        .replace("%C3%A4", shop.postgres() ? "%c3%a4" : "%C3%A4"));
    }

    @Test
    void leavesWritesOfBothOrNeitherAlone() throws Exception {
        ColumnChange change = expanded();
        for (GuardMode mode : List.of(GuardMode.RECORDS, GuardMode.REFUSES)) {
            guard(change, Side.NEW, mode);
            guard(change, Side.OLD, mode);
            shop.database.execute(
                    "INSERT INTO customer (id, name, full_name) VALUES (9, 'Alan', '<Alan>')",
                    "UPDATE customer SET name = 'A', full_name = '<A>' WHERE id = 1",
                    "UPDATE customer SET name = name, full_name = full_name",
                    "UPDATE customer SET city = 'Paris' WHERE id = 2",
                    "UPDATE customer SET name = 'Ada', full_name = '<Ada>' WHERE id = 1",
                    "DELETE FROM customer WHERE id = 9");
        }
        assertThat(dirty()).isEmpty();
        assertThat(shop.hits()).isEmpty();
    }

    @Test
    void seesAChangeOfCaseOrTrailingSpaces() throws Exception {
        ColumnChange change = expanded();
        guard(change, Side.NEW, GuardMode.RECORDS);
        shop.database.execute(
                "UPDATE customer SET name = 'ADA' WHERE id = 1", "UPDATE customer SET name = 'Grace ' WHERE id = 2");
        assertThat(dirty()).containsExactly("1", "2");

        guard(change, Side.NEW, GuardMode.REFUSES);
        refused("UPDATE customer SET name = 'aDA' WHERE id = 1");
        refused("UPDATE customer SET name = 'Grace  ' WHERE id = 2");
    }

    @Test
    void refusesWhoGivesOldAndLeavesNewBehind() throws Exception {
        ColumnChange change = expanded();
        guard(change, Side.NEW, GuardMode.REFUSES);

        refused("UPDATE customer SET name = 'Augusta' WHERE id = 1");
        refused("INSERT INTO customer (id, name) VALUES (9, 'Alan')");
        refused("UPDATE customer SET name = 'same' WHERE id IN (1, 2)");

        assertThat(shop.sides(1)).isEqualTo("[Ada, <Ada>]");
        assertThat(shop.database.value("SELECT count(*) FROM customer", Long.class))
                .isEqualTo(3);
        assertThat(dirty()).isEmpty();
        assertThat(shop.hits()).isEmpty();
    }

    @Test
    void refusesAnInsertBeforeNotNullDoes() throws Exception {
        ColumnChange change = expanded();
        guard(change, Side.NEW, GuardMode.REFUSES);
        shop.runner().apply(change, Stage.ENFORCE, true, Shop.CERTAIN);

        refused("INSERT INTO customer (id, name) VALUES (9, 'Alan')");
    }

    @Test
    void neverRefusesAWriteOfNewAlone() throws Exception {
        ColumnChange change = expanded();
        guard(change, Side.NEW, GuardMode.REFUSES);
        shop.runner().apply(change, Stage.RELAX, true, Shop.CERTAIN);

        shop.database.execute(
                "INSERT INTO customer (id, full_name) VALUES (8, '<Alan>')",
                "INSERT INTO customer (id, full_name) VALUES (9, NULL)",
                "UPDATE customer SET full_name = '<Augusta>' WHERE id = 1",
                "UPDATE customer SET full_name = NULL WHERE id = 2");

        assertThat(shop.sides(1)).isEqualTo("[Ada, <Augusta>]");
        assertThat(dirty()).isEmpty();
    }

    @Test
    void refusesTheMirrorImageWhileOldIsProven() throws Exception {
        ColumnChange change = expanded();
        guard(change, Side.OLD, GuardMode.REFUSES);
        shop.runner().apply(change, Stage.RELAX, true, Shop.CERTAIN);

        assertThatThrownBy(() -> shop.database.execute("UPDATE customer SET full_name = '<A>' WHERE id = 1"))
                .rootCause()
                .hasMessageContaining("customer-full-name")
                .hasMessageContaining("give name (the old side) as well");
        assertThatThrownBy(() -> shop.database.execute("INSERT INTO customer (id, full_name) VALUES (9, '<A>')"))
                .rootCause()
                .hasMessageContaining("customer-full-name");
        shop.database.execute("UPDATE customer SET name = 'Augusta' WHERE id = 1");
        assertThat(shop.sides(1)).isEqualTo("[Augusta, <Ada>]");
    }

    /** A value that does not change is the last write all the same. MySQL's triggers do not see which columns are named. */
    @Test
    void refusesOnPostgresWhoGivesOldItsOldValue() throws Exception {
        ColumnChange change = expanded();
        guard(change, Side.NEW, GuardMode.REFUSES);
        guard(change, Side.OLD, GuardMode.RECORDS);
        if (!shop.postgres()) {
            shop.database.execute("UPDATE customer SET name = 'Ada' WHERE id = 1");
            return;
        }
        refused("UPDATE customer SET name = 'Ada' WHERE id = 1");
        refused("INSERT INTO customer (id, name, full_name) VALUES (1, 'x', '<x>')"
                + " ON CONFLICT (id) DO UPDATE SET name = 'Ada'");
        // In one transaction, one after the other: what one statement names says nothing of the next.
        shop.database.execute("UPDATE customer SET name = 'A', full_name = '<A>' WHERE id = 1");
        try (Connection connection = shop.database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("UPDATE customer SET name = 'B', full_name = '<B>' WHERE id = 1");
            statement.execute("UPDATE customer SET full_name = '<C>' WHERE id = 1");
            assertThatThrownBy(() -> statement.execute("UPDATE customer SET name = 'B' WHERE id = 1"))
                    .hasMessageContaining("customer-full-name");
            connection.rollback();
        }
    }

    @Test
    void aRowThatMovesToAnotherKeyIsLookedAtAgain() throws Exception {
        ColumnChange change = expanded();
        for (GuardMode mode : List.of(GuardMode.RECORDS, GuardMode.REFUSES)) {
            guard(change, Side.NEW, mode);
            shop.database.execute("UPDATE customer SET id = id + 10 WHERE city = 'London'");
        }

        assertThat(dirty()).containsExactly("11", "21");
        assertThat(shop.hits()).isEmpty();
    }

    @Test
    void switchesBothWaysAndSaysWhatStands() throws Exception {
        ColumnChange change = expanded();
        StageRunner runner = shop.runner();
        assertThat(runner.guardMode(change, Side.NEW)).isEmpty();
        for (int round = 0; round < 2; round++) {
            for (GuardMode mode : List.of(GuardMode.RECORDS, GuardMode.REFUSES, GuardMode.REFUSES)) {
                guard(change, Side.NEW, mode);
                assertThat(runner.guardMode(change, Side.NEW)).contains(mode);
                assertThat(runner.guarded(change)).containsExactly(Side.NEW);
            }
            refused("UPDATE customer SET name = 'x' WHERE id = 1");
        }
        guard(change, Side.NEW, GuardMode.RECORDS);
        shop.database.execute("UPDATE customer SET name = 'Augusta' WHERE id = 1");
        assertThat(dirty()).containsExactly("1");

        guard(change, Side.OLD, GuardMode.REFUSES);
        assertThat(runner.guarded(change)).containsExactly(Side.OLD, Side.NEW);
        runner.unguard(change, Side.NEW, Shop.CERTAIN);
        runner.unguard(change, Side.NEW, Shop.CERTAIN);
        assertThat(runner.guarded(change)).containsExactly(Side.OLD);
        runner.revert(change, Stage.GUARD, true, Shop.CERTAIN);
        assertThat(runner.guarded(change)).isEmpty();
        assertThat(shop.catalog("customer")).noneMatch(line -> line.contains("segue_"));
    }

    /** Stops before each statement in turn, as a process would that is killed there. */
    @Test
    void aSwitchThatIsKilledAnywhereIsFinishedByTheNextAndLeavesNoGap() throws Exception {
        ColumnChange change = expanded();
        guard(change, Side.NEW, GuardMode.RECORDS);
        List<String> recording = shop.catalog("customer");
        for (int survives = 0; survives < 5; survives++) {
            for (GuardMode mode : List.of(GuardMode.REFUSES, GuardMode.RECORDS)) {
                AtomicInteger left = new AtomicInteger(survives);
                Intent killed = connection -> {
                    if (left.getAndDecrement() == 0) {
                        throw new SQLException("killed");
                    }
                };
                try {
                    shop.runner().guard(change, Side.NEW, mode, killed);
                } catch (SQLException e) {
                    assertThat(e.getMessage()).isEqualTo("killed");
                }
                assertThat(shop.runner().guarded(change)).contains(Side.NEW);
                guard(change, Side.NEW, mode);
                assertThat(shop.runner().guardMode(change, Side.NEW)).contains(mode);
            }
            assertThat(shop.catalog("customer")).isEqualTo(recording);
        }
    }

    @Test
    void doesNotSeeTheWorkers() throws Exception {
        ColumnChange change = expanded();
        guard(change, Side.NEW, GuardMode.REFUSES);
        guard(change, Side.OLD, GuardMode.RECORDS);
        try (Connection connection = shop.database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            Exemption.during(connection, shop.dialect, () -> {
                statement.executeUpdate("UPDATE customer SET name = 'Augusta' WHERE id = 1");
                return statement.executeUpdate("UPDATE customer SET full_name = '<G>' WHERE id = 2");
            });
            connection.commit();

            assertThat(dirty()).isEmpty();
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
        ColumnChange change = expand(JavaForm.lossless(
                values -> one(values.get(0) == null ? "nobody" : values.get(0)),
                values -> one("nobody".equals(values.get(0)) ? null : values.get(0))));
        for (GuardMode mode : List.of(GuardMode.RECORDS, GuardMode.REFUSES)) {
            guard(change, Side.NEW, mode);
            shop.database.execute("INSERT INTO customer (id) SELECT count(*) FROM customer");
        }

        assertThat(dirty()).containsExactly("0", "1");
    }

    @Test
    void aNewAloneInsertBesideADefaultOfOldIsNotRefused() throws Exception {
        shop.database.execute("CREATE TABLE customer (id bigint PRIMARY KEY, name varchar(20) DEFAULT 'nobody')");
        ColumnChange change = expand(BRACKETS);
        guard(change, Side.NEW, GuardMode.REFUSES);

        shop.database.execute("INSERT INTO customer (id, full_name) VALUES (1, NULL), (2, '<Ada>')");
        assertThat(dirty()).as("it may as well have been left out").containsExactly("1");
        refused("INSERT INTO customer (id, name) VALUES (3, 'Ada')");
    }

    @Test
    void cannotFillWhatOnlyJavaConverts() throws Exception {
        ColumnChange change = expanded();

        assertThatThrownBy(() -> guard(change, Side.NEW, GuardMode.FILLS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("only in Java");
    }

    @Test
    void goesWithTheColumn() throws Exception {
        ColumnChange change = expanded();
        guard(change, Side.NEW, GuardMode.REFUSES);
        guard(change, Side.OLD, GuardMode.RECORDS);
        shop.runner().apply(change, Stage.ENFORCE, true, Shop.CERTAIN);
        shop.runner().apply(change, Stage.RELAX, true, Shop.CERTAIN);
        shop.runner().apply(change, Stage.CONTRACT, true, Shop.CERTAIN);

        shop.database.execute("INSERT INTO customer (id, full_name) VALUES (9, '<Alan>')");
        assertThat(shop.catalog("customer")).noneMatch(line -> line.contains("segue_"));
    }
}
