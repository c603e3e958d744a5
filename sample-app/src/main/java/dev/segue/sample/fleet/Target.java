package dev.segue.sample.fleet;

import dev.segue.test.database.Engine;

/** Where the shop keeps its data. */
public sealed interface Target {

    /** A server that is started for the shop, and stopped. */
    record Embedded(Engine engine) implements Target {}

    /** A database that is there. */
    record Given(String url, String username, String password) implements Target {}
}
