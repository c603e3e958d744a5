/** Stages of the schema: reading the catalog, planning the SQL of a stage, and running it without blocking the application. */
@NullMarked
package dev.segue.schema;

import org.jspecify.annotations.NullMarked;
