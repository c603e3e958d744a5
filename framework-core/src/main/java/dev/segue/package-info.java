/** The facade an application talks to: starts a node, walks its changes through their phases, and tells where they are. */
@NullMarked
package dev.segue;

import org.jspecify.annotations.NullMarked;
