@NullMarked
package dev.segue.benchmarks.application.plain;

import org.jspecify.annotations.NullMarked;
