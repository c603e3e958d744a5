package dev.segue.backfill;

import java.time.Duration;

/**
 * Something by which a database, or an application, says how much more work it can take. Implementations are thread-safe;
 * they are asked at most once a second, and should answer within that time.
 */
public interface ThrottleSignal {

    /** For people: {@code replication lag}. */
    String name();

    /** The unit of reading and limit, for people: {@code s}. */
    String unit();

    /** The reading, above zero, at which the work stops. It slows down before. */
    double limit();

    /**
     * The value now, 0 if nothing stands in the way.
     *
     * @throws Exception if it cannot be told; the work stops until it can, and the message is shown
     */
    double read() throws Exception;

    /** Is told how long a commit of Segue's own has taken. */
    default void committed(Duration took) {}
}
