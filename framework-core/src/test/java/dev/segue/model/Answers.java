package dev.segue.model;

import java.util.Arrays;

/** Answers of the rule by the key of the situation that was asked about: a table of longs, open addressing. */
final class Answers {

    static final long UNKNOWN = -2;

    private static final long FREE = -1;

    private long[] entries = free(1 << 8);
    private int count;

    private static long[] free(int slots) {
        long[] entries = new long[slots * 2];
        Arrays.fill(entries, FREE);
        return entries;
    }

    /** The answer, or {@link #UNKNOWN}. */
    long get(long key) {
        int slot = slot(entries, key);
        return entries[slot] == FREE ? UNKNOWN : entries[slot + 1];
    }

    void put(long key, long answer) {
        int slot = slot(entries, key);
        if (entries[slot] == FREE) {
            count++;
        }
        entries[slot] = key;
        entries[slot + 1] = answer;
        if (count * 4 > entries.length) {
            grow();
        }
    }

    /** Where the key is, or where it belongs. Keys are never negative. */
    private static int slot(long[] entries, long key) {
        long hash = key * 0x9E3779B97F4A7C15L;
        int mask = entries.length - 1;
        int slot = (int) (hash >>> 32) << 1 & mask;
        while (entries[slot] != FREE && entries[slot] != key) {
            slot = slot + 2 & mask;
        }
        return slot;
    }

    private void grow() {
        long[] smaller = entries;
        entries = free(smaller.length);
        for (int i = 0; i < smaller.length; i += 2) {
            if (smaller[i] != FREE) {
                int slot = slot(entries, smaller[i]);
                entries[slot] = smaller[i];
                entries[slot + 1] = smaller[i + 1];
            }
        }
    }
}
