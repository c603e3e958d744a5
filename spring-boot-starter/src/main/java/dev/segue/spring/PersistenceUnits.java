package dev.segue.spring;

import java.util.HashSet;
import java.util.Set;
import java.util.function.IntSupplier;

/**
 * The persistence units of the application, as they start one after the other. Each answers for the changes that its
 * entities declare. A change that is configured and that none of them declares is a mistake, and the last one answers for
 * it. Thread-safe.
 */
final class PersistenceUnits {

    private final IntSupplier count;
    private final Set<String> declared = new HashSet<>();
    private int seen;

    /** @param count how many the application has, those that have not started yet among them */
    PersistenceUnits(IntSupplier count) {
        this.count = count;
    }

    /**
     * Takes the next unit.
     *
     * @param declares the ids of the changes that its entities declare
     * @param configured the ids of all changes that the configuration names
     * @return those of the configured ones that this unit answers for
     */
    synchronized Set<String> changesOfNext(Set<String> declares, Set<String> configured) {
        declared.addAll(declares);
        seen++;
        boolean last = seen >= count.getAsInt();
        Set<String> own = new HashSet<>(configured);
        own.removeIf(change -> !declares.contains(change) && (declared.contains(change) || !last));
        return own;
    }
}
