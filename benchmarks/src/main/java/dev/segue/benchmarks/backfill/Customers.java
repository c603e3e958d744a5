package dev.segue.benchmarks.backfill;

import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;

/**
 * A table of customers whose credit, in euros, becomes cents. Every run gets a new copy, in which no row has them, so that
 * no run pays for what the one before has left behind.
 *
 * @param table the name of the copy
 * @param rows numbered from 1
 * @param note how many characters stand beside, which every update writes again
 */
record Customers(TestDatabase database, String table, int rows, int note) {

    Customers {
        database.execute(
                "CREATE TABLE " + table
                        + "_before (id bigint PRIMARY KEY, credit numeric(12,2), credit_cents bigint, note varchar(2000))",
                database.engine() == Engine.POSTGRESQL
                        ? "INSERT INTO " + table + "_before SELECT g, g * 0.01, NULL, repeat('x', " + note
                                + ") FROM generate_series(1, " + rows + ") g"
                        : "INSERT INTO " + table
                                + "_before WITH RECURSIVE g (n) AS (SELECT /*+ SET_VAR(cte_max_recursion_depth = 100000000) */ 1"
                                + " UNION ALL SELECT n + 1 FROM g WHERE n < " + rows
                                + ") SELECT n, n * 0.01, NULL, repeat('x', "
                                + note + ") FROM g");
    }

    boolean isPostgres() {
        return database.engine() == Engine.POSTGRESQL;
    }

    /** Cents of a credit, as the database says it. */
    String cents(String credit) {
        return isPostgres() ? "round(" + credit + " * 100)::bigint" : "CAST(ROUND(" + credit + " * 100) AS SIGNED)";
    }

    /** Credit of an amount in cents, as the database says it. */
    String credit(String cents) {
        return isPostgres() ? "(" + cents + " / 100.0)::numeric(12,2)" : "CAST(" + cents + " / 100.0 AS DECIMAL(12,2))";
    }

    void copyAnew() {
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
                "SELECT count(*) FROM " + table + " WHERE credit_cents IS NULL OR credit_cents <> " + cents("credit"),
                Long.class);
        if (left > 0) {
            throw new IllegalStateException(left + " of " + rows + " rows have not been filled");
        }
    }
}
