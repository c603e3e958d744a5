package dev.segue.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.change.ColumnChange;
import dev.segue.fleet.NodeClock;
import dev.segue.fleet.Registry;
import dev.segue.lifecycle.Guard;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Stage;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Whoever writes only one side writes both. */
@EachDatabase
@Execution(ExecutionMode.CONCURRENT)
class GuardTest {

    private final Shop shop;

    GuardTest(Engine engine) {
        this.shop = new Shop(engine);
    }

    @AfterEach
    void drop() {
        shop.close();
    }

    private ColumnChange guarded(Side... sides) throws Exception {
        shop.customers();
        return guard(sides);
    }

    private ColumnChange guard(Side... sides) throws Exception {
        ColumnChange change = shop.rename();
        shop.runner().apply(change, Stage.EXPAND, true, Shop.CERTAIN);
        shop.database.execute("UPDATE customer SET full_name = name");
        for (Side side : sides) {
            shop.runner().guard(change, side, Shop.CERTAIN);
        }
        return change;
    }

    @Test
    void fillsNewForThoseWhoKnowOnlyOldAndSaysWhoTheyAre() throws Exception {
        guarded(Side.NEW);
        shop.database.execute(
                "INSERT INTO customer (id, name) VALUES (9, 'Alan')",
                "UPDATE customer SET name = 'Augusta' WHERE id = 1");

        assertThat(shop.sides(9)).isEqualTo("[Alan, Alan]");
        assertThat(shop.sides(1)).isEqualTo("[Augusta, Augusta]");
        assertThat(shop.hits())
                .hasSize(2)
                .allMatch(writer -> writer.startsWith("user '" + shop.database.username() + "'"));
        assertThat(shop.database.value("SELECT DISTINCT site FROM segue_guard_hit", String.class))
                .isEqualTo("customer");
    }

    @Test
    void fillsOldForThoseWhoKnowOnlyNewAndCountsThemNot() throws Exception {
        guarded(Side.OLD);
        shop.database.execute(
                "INSERT INTO customer (id, full_name) VALUES (9, 'Alan')",
                "UPDATE customer SET full_name = 'Augusta' WHERE id = 1");

        assertThat(shop.sides(9)).isEqualTo("[Alan, Alan]");
        assertThat(shop.sides(1)).isEqualTo("[Augusta, Augusta]");
        assertThat(shop.hits()).isEmpty();
    }

    @Test
    void fillsEitherSideWhileTheOtherDirectionStandsToo() throws Exception {
        guarded(Side.NEW, Side.OLD);
        shop.database.execute(
                "INSERT INTO customer (id, name) VALUES (8, 'Alan')",
                "INSERT INTO customer (id, full_name) VALUES (9, 'Barbara')",
                "UPDATE customer SET name = 'Augusta' WHERE id = 1",
                "UPDATE customer SET full_name = 'Hopper' WHERE id = 2");

        assertThat(shop.sides(8)).isEqualTo("[Alan, Alan]");
        assertThat(shop.sides(9)).isEqualTo("[Barbara, Barbara]");
        assertThat(shop.sides(1)).isEqualTo("[Augusta, Augusta]");
        assertThat(shop.sides(2)).isEqualTo("[Hopper, Hopper]");
        assertThat(shop.hits()).hasSize(2);
    }

    @Test
    void leavesWritesOfBothOrNeitherAlone() throws Exception {
        guarded(Side.NEW, Side.OLD);
        shop.database.execute(
                "INSERT INTO customer (id, name, full_name) VALUES (9, 'Alan', 'Alan')",
                "UPDATE customer SET name = 'A', full_name = 'A' WHERE id = 1",
                "UPDATE customer SET city = 'Paris' WHERE id = 2",
                "UPDATE customer SET name = name",
                "DELETE FROM customer WHERE id = 3");

        assertThat(shop.hits()).isEmpty();
        assertThat(shop.sides(1)).isEqualTo("[A, A]");
    }

