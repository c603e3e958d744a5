package dev.segue.backfill;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Cuts the keys of a table into windows, one after the other, that several workers can walk at a time. Only numbers can
 * be cut without reading the table; the parts are even in keys, not in rows. What is too large, or of other keys, is split
 * while it is walked ({@link Claims#split}).
 */
final class Cut {

    private static final int MAX_PARTS = 16;

    /** Below that a part is not worth a worker. */
    static final long ROWS_A_PART = 10_000;

    private Cut() {}

    static List<Window> windows(KeyOrder order, Key lowest, Key highest, long rows) {
        long wanted = Math.min(MAX_PARTS, rows / ROWS_A_PART);
        if (!order.isNumber() || wanted < 2) {
            return List.of(new Window(null, highest));
        }
        Optional<BigInteger> low = floor(lowest);
        Optional<BigInteger> high = floor(highest);
        return low.isEmpty() || high.isEmpty()
                ? List.of(new Window(null, highest))
                : windows(low.get(), high.get(), highest, wanted);
    }

    private static List<Window> windows(BigInteger low, BigInteger high, Key highest, long wanted) {
        BigInteger span = high.subtract(low);
        BigInteger parts = span.max(BigInteger.ONE).min(BigInteger.valueOf(wanted));
        List<Window> windows = new ArrayList<>();
        Key after = null;
        for (BigInteger i = BigInteger.ONE; i.compareTo(parts) < 0; i = i.add(BigInteger.ONE)) {
            Key upTo = new Key(List.of(low.add(span.multiply(i).divide(parts)).toString()));
            windows.add(new Window(after, upTo));
            after = upTo;
        }
        windows.add(new Window(after, highest));
        return windows;
    }

    /** PostgreSQL's numeric has NaN and infinity. */
    private static Optional<BigInteger> floor(Key key) {
        String text = key.parts().get(0);
        return text.matches("-?\\d+(\\.\\d+)?")
                ? Optional.of(
                        new BigDecimal(text).setScale(0, RoundingMode.FLOOR).toBigInteger())
                : Optional.empty();
    }
}
