package dev.segue.sample.fire;

import dev.segue.sample.fleet.Deployment;
import dev.segue.test.database.Engine;

/** What happens to the shop under load, with an end at which everything must be as Segue says. */
interface Scenario {

    /** By which it is asked for. */
    String id();

    /** What happens, in a few words for the table. */
    String title();

    /** The first deploy, given the usual one. */
    default Deployment deployment(Deployment usual) {
        return usual;
    }

    /** Whether it makes sense on such a database. */
    default boolean isFor(Engine engine) {
        return true;
    }

    /** How many nodes there are. */
    default int nodes() {
        return 3;
    }

    /** Whether it belongs to the short run. */
    default boolean isShort() {
        return false;
    }

    /** Whether it plants a bug behind Segue's back, so that the oracle must find something. */
    default boolean isPlanted() {
        return false;
    }

    /**
     * Plays it. The load has begun before and ends after.
     *
     * @throws dev.segue.sample.fleet.StoppedException if it does not come to its end
     */
    void play(Arena arena) throws InterruptedException;
}
