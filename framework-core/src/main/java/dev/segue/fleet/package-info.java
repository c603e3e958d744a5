/** The rule applied by many nodes at once: leases, participants, moves, seals and the journal, under the change's row lock. */
@NullMarked
package dev.segue.fleet;

import org.jspecify.annotations.NullMarked;
