package dev.segue.backfill;

import dev.segue.test.database.Engine;
import java.util.ArrayList;
import java.util.List;

/** How a table of customers is cut into partitions by its key, a number called {@code id}. */
enum Partitions {
    /** Neighbours lie apart. */
    HASH,
    /** Each partition has the next part of the keys. */
    RANGE;

    private static final int NUMBER = 4;

    /** The statements that make the table; rows numbered from 1 to that many are spread over all partitions. */
    String[] create(Engine engine, String columns, int rows) {
        String table = "CREATE TABLE customer (" + columns + ") PARTITION BY " + this + " (id)";
        if (engine == Engine.MYSQL) {
            return new String[] {table + (this == HASH ? " PARTITIONS " + NUMBER : " (" + mysqlRanges(rows) + ")")};
        }
        List<String> statements = new ArrayList<>();
        statements.add(table);
        for (int i = 0; i < NUMBER; i++) {
            String values = this == HASH
                    ? "WITH (MODULUS " + NUMBER + ", REMAINDER " + i + ")"
                    : "FROM (" + (i == 0 ? "MINVALUE" : end(i, rows)) + ") TO (" + end(i + 1, rows) + ")";
            statements.add("CREATE TABLE customer_" + i + " PARTITION OF customer FOR VALUES " + values);
        }
        return statements.toArray(String[]::new);
    }

    private static String mysqlRanges(int rows) {
        List<String> ranges = new ArrayList<>();
        for (int i = 0; i < NUMBER; i++) {
            ranges.add("PARTITION p" + i + " VALUES LESS THAN (" + end(i + 1, rows) + ")");
        }
        return String.join(", ", ranges);
    }

    /** The first key after so many partitions. */
    private static String end(int partitions, int rows) {
        return partitions == NUMBER ? "MAXVALUE" : String.valueOf(partitions * rows / NUMBER + 1);
    }
}
