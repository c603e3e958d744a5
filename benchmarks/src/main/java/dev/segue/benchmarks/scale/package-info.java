@NullMarked
package dev.segue.benchmarks.scale;

import org.jspecify.annotations.NullMarked;
