package dev.segue.benchmarks;

import org.jspecify.annotations.Nullable;

/**
 * One line of the report, before it is measured.
 *
 * @param id stable, for whoever compares two reports
 * @param what the way that is judged
 * @param against the way it is held against
 * @param goal what the ratio must come to, or null if it is only shown
 */
public record Line(
        String id, String what, String against, @Nullable Goal goal) {}
