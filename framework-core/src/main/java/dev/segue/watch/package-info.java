/**
 * What a node sees of its own work while a change is under way: the statements that it runs, and how fast and how often they
 * fail.
 */
@NullMarked
package dev.segue.watch;

import org.jspecify.annotations.NullMarked;
