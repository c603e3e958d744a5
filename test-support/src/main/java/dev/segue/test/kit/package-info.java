/** For applications: their own tests in every phase of a change, and trials of their conversions, on real databases. */
@NullMarked
package dev.segue.test.kit;

import org.jspecify.annotations.NullMarked;
