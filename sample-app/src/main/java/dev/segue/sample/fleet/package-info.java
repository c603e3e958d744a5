/** A fleet of the shop behind a load balancer, and how it is started, deployed, asked and told. */
@NullMarked
package dev.segue.sample.fleet;

import org.jspecify.annotations.NullMarked;
