package dev.segue.change;

import dev.segue.database.Database;
import java.util.Optional;

/**
 * How a value of the old columns becomes one of the new ones, and back. One conversion serves the live writes, the
 * backfill, the verification and the way back.
 *
 * <p>NULL goes through it as well. {@code toOld(toNew(x))} is {@code x}, and the other way round: a value that does not
 * survive is refused where it is written, and holds the change where it is found in a row. The same is true of a value for
 * which a method throws. The same value always converts to the same value. Called by several threads.
 *
 * @param <O> the old type; for several old columns a record of them
 * @param <N> the attribute's type
 */
public interface Conversion<O, N> {

    /**
     * The attribute's value.
     *
     * @param old what the old columns hold; NULL is null
     * @throws RuntimeException for a value that the conversion is not meant to take
     */
    N toNew(O old);

    /**
     * What the old columns hold.
     *
     * @param current the attribute's value; may be null
     * @throws RuntimeException for a value that the conversion is not meant to take
     */
    O toOld(N current);

    /**
     * The same in SQL, both ways, if it can be said. Then the backfill runs inside the database, and the guard repairs
     * by itself; without it the guard records or refuses those who write one side alone.
     */
    default Optional<SqlForm> sql(Database database) {
        return Optional.empty();
    }
}
