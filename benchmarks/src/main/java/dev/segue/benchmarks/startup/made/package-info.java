/** Where generated entities are. */
@NullMarked
package dev.segue.benchmarks.startup.made;

import org.jspecify.annotations.NullMarked;
