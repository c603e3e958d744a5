/**
 * Segue in Hibernate: an annotation that says what replaces what, a mapping for each phase, and a session factory that
 * goes from one phase to the next while sessions are open.
 */
@NullMarked
package dev.segue.hibernate;

import org.jspecify.annotations.NullMarked;
