package dev.segue.sample.fire;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Every write of every attribute, and what is known of it: what each read may say and, in the end, the table must hold. It
 * is kept outside the database, in memory and in a file to which lines are only added.
 *
 * <ol>
 *   <li>Each row has one writer, who writes it anew only when the answer to the last write is there. So the writes of an
 *       attribute have an order, and a number each.
 *   <li>A write is <em>known</em> from its acknowledgement on, or from the end of the first read that has seen it.
 *   <li>A write whose answer was lost may count or not, at any time; nobody writes its row again.
 *   <li>A read may say any value that is not older than the last write known when the read began.
 * </ol>
 *
 * <p>This is the check of a single-writer register for linearizability; see M. Herlihy and J. Wing, "Linearizability: a
 * correctness condition for concurrent objects" (TOPLAS 1990).
 *
 * <p>Safe for use by several threads.
 */
final class History implements AutoCloseable {

    private static final long NOT_KNOWN = Long.MAX_VALUE;

    /** One attribute of one row. */
    record Cell(long row, Attribute attribute) {}

    /**
     * A write of one attribute of one row.
     *
     * @param sequence its place among the writes of this cell; 0 is what was there before
     */
    record Write(Cell cell, int sequence, @Nullable String value) {

        @Override
        public String toString() {
            return cell.attribute() + " of " + cell.row() + ", write " + sequence + ", '" + value + "'";
        }
    }

    private static final class Version {

        private final Write write;
        private final long began = System.nanoTime();
        private long knownSince = NOT_KNOWN;

        Version(Write write) {
            this.write = write;
        }

        boolean isKnownAt(long nanos) {
            return knownSince != NOT_KNOWN && knownSince - nanos < 0;
        }

        void know() {
            if (knownSince == NOT_KNOWN) {
                knownSince = System.nanoTime();
            }
        }
    }

    private final Map<Cell, List<Version>> cells = new ConcurrentHashMap<>();
    private final List<Long> rows = new ArrayList<>();
    private final AtomicLong lastMark = new AtomicLong();
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicInteger lostCreations = new AtomicInteger();
    private final BufferedWriter file;
    private volatile long lastDoubt = System.nanoTime();

    History(Path file) {
        try {
            this.file = Files.newBufferedWriter(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write to " + file, e);
        }
    }

    /** A number that no other value of this history holds. */
    long mark() {
        return lastMark.incrementAndGet();
    }

    /** A row that is there, with what is in it. */
    void found(long row, Attribute attribute, @Nullable String value) {
        Cell cell = new Cell(row, attribute);
        Version first = new Version(new Write(cell, 0, value));
        first.know();
        List<Version> versions = new ArrayList<>();
        versions.add(first);
        cells.put(cell, versions);
        if (attribute == Attribute.NAME) {
            synchronized (rows) {
                rows.add(row);
            }
        }
    }

    /** A row that has been made, and the answer has come. */
    void created(long row, Attribute attribute, @Nullable String value) {
        found(row, attribute, value);
        acknowledged.incrementAndGet();
        log("acknowledged", new Write(new Cell(row, attribute), 0, value));
    }

    /** A row that may have been made; nobody knows its key. */
    void lostCreation() {
        lostCreations.incrementAndGet();
    }

    /**
     * What was written since may be gone, acknowledged or not: from now on the database is one that has not heard of all
     * of it. What was asked before now, and is answered later, proves nothing.
     */
    void doubt(long since) {
        lastDoubt = System.nanoTime();
        cells.values().forEach(versions -> {
            synchronized (versions) {
                versions.stream()
                        .filter(version -> version.write.sequence() > 0 && !version.isKnownAt(since))
                        .forEach(version -> version.knownSince = NOT_KNOWN);
            }
        });
    }

    /** A write that is about to be sent. */
    Write begin(long row, Attribute attribute, @Nullable String value) {
        Cell cell = new Cell(row, attribute);
        List<Version> versions = versions(cell);
        synchronized (versions) {
            Write write = new Write(cell, versions.size(), value);
            versions.add(new Version(write));
            return write;
        }
    }

    void acknowledged(Write write) {
        List<Version> versions = versions(write.cell());
        synchronized (versions) {
            Version version = versions.get(write.sequence());
            if (proves(version.began)) {
                version.know();
            }
        }
        acknowledged.incrementAndGet();
        log("acknowledged", write);
    }

    /** Says so in the log; the write stays what it is, begun and not known. */
    void lost(Write write) {
        log("lost", write);
    }

    /** Whether the answers to all writes of this row are there, so that the next one may be sent. */
    boolean isSettled(long row) {
        return Attribute.ALL.stream().allMatch(attribute -> {
            List<Version> versions = cells.get(new Cell(row, attribute));
            if (versions == null) {
                return false;
            }
            synchronized (versions) {
                return versions.get(versions.size() - 1).knownSince != NOT_KNOWN;
            }
        });
    }

    /** What the last write of a settled row has written. */
    @Nullable
    String last(long row, Attribute attribute) {
        List<Version> versions = versions(new Cell(row, attribute));
        synchronized (versions) {
            return versions.get(versions.size() - 1).write.value();
        }
    }

    /**
     * Hears of a read.
     *
     * @param began when the request was sent, by {@link System#nanoTime}
     * @return what is wrong with it, or nothing; a row that is not known yet is not judged
     */
    Optional<String> read(long row, Attribute attribute, @Nullable String value, long began) {
        List<Version> versions = cells.get(new Cell(row, attribute));
        if (versions == null) {
            return Optional.empty();
        }
        synchronized (versions) {
            for (int i = versions.size() - 1; i >= 0; i--) {
                Version version = versions.get(i);
                if (Objects.equals(version.write.value(), value)) {
                    if (proves(began)) {
                        version.know();
                    }
                    return Optional.empty();
                }
                if (version.isKnownAt(began)) {
                    return Optional.of("'" + value + "', and known is " + version.write);
                }
            }
        }
        throw new IllegalStateException("The first version is always known");
    }

    /** What the table must hold now, all writers being at rest: one line against it, or nothing. */
    Optional<String> settle(Cell cell, @Nullable String value) {
        return read(cell.row(), cell.attribute(), value, System.nanoTime());
    }

    /** The keys of all rows, in the order in which they became known. */
    List<Long> rows() {
        synchronized (rows) {
            return List.copyOf(rows);
        }
    }

    /** One of the rows, given a number from 0 to 1. */
    long row(double where) {
        synchronized (rows) {
            return rows.get((int) (where * rows.size()));
        }
    }

    int acknowledgedWrites() {
        return acknowledged.get();
    }

    int lostCreations() {
        return lostCreations.get();
    }

    private boolean proves(long began) {
        return began - lastDoubt > 0;
    }

    private List<Version> versions(Cell cell) {
        List<Version> versions = cells.get(cell);
        if (versions == null) {
            throw new IllegalStateException("Nothing is known of " + cell);
        }
        return versions;
    }

    private void log(String what, Write write) {
        synchronized (file) {
            try {
                file.write(String.join(
                        "\t",
                        Instant.now().toString(),
                        what,
                        String.valueOf(write.cell().row()),
                        write.cell().attribute().name(),
                        String.valueOf(write.sequence()),
                        String.valueOf(write.value())));
                file.newLine();
                file.flush();
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot write the log of acknowledged writes", e);
            }
        }
    }

    @Override
    public void close() {
        synchronized (file) {
            try {
                file.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
