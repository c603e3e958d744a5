@NullMarked
package dev.segue.benchmarks.application.byhand;

import org.jspecify.annotations.NullMarked;
