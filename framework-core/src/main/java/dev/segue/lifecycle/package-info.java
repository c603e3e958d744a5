/** The rule of moves: pure values and functions, without I/O and without a clock. The model checker runs this very code. */
@NullMarked
package dev.segue.lifecycle;

import org.jspecify.annotations.NullMarked;
