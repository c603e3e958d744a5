package dev.segue.benchmarks.application;

/**
 * A row that all applications have, however it is mapped. Its fields are private, as in most applications: where they are
 * not, Hibernate generates accessors for an entity, but for none that has a property without a field, which a second column
 * is.
 */
public interface Person {

    /** Sets everything that is replaced. */
    void setNames(String name);
}
