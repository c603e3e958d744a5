package dev.segue.schema;

import java.util.List;

/**
 * Statements of a script that belong together.
 *
 * @param together whether they are one transaction (PostgreSQL), or one time under LOCK TABLES (MySQL)
 * @param lengthy whether they read or build for long and let the application work meanwhile
 */
record Block(List<String> sql, boolean together, boolean lengthy) {

    Block {
        sql = List.copyOf(sql);
    }
}