    @Test
    void leavesARowAloneThatIsNotFilledYetAndOnlyNotesThatItMoves() throws Exception {
        shop.customers();
        ColumnChange change = shop.rename();
        shop.runner().apply(change, Stage.EXPAND, true, Shop.CERTAIN);
        shop.runner().guard(change, Side.NEW, Shop.CERTAIN);
        shop.database.execute(
                "UPDATE customer SET city = 'Paris' WHERE id = 2", "UPDATE customer SET id = 103 WHERE id = 3");

        assertThat(shop.sides(2)).isEqualTo("[Grace, null]");
        assertThat(shop.sides(103)).isEqualTo("[Edsger, null]");
        assertThat(shop.hits()).isEmpty();
        assertThat(shop.database.value("SELECT count(*) FROM segue_dirty", Long.class))
                .isEqualTo(1);
        assertThat(shop.database.value("SELECT row_key FROM segue_dirty", String.class))
                .contains("103");
    }

    @Test
    void seesAChangeOfCaseOrTrailingSpaces() throws Exception {
        guarded(Side.NEW);
        shop.database.execute(
                "UPDATE customer SET name = 'ADA' WHERE id = 1", "UPDATE customer SET name = 'Grace ' WHERE id = 2");

        assertThat(shop.sides(1)).isEqualTo("[ADA, ADA]");
        assertThat(shop.sides(2)).isEqualTo("[Grace , Grace ]");
        assertThat(shop.hits()).hasSize(2);
    }

    @Test
    void carriesNullsOver() throws Exception {
        shop.database.execute(
                "CREATE TABLE customer (id bigint PRIMARY KEY, name varchar(20))",
                "INSERT INTO customer (id, name) VALUES (1, 'Ada'), (2, 'Grace'), (3, NULL)");
        guard(Side.NEW, Side.OLD);
        shop.database.execute(
                "UPDATE customer SET name = NULL WHERE id = 1",
                "UPDATE customer SET full_name = NULL WHERE id = 2",
                "UPDATE customer SET name = 'Edsger' WHERE id = 3",
                "INSERT INTO customer (id) VALUES (4)",
                "INSERT INTO customer (id, name, full_name) VALUES (5, NULL, NULL)");

        assertThat(shop.sides(1)).isEqualTo("[null, null]");
        assertThat(shop.sides(2)).isEqualTo("[null, null]");
        assertThat(shop.sides(3)).isEqualTo("[Edsger, Edsger]");
        assertThat(shop.sides(4)).isEqualTo("[null, null]");
        assertThat(shop.hits()).hasSize(2);
    }

    @Test
    void coversWritesOfManyRowsAndOfTheKey() throws Exception {
        guarded(Side.NEW);
        shop.database.execute("UPDATE customer SET name = " + (shop.postgres() ? "name || '!'" : "CONCAT(name, '!')"));
        assertThat(shop.sides(1)).isEqualTo("[Ada!, Ada!]");
        assertThat(shop.sides(3)).isEqualTo("[Edsger!, Edsger!]");
        assertThat(shop.hits()).hasSize(3);

        // In descending order, so that MySQL meets no duplicate on its way.
        shop.database.execute(
                shop.postgres()
                        ? "UPDATE customer SET id = id + 100, name = 'moved'"
                        : "UPDATE customer SET id = id + 100, name = 'moved' ORDER BY id DESC");
        assertThat(shop.sides(101)).isEqualTo("[moved, moved]");
        assertThat(shop.sides(103)).isEqualTo("[moved, moved]");
    }

    @Test
    void fillsAColumnInTimeForNotNull() throws Exception {
        ColumnChange change = guarded(Side.NEW, Side.OLD);
        shop.runner().apply(change, Stage.ENFORCE, true, Shop.CERTAIN);
        shop.runner().apply(change, Stage.RELAX, true, Shop.CERTAIN);
        shop.database.execute(
                "INSERT INTO customer (id, name) VALUES (8, 'Alan')",
                "INSERT INTO customer (id, full_name) VALUES (9, 'Barbara')",
                "INSERT INTO customer (id, full_name, name) VALUES (10, 'Donald', NULL)");

        assertThat(shop.sides(8)).isEqualTo("[Alan, Alan]");
        assertThat(shop.sides(9)).isEqualTo("[Barbara, Barbara]");
        assertThat(shop.sides(10)).isEqualTo("[Donald, Donald]");
    }

