/** A pass on a primary whose replica lags for real. */
@NullMarked
package dev.segue.benchmarks.throttle;

import org.jspecify.annotations.NullMarked;
