/**
 * The show: a fleet of the shop behind a load balancer, traffic that knows what every answer must be, and two column
 * changes, one deploy by deploy and one by a goal.
 */
@NullMarked
package dev.segue.sample.show;

import org.jspecify.annotations.NullMarked;