    @Test
    void fillsNumbersInTimeForNotNull() throws Exception {
        shop.database.execute(
                "CREATE TABLE customer (id bigint PRIMARY KEY, name int NOT NULL)",
                "INSERT INTO customer VALUES (1, 5)");
        ColumnChange change = guard(Side.NEW, Side.OLD);
        shop.runner().apply(change, Stage.ENFORCE, true, Shop.CERTAIN);
        shop.runner().apply(change, Stage.RELAX, true, Shop.CERTAIN);
        shop.database.execute(
                "INSERT INTO customer (id, name) VALUES (8, 7)",
                "INSERT INTO customer (id, full_name) VALUES (9, 6)",
                "INSERT INTO customer (id, full_name, name) VALUES (10, 0, 0)",
                "UPDATE customer SET name = 0 WHERE id = 8",
                "UPDATE customer SET full_name = 1 WHERE id = 9");

        assertThat(shop.sides(8)).isEqualTo("[0, 0]");
        assertThat(shop.sides(9)).isEqualTo("[1, 1]");
        assertThat(shop.sides(10)).isEqualTo("[0, 0]");
        assertThat(shop.hits()).hasSize(2);
    }

    @Test
    void breaksNobodyWhoseSessionAllowsADateThatTheGuardsDoesNot() throws Exception {
        String odd = shop.postgres() ? "infinity" : "0000-00-00";
        shop.database.execute("CREATE TABLE customer (id bigint PRIMARY KEY, name date)");
        ColumnChange change = guard(Side.NEW);
        new Registry(shop.pool, shop.dialect, "n1", NodeClock.SYSTEM)
                .declare(change.id(), change.definition(), Kind.REPLACE, Guard.Form.SQL);
        try (Connection connection = shop.database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            if (!shop.postgres()) {
                statement.execute("SET SESSION sql_mode = ''");
            }
            statement.execute("INSERT INTO customer (id, name) VALUES (1, '" + odd + "'), (2, '2020-02-20')");
            statement.execute("UPDATE customer SET name = '" + odd + "' WHERE id = 2");
        }

        // MySQL gives a trigger the mode of whoever made it: there the rows are left to the pass.
        assertThat(shop.database.value(
                        "SELECT count(*) FROM customer WHERE full_name = name OR id IN (SELECT "
                                + (shop.postgres() ? "0" : "CAST(row_key AS SIGNED) FROM segue_dirty") + ")",
                        Long.class))
                .isEqualTo(2);
    }

    @Test
    void takesTheOldDefaultForAnOmittedValue() throws Exception {
        shop.database.execute(
                "CREATE TABLE customer (id bigint PRIMARY KEY, name varchar(20) DEFAULT 'nobody' NOT NULL)",
                "INSERT INTO customer (id) VALUES (1)");
        guard(Side.NEW, Side.OLD);
        shop.database.execute(
                "INSERT INTO customer (id) VALUES (2)",
                "INSERT INTO customer (id, full_name) VALUES (3, 'Ada')",
                "INSERT INTO customer (id, full_name) VALUES (4, 'nobody')");

        assertThat(shop.sides(2)).isEqualTo("[nobody, nobody]");
        assertThat(shop.sides(3)).isEqualTo("[Ada, Ada]");
        assertThat(shop.sides(4)).isEqualTo("[nobody, nobody]");
    }

    @Test
    void agreesWithTriggersOfOthers() throws Exception {
        guarded(Side.NEW);
        for (String trigger : new String[] {"a_first", "zzzz_last"}) {
            if (shop.postgres()) {
                shop.database.execute(
                        "CREATE OR REPLACE FUNCTION trimmed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name := trim(NEW.name); RETURN NEW; END $$",
                        "CREATE TRIGGER " + trigger
                                + " BEFORE INSERT OR UPDATE ON customer FOR EACH ROW EXECUTE FUNCTION trimmed()");
            } else {
                shop.database.execute(
                        "CREATE TRIGGER %1$s BEFORE INSERT ON customer FOR EACH ROW %2$s segue_ SET NEW.name = TRIM(NEW.name)"
                                .replace("%2$s segue_", "PRECEDES " + first("INSERT"))
                                .formatted(trigger + "_i"),
                        "CREATE TRIGGER %1$s BEFORE UPDATE ON customer FOR EACH ROW %2$s segue_ SET NEW.name = TRIM(NEW.name)"
                                .replace("%2$s segue_", "PRECEDES " + first("UPDATE"))
                                .formatted(trigger + "_u"));
            }
            shop.database.execute(
                    "DELETE FROM customer WHERE id = 9",
                    "INSERT INTO customer (id, name) VALUES (9, ' Alan ')",
                    "UPDATE customer SET name = ' Augusta ' WHERE id = 1");
            assertThat(shop.sides(9)).isEqualTo("[Alan, Alan]");
            assertThat(shop.sides(1)).isEqualTo("[Augusta, Augusta]");
            shop.database.execute(
                    shop.postgres() ? "DROP TRIGGER " + trigger + " ON customer" : "DROP TRIGGER " + trigger + "_i");
            if (!shop.postgres()) {
                shop.database.execute("DROP TRIGGER " + trigger + "_u");
            }
            shop.database.execute("UPDATE customer SET name = 'Ada' WHERE id = 1");
        }
    }

