/** What changes: a column change, the tables it touches, and how a value of one side becomes one of the other. */
@NullMarked
package dev.segue.change;

import org.jspecify.annotations.NullMarked;
