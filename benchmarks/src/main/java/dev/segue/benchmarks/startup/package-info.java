@NullMarked
package dev.segue.benchmarks.startup;

import org.jspecify.annotations.NullMarked;
