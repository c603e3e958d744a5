@NullMarked
package dev.segue.benchmarks.application.evolving;

import org.jspecify.annotations.NullMarked;
