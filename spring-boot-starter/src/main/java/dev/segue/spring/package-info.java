/** Segue in a Spring Boot application: configuration, start and stop, endpoint, health and failure analysis. */
@NullMarked
package dev.segue.spring;

import org.jspecify.annotations.NullMarked;
