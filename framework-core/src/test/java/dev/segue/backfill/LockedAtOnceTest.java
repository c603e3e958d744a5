package dev.segue.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.lifecycle.Side;
import dev.segue.test.database.Engine;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** MySQL writes by a plain UPDATE what it could lock without waiting. */
class LockedAtOnceTest {

    private static final Window ALL = new Window(null, new Key(List.of("2000")));

    private final Customers customers = new Customers(Engine.MYSQL);
    private SqlRows rows;
    private Connection ours;
    private Connection theirs;

    @BeforeEach
    void connect() throws SQLException {
        ColumnChange change = customers.rows(1_000);
        ours = connected();
        Site site = change.sites().get(0);
        Parents parents = Parents.of(ours, customers.dialect, site, Side.NEW);
        rows = new SqlRows(customers.dialect, site, Side.NEW, true, List.of(), parents);
        theirs = connected();
    }

    private Connection connected() throws SQLException {
        Connection connection = customers.database.connect();
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        // Whatever waits fails.
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET SESSION innodb_lock_wait_timeout = 1");
        }
        return connection;
    }

    @AfterEach
    void close() throws SQLException {
        ours.close();
        theirs.close();
        customers.close();
    }

    private void they(String sql) throws SQLException {
        try (Statement statement = theirs.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void writesWhatIsLocked() throws SQLException {
        assertThat(rows.lockAll(ours, rows.within(ALL))).isTrue();
        assertThat(rows.setLocked(ours, rows.within(ALL))).isEqualTo(1_000);
        ours.commit();

        assertThat(customers.disagreeing()).isZero();
    }

    @Test
    void neitherWaitsForARowThatSomebodyHasLockedNorEndsTheTransaction() throws SQLException {
        they("UPDATE customer SET version = 8 WHERE id = 500");

        assertThat(rows.lockAll(ours, rows.within(ALL))).isFalse();
        assertThat(rows.setUnlocked(ours, rows.within(ALL))).isEqualTo(999);
        ours.commit();
        theirs.commit();

        assertThat(customers.disagreeing()).isEqualTo(1);
    }

    @Test
    void doesNotWaitForRowsThatAreInsertedInBetween() throws SQLException {
        rows.lockAll(ours, rows.within(ALL));
        they("INSERT INTO customer VALUES (1500, 'theirs', NULL, 7), (-1, 'theirs', 'theirs', 7)");

        assertThat(rows.setLocked(ours, rows.within(ALL))).isEqualTo(1_000);
        ours.commit();
        theirs.commit();

        assertThat(customers.disagreeing()).isEqualTo(1);
    }

    @Test
    void doesNotWaitForRowsThatAgreeAndAreLockedInBetween() throws SQLException {
        rows.lockAll(ours, rows.within(ALL));
        they("INSERT INTO customer VALUES (1500, 'theirs', 'theirs', 7)");
        theirs.commit();
        they("UPDATE customer SET name = 'other' WHERE id = 1500");

        assertThat(rows.setLocked(ours, rows.within(ALL))).isEqualTo(1_000);
    }

    /** An index of what is written, or of a part of the key, is not the way to the rows. */
    @Test
    void readsByTheKeyWhateverIndexesThereAre() throws SQLException {
        customers.database.execute(
                "CREATE INDEX by_new ON customer (full_name)",
                "CREATE INDEX by_key ON customer (id, full_name)",
                "ANALYZE TABLE customer");
        rows.lockAll(ours, rows.within(ALL));
        they("INSERT INTO customer VALUES (1500, 'theirs', NULL, 7)");

        assertThat(rows.setLocked(ours, rows.within(ALL))).isEqualTo(1_000);
    }
}
