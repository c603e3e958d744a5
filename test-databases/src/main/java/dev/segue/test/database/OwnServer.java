package dev.segue.test.database;

import java.sql.SQLException;

/** A server whose holder decides when it stops. */
final class OwnServer implements DatabaseServer {

    private enum State {
        RUNNING,
        STOPPED,
        CLOSED
    }

    private final ServerProcess process;
    private final String version;
    private State state = State.RUNNING;

    private OwnServer(ServerProcess process, String version) {
        this.process = process;
        this.version = version;
    }

    /** Starts the process; leaves nothing of it behind if that fails. */
    static OwnServer start(ServerProcess process) {
        try {
            process.start();
            return new OwnServer(process, process.login().version());
        } catch (RuntimeException e) {
            process.discard();
            throw e;
        } catch (SQLException e) {
            process.discard();
            throw new IllegalStateException("The server started but does not answer", e);
        }
    }

    @Override
    public Engine engine() {
        return process.login().engine();
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public String description() {
        return engine().product() + " " + version + ", " + process.how();
    }

    @Override
    public int port() {
        return process.login().port();
    }

    @Override
    public TestDatabase createDatabase() {
        return process.login().createDatabase();
    }

    @Override
    public Replica startReplica() {
        return startReplica(port());
    }

    @Override
    public Replica startReplica(int through) {
        ServerProcess replica = process.replica(FreePort.find(), through);
        return new Replica(replica.login(), DatabaseServers.started(start(replica)));
    }

    @Override
    public synchronized void stop() {
        if (state == State.RUNNING) {
            process.stop();
            state = State.STOPPED;
        }
    }

    @Override
    public synchronized void start() {
        switch (state) {
            case RUNNING -> {}
            case STOPPED -> {
                process.start();
                state = State.RUNNING;
            }
            case CLOSED -> throw new IllegalStateException(description() + " is closed, its data are deleted");
        }
    }

    @Override
    public synchronized void close() {
        if (state != State.CLOSED) {
            state = State.CLOSED;
            process.discard();
        }
    }

    @Override
    public String toString() {
        return description() + ", on port " + port();
    }
}
