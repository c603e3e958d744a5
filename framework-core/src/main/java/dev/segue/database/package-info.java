/** What differs between PostgreSQL and MySQL: names, expressions and error codes. It knows no changes. */
@NullMarked
package dev.segue.database;

import org.jspecify.annotations.NullMarked;
