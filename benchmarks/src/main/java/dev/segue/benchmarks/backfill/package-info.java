@NullMarked
package dev.segue.benchmarks.backfill;

import org.jspecify.annotations.NullMarked;
