package dev.segue.benchmarks.application;

/** A row that all applications have, however it is mapped. */
public interface Person {

    /** Sets everything that is replaced. */
    void setNames(String name);
}
