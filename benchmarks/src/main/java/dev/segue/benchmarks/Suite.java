package dev.segue.benchmarks;

import java.util.List;

/** Comparisons that share what they stand on, which ends with {@link #close}. */
public interface Suite extends AutoCloseable {

    List<Comparison> comparisons() throws Exception;

    @Override
    void close();
}
