package dev.segue.test.database;

/** The server that all tests of a JVM share: none of them may stop it under the others. */
record SharedServer(DatabaseServer server) implements DatabaseServer {

    @Override
    public Engine engine() {
        return server.engine();
    }

    @Override
    public String version() {
        return server.version();
    }

    @Override
    public String description() {
        return server.description();
    }

    @Override
    public int port() {
        return server.port();
    }

    @Override
    public TestDatabase createDatabase() {
        return server.createDatabase();
    }

    @Override
    public Replica startReplica() {
        throw refused("followed");
    }

    @Override
    public Replica startReplica(int through) {
        throw refused("followed");
    }

    @Override
    public void stop() {
        throw refused("stopped");
    }

    @Override
    public void start() {
        throw refused("started");
    }

    @Override
    public void close() {
        throw refused("closed");
    }

    @Override
    public String toString() {
        return server.toString();
    }

    private UnsupportedOperationException refused(String what) {
        return new UnsupportedOperationException(
                "The shared server cannot be " + what + ", other tests use it: take one of your own with"
                        + " DatabaseServers.start(Engine." + engine() + ")");
    }
}
