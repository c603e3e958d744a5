package dev.segue.benchmarks.backfill;

import dev.segue.change.Column;
import dev.segue.change.SqlForm;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import java.util.Locale;

/**
 * A table of customers whose credit, in euros, gets a new column. Every run gets a new copy, in which no row has them, so that
 * no run pays for what the one before has left behind.
 *
 * @param table the name of the copy
 * @param rows numbered from 1
 * @param note how many characters stand beside, which every update writes again
 * @param key of what type
 * @param turn what becomes of the credit
 */
public record Customers(TestDatabase database, String table, int rows, int note, Key key, Turn turn) {

    /** The type of the key, and the key of the nth row. */
    enum Key {
        BIGINT("bigint", "%s", "bigint", "%s"),
        INT("integer", "%s", "int", "%s"),
        /** In no order, as they are made. */
        UUID("uuid", "md5(%s::text)::uuid", "binary(16)", "UNHEX(MD5(%s))");

        private final String postgresType;
        private final String postgresNth;
        private final String mysqlType;
        private final String mysqlNth;

        Key(String postgresType, String postgresNth, String mysqlType, String mysqlNth) {
            this.postgresType = postgresType;
            this.postgresNth = postgresNth;
            this.mysqlType = mysqlType;
            this.mysqlNth = mysqlNth;
        }

        private String type(boolean postgres) {
            return postgres ? postgresType : mysqlType;
        }

        private String nth(boolean postgres, String n) {
            return (postgres ? postgresNth : mysqlNth).formatted(n);
        }
    }

    /** What becomes of the credit. */
    enum Turn {
        /** Another type: what is written has to come back. */
        CENTS("bigint"),
        /** Only another name. */
        COPY(CREDIT);

        private final String type;

        Turn(String type) {
            this.type = type;
        }
    }

    private static final String CREDIT = "numeric(12,2)";

    /** Narrow rows with a key as most have it, whose credit becomes cents. */
    public Customers(TestDatabase database, String table, int rows) {
        this(database, table, rows, 10, Key.BIGINT, Turn.CENTS);
    }

    boolean isPostgres() {
        return database.engine() == Engine.POSTGRESQL;
    }

    Column keyColumn() {
        return new Column("id", key.type(isPostgres()), false);
    }

    Column oldColumn() {
        return new Column("credit", CREDIT, true);
    }

    Column newColumn() {
        return new Column("credit_new", turn.type, true);
    }

    SqlForm sqlForm() {
        return turn == Turn.COPY ? SqlForm.SAME : SqlForm.of(converted("{old}"), back("{new}"));
    }

    /** The credit that a value stands for, as the database says it. */
    String back(String value) {
        if (turn == Turn.COPY) {
            return value;
        }
        return isPostgres() ? "(" + value + " / 100.0)::" + CREDIT : "CAST(" + value + " / 100.0 AS DECIMAL(12,2))";
    }

    /** What becomes of a credit, as the database says it. */
    public String converted(String credit) {
        if (turn == Turn.COPY) {
            return credit;
        }
        return isPostgres() ? "round(" + credit + " * 100)::bigint" : "CAST(ROUND(" + credit + " * 100) AS SIGNED)";
    }

    /** The rows of which the copies are; made when they are needed first. */
    private void makeOnce() {
        database.execute("CREATE TABLE IF NOT EXISTS " + table + "_before (id " + key.type(isPostgres())
                + " PRIMARY KEY, credit " + CREDIT + ", credit_new " + turn.type + ", note varchar(2000))");
        if (database.value("SELECT count(*) FROM " + table + "_before", Long.class) < rows) {
            database.execute(
                    isPostgres()
                            ? "INSERT INTO " + table + "_before SELECT " + key.nth(true, "g")
                                    + ", g * 0.01, NULL, repeat('x', " + note + ") FROM generate_series(1, " + rows
                                    + ") g"
                            : "INSERT INTO " + table
                                    + "_before WITH RECURSIVE g (n) AS (SELECT /*+ SET_VAR(cte_max_recursion_depth = 100000000) */ 1"
                                    + " UNION ALL SELECT n + 1 FROM g WHERE n < " + rows + ") SELECT "
                                    + key.nth(false, "n") + ", n * 0.01, NULL, repeat('x', " + note + ") FROM g");
        }
    }

    /** Makes the table once more, with no new column filled. */
    public void copyAnew() {
        makeOnce();
        database.execute("DROP TABLE IF EXISTS " + table);
        if (isPostgres()) {
            database.execute(
                    "CREATE TABLE " + table + " (LIKE " + table + "_before INCLUDING ALL)",
                    "INSERT INTO " + table + " SELECT * FROM " + table + "_before ORDER BY id",
                    "VACUUM ANALYZE " + table,
                    "CHECKPOINT");
        } else {
            database.execute(
                    "CREATE TABLE " + table + " LIKE " + table + "_before",
                    "INSERT INTO " + table + " SELECT * FROM " + table + "_before ORDER BY id",
                    "ANALYZE TABLE " + table);
        }
    }

    /** A fast way that does not do the work would win every race. */
    void requireFilled() {
        long left = database.value(
                "SELECT count(*) FROM " + table + " WHERE credit_new IS NULL OR credit_new <> " + converted("credit"),
                Long.class);
        if (left > 0) {
            throw new IllegalStateException(left + " of " + rows + " rows have not been filled");
        }
    }

    /** The number of rows and what is special about them, for people. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%,d", rows) + (note > 100 ? " wide" : "") + " rows"
                + (key == Key.BIGINT ? "" : " with " + key.name() + " keys")
                + (turn == Turn.COPY ? ", renamed" : "");
    }
}
