/** A network that can be made to fail. */
@NullMarked
package dev.segue.test.network;

import org.jspecify.annotations.NullMarked;
