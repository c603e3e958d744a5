package dev.segue.benchmarks;

import java.util.List;

/** Experiments that share what they stand on, which ends with {@link #close}. */
public interface Suite extends AutoCloseable {

    List<? extends Experiment> experiments() throws Exception;

    @Override
    void close();
}