    private String first(String event) {
        return shop.database.value(
                "SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = DATABASE()"
                        + " AND action_timing = 'BEFORE' AND event_manipulation = ? AND trigger_name LIKE 'segue%'",
                String.class, event);
    }

    @Test
    void worksForAWriterWhoMayDoNothingElse() throws Exception {
        guarded(Side.NEW, Side.OLD);
        String user = "u" + shop.database.name();
        if (shop.postgres()) {
            shop.database.execute(
                    "CREATE ROLE " + user + " LOGIN PASSWORD 'secret'",
                    "GRANT SELECT (id), UPDATE (name), INSERT (id, name) ON customer TO " + user);
        } else {
            shop.database.execute(
                    "CREATE USER " + user + " IDENTIFIED BY 'secret'",
                    "GRANT SELECT (id), UPDATE (name), INSERT (id, name) ON customer TO " + user);
        }
        try {
            Properties login = new Properties();
            login.setProperty("user", user);
            login.setProperty("password", "secret");
            if (shop.postgres()) {
                login.setProperty("ApplicationName", "report-job");
            }
            try (Connection connection = DriverManager.getConnection(shop.database.url(), login);
                    Statement statement = connection.createStatement()) {
                statement.execute("INSERT INTO customer (id, name) VALUES (9, 'Alan')");
                statement.execute("UPDATE customer SET name = 'Augusta' WHERE id = 1");
            }
            assertThat(shop.sides(9)).isEqualTo("[Alan, Alan]");
            assertThat(shop.sides(1)).isEqualTo("[Augusta, Augusta]");
            assertThat(shop.hits())
                    .hasSize(2)
                    .allMatch(writer -> shop.postgres()
                            ? writer.equals("user '" + user + "' application 'report-job'")
                            : writer.startsWith("user '" + user + "' host '"));
        } finally {
            shop.database.execute(shop.postgres() ? "DROP OWNED BY " + user : "SELECT 1", "DROP USER " + user);
        }
    }

    @Test
    void saysWhichDirectionsStand() throws Exception {
        ColumnChange change = guarded();
        StageRunner runner = shop.runner();
        assertThat(runner.guarded(change)).isEmpty();
        runner.guard(change, Side.NEW, Shop.CERTAIN);
        assertThat(runner.guarded(change)).containsExactly(Side.NEW);
        runner.guard(change, Side.OLD, Shop.CERTAIN);
        runner.guard(change, Side.OLD, Shop.CERTAIN);
        assertThat(runner.guarded(change)).containsExactly(Side.OLD, Side.NEW);
        runner.unguard(change, Side.NEW, Shop.CERTAIN);
        runner.unguard(change, Side.NEW, Shop.CERTAIN);
        assertThat(runner.guarded(change)).containsExactly(Side.OLD);
        if (shop.postgres()) {
            shop.database.execute("ALTER TABLE customer DISABLE TRIGGER ALL");
            assertThat(runner.guarded(change)).isEmpty();
            runner.guard(change, Side.OLD, Shop.CERTAIN);
            assertThat(runner.guarded(change)).containsExactly(Side.OLD);
        }
    }

    @Test
    void leavesNothingBehindWhenTheWriterRollsBack() throws Exception {
        guarded(Side.NEW);
        try (Connection connection = shop.database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("UPDATE customer SET name = 'Augusta' WHERE id = 1");
            connection.rollback();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        assertThat(shop.hits()).isEmpty();
        assertThat(shop.sides(1)).isEqualTo("[Ada, Ada]");
    }
}
