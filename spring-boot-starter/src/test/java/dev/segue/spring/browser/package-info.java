/** A real browser for tests, driven over its own debugging protocol. */
@NullMarked
package dev.segue.spring.browser;

import org.jspecify.annotations.NullMarked;
