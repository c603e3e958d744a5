package dev.segue.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.change.ColumnChange;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Stage;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Whoever writes one side alone is refused, once a row must not be left behind any more. */
@EachDatabase
@Execution(ExecutionMode.CONCURRENT)
class RefusingGuardTest {

    private final JavaShop java;
    private final Shop shop;

    RefusingGuardTest(Engine engine) {
        this.java = new JavaShop(engine);
        this.shop = java.shop;
    }

    @AfterEach
    void drop() {
        java.close();
    }

    @Test
    void refusesWhoGivesOldAndLeavesNewBehind() throws Exception {
        ColumnChange change = java.expanded();
        java.guard(change, Side.NEW, GuardMode.REFUSES);

        java.refused("UPDATE customer SET name = 'Augusta' WHERE id = 1");
        java.refused("INSERT INTO customer (id, name) VALUES (9, 'Alan')");
        java.refused("UPDATE customer SET name = 'same' WHERE id IN (1, 2)");

        assertThat(shop.sides(1)).isEqualTo("[Ada, <Ada>]");
        assertThat(shop.database.value("SELECT count(*) FROM customer", Long.class))
                .isEqualTo(3);
        assertThat(java.dirty()).isEmpty();
        assertThat(shop.hits()).isEmpty();
    }

    @Test
    void refusesAnInsertBeforeNotNullDoes() throws Exception {
        ColumnChange change = java.expanded();
        java.guard(change, Side.NEW, GuardMode.REFUSES);
        shop.runner().apply(change, Stage.ENFORCE, true, Shop.CERTAIN);

        java.refused("INSERT INTO customer (id, name) VALUES (9, 'Alan')");
    }

    @Test
    void aRefusedInsertLeavesOtherWritersAlone() throws Exception {
        ColumnChange change = java.expanded();
        java.guard(change, Side.NEW, GuardMode.REFUSES);
        shop.runner().apply(change, Stage.ENFORCE, true, Shop.CERTAIN);
        try (Connection connection = shop.database.connect();
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < 5; i++) {
                java.refused("INSERT INTO customer (id, name) VALUES (9, 'Alan')");
                assertThatThrownBy(() -> statement.execute("INSERT INTO customer (id, name) VALUES (9, 'Alan')"))
                        .hasMessageContaining("customer-full-name");
                for (String name : List.of("A" + i, "B" + i)) {
                    statement.execute(
                            "UPDATE customer SET name = '" + name + "', full_name = '<" + name + ">' WHERE id = 1");
                    assertThat(shop.sides(1)).isEqualTo("[" + name + ", <" + name + ">]");
                }
            }
        }
    }

    @Test
    void neverRefusesAWriteOfNewAlone() throws Exception {
        ColumnChange change = java.expanded();
        java.guard(change, Side.NEW, GuardMode.REFUSES);
        shop.runner().apply(change, Stage.RELAX, true, Shop.CERTAIN);

        shop.database.execute(
                "INSERT INTO customer (id, full_name) VALUES (8, '<Alan>')",
                "INSERT INTO customer (id, full_name) VALUES (9, NULL)",
                "UPDATE customer SET full_name = '<Augusta>' WHERE id = 1",
                "UPDATE customer SET full_name = NULL WHERE id = 2");

        assertThat(shop.sides(1)).isEqualTo("[Ada, <Augusta>]");
        assertThat(java.dirty()).isEmpty();
    }

    @Test
    void refusesTheMirrorImageWhileOldIsProven() throws Exception {
        ColumnChange change = java.expanded();
        java.guard(change, Side.OLD, GuardMode.REFUSES);
        shop.runner().apply(change, Stage.RELAX, true, Shop.CERTAIN);

        assertThatThrownBy(() -> shop.database.execute("UPDATE customer SET full_name = '<A>' WHERE id = 1"))
                .rootCause()
                .hasMessageContaining("customer-full-name")
                .hasMessageContaining("give name as well");
        assertThatThrownBy(() -> shop.database.execute("INSERT INTO customer (id, full_name) VALUES (9, '<A>')"))
                .rootCause()
                .hasMessageContaining("customer-full-name");
        shop.database.execute("UPDATE customer SET name = 'Augusta' WHERE id = 1");
        assertThat(shop.sides(1)).isEqualTo("[Augusta, <Ada>]");
    }

    /** A value that does not change is the last write all the same. MySQL's triggers do not see which columns are named. */
    @Test
    void refusesOnPostgresWhoGivesOldItsOldValue() throws Exception {
        ColumnChange change = java.expanded();
        java.guard(change, Side.NEW, GuardMode.REFUSES);
        java.guard(change, Side.OLD, GuardMode.RECORDS);
        if (!shop.postgres()) {
            shop.database.execute("UPDATE customer SET name = 'Ada' WHERE id = 1");
            return;
        }
        java.refused("UPDATE customer SET name = 'Ada' WHERE id = 1");
        java.refused("INSERT INTO customer (id, name, full_name) VALUES (1, 'x', '<x>')"
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
    void aNewAloneInsertBesideADefaultOfOldIsNotRefused() throws Exception {
        shop.database.execute("CREATE TABLE customer (id bigint PRIMARY KEY, name varchar(20) DEFAULT 'nobody')");
        ColumnChange change = java.expand(JavaShop.BRACKETS);
        java.guard(change, Side.NEW, GuardMode.REFUSES);

        shop.database.execute("INSERT INTO customer (id, full_name) VALUES (1, NULL), (2, '<Ada>')");
        assertThat(java.dirty()).as("it may as well have been left out").containsExactly("1");
        java.refused("INSERT INTO customer (id, name) VALUES (3, 'Ada')");
    }
}
