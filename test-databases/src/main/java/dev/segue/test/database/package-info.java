/**
 * Real PostgreSQL and MySQL servers for tests, embedded or in Docker.
 *
 * <p>{@link dev.segue.test.database.DatabaseServers} is the way in.
 */
@NullMarked
package dev.segue.test.database;

import org.jspecify.annotations.NullMarked;
