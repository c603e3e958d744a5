package dev.segue.sample.show;

import dev.segue.sample.fleet.Person;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What the shop has acknowledged, customer by customer: what each read and, in the end, the table must hold. It is kept
 * outside the database, in memory and in a file to which lines are only added.
 *
 * <p>Each customer is written by one thread at a time; the ledger may be used by many.
 */
final class Ledger implements AutoCloseable {

    /**
     * What is known of a customer.
     *
     * @param certain the value of the last acknowledged write, or that of the beginning
     * @param possible the value of a later write whose answer was lost or an error; null if there is none
     * @param written whether there was an acknowledged write
     */
    record Entry(Person certain, @Nullable Person possible, boolean written) {

        boolean allows(Person found) {
            return found.equals(certain) || found.equals(possible);
        }
    }

    private final Map<Long, Entry> entries = new ConcurrentHashMap<>();
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicInteger unknownCreations = new AtomicInteger();
    private final BufferedWriter file;

    Ledger(Path file) {
        try {
            this.file = Files.newBufferedWriter(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write to " + file, e);
        }
    }

    /** A customer that was there before the traffic. */
    void found(long id, Person person) {
        entries.put(id, new Entry(person, null, false));
    }

    void acknowledged(long id, Person person) {
        entries.put(id, new Entry(person, null, true));
        acknowledged.incrementAndGet();
        log("acknowledged", String.valueOf(id), person);
    }

    /** The write may or may not have happened. Nobody writes this customer again, so it stays either of two values. */
    void unknown(long id, Person person) {
        entries.computeIfPresent(id, (key, entry) -> new Entry(entry.certain(), person, entry.written()));
        log("unknown", String.valueOf(id), person);
    }

    void unknownCreation(Person person) {
        unknownCreations.incrementAndGet();
        log("unknown", "new", person);
    }

    Optional<Entry> entry(long id) {
        return Optional.ofNullable(entries.get(id));
    }

    Map<Long, Entry> entries() {
        return entries;
    }

    /** How many writes were acknowledged. */
    int acknowledged() {
        return acknowledged.get();
    }

    /** How many customers may be there that the ledger does not know. */
    int unknownCreations() {
        return unknownCreations.get();
    }

    private synchronized void log(String what, String id, Person person) {
        try {
            file.write(String.join(
                    "\t", Instant.now().toString(), what, id, person.fullName(), String.valueOf(person.phoneNumber())));
            file.newLine();
            file.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the log of acknowledged writes", e);
        }
    }

    @Override
    public synchronized void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
