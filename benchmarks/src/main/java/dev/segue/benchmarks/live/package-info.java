@NullMarked
package dev.segue.benchmarks.live;

import org.jspecify.annotations.NullMarked;
