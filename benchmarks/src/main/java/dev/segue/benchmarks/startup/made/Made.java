package dev.segue.benchmarks.startup.made;

/** All generated entities are beside it. */
public final class Made {

    private Made() {}
}
