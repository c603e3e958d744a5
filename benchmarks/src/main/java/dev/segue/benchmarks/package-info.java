/** Measures Segue against the limit and against what people would do instead, in ratios of one run. */
@NullMarked
package dev.segue.benchmarks;

import org.jspecify.annotations.NullMarked;
