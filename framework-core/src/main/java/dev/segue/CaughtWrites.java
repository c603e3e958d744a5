package dev.segue;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says which writers the guard of a change has caught: at once when one appears, and then now and then, with how often
 * meanwhile. For one thread.
 */
final class CaughtWrites {

    private static final Logger log = LoggerFactory.getLogger(CaughtWrites.class);
    private static final long PAUSE_NANOS = Duration.ofMinutes(1).toNanos();

    private record Key(String change, String writer) {}

    /** What has not been said of a writer, and when something was. */
    private record Account(long unsaid, long said) {}

    private final Map<Key, Account> accounts = new HashMap<>();

    /** @param filled whether the guard has brought the other side up to date itself */
    void caught(String change, String writer, long writes, boolean filled) {
        Key key = new Key(change, writer);
        Account before = accounts.get(key);
        long unsaid = writes + (before == null ? 0 : before.unsaid());
        long now = System.nanoTime();
        if (before != null && now - before.said() < PAUSE_NANOS) {
            accounts.put(key, new Account(unsaid, before.said()));
            return;
        }
        accounts.put(key, new Account(0, now));
        log.warn(
                "Change {}: the guard has caught {} writes of one side alone by {}, and {}. Nodes in old-only write so; if"
                        + " it is somebody else, find out whether it will still be there when {}.",
                change,
                unsaid,
                writer,
                filled ? "brought the other up to date" : "recorded the rows, which are then converted",
                filled ? "the old column goes" : "the new column is proven: from then on such writes fail");
    }
}
