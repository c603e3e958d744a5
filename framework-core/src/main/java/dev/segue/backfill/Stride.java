package dev.segue.backfill;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Finds where the next batch of one table ends, so that it has no more rows than it may have.
 *
 * <p>As a rule that is the key of its last row, which is read ahead from the index. But there are no more rows between two
 * whole numbers than numbers: as long as a table has hardly any gaps, nothing is read ahead, and a batch that has repaired
 * as many rows as there are numbers need not count them either.
 *
 * <p>For one thread.
 */
final class Stride {

    /** The share of its numbers that must be rows for the next window to be taken unread as well. */
    private static final double DENSE = 0.9;

    private final SiteSql sql;
    private boolean dense;

    /**
     * The rows of one batch.
     *
     * @param most how many they are at most
     * @param exact whether they are as many
     * @param unread whether the window is only a range of numbers
     */
    record Step(Window window, int most, boolean exact, boolean unread) {}

    Stride(SiteSql sql) {
        this.sql = sql;
        this.dense = sql.key().isInteger();
    }

    Step next(Connection connection, Window todo, int rows) throws SQLException {
        Key after = todo.after();
        if (dense && after != null) {
            return unread(after, todo.upTo(), rows);
        }
        Optional<Key> last = nth(connection, todo, rows);
        return new Step(new Window(todo.after(), last.orElse(todo.upTo())), rows, last.isPresent(), false);
    }

    private static Step unread(Key after, Key upTo, int rows) {
        BigInteger numbers = number(upTo).subtract(number(after));
        if (numbers.compareTo(BigInteger.valueOf(rows)) <= 0) {
            return new Step(new Window(after, upTo), numbers.intValueExact(), false, true);
        }
        BigInteger last = number(after).add(BigInteger.valueOf(rows));
        return new Step(new Window(after, new Key(List.of(last.toString()))), rows, false, true);
    }

    private static BigInteger number(Key key) {
        return new BigInteger(key.parts().get(0));
    }

    /** How many rows a step has come by. */
    long rows(Connection connection, Step step, Repair.Done done) throws SQLException {
        boolean whole = done.upTo().equals(step.window().upTo());
        if (whole && (step.exact() || done.repaired() == step.most())) {
            return step.most();
        }
        long counted = sql.count(connection, new Window(step.window().after(), done.upTo()));
        if (whole && step.unread() && counted < DENSE * step.most()) {
            dense = false;
        }
        return counted;
    }

    /** The key of the window's n-th row, or nothing if it has fewer. */
    Optional<Key> nth(Connection connection, Window window, int n) throws SQLException {
        return sql.nth(connection, window, n);
    }
}
