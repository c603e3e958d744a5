package dev.segue;

import javax.sql.DataSource;

/**
 * A server that follows the primary and serves reads of the application.
 *
 * @param name for people; has no password in it
 */
public record Replica(String name, DataSource dataSource) {}
