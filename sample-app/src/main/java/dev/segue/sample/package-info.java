/** Which of the two this process is: one node of the shop, or the show that changes two columns under three of them. */
@NullMarked
package dev.segue.sample;

import org.jspecify.annotations.NullMarked;
