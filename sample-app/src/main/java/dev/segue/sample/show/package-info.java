/**
 * The show: three nodes of the shop, traffic that knows what every answer must be, and two column
 * changes, one deploy by deploy and one by a goal.
 */
@NullMarked
package dev.segue.sample.show;

import org.jspecify.annotations.NullMarked;
