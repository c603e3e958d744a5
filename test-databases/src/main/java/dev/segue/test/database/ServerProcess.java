package dev.segue.test.database;

/** What runs a server: a process of this machine or a container. Called by one thread at a time. */
interface ServerProcess {

    Login login();

    /** The way it runs, as the second half of a description. */
    String how();

    /** Another one, not started yet, that will follow this one, which runs, by that other port of this machine. */
    ServerProcess replica(int port, int through);

    /** Starts it, on the data it has if it ran before, and returns when it accepts connections. */
    void start();

    /** Shuts it down in order; the data stay. */
    void stop();

    /** Ends it, running or not, as fast as it can, and deletes its data. */
    void discard();
}
