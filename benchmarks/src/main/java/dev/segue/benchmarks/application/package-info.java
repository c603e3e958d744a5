@NullMarked
package dev.segue.benchmarks.application;

import org.jspecify.annotations.NullMarked;
