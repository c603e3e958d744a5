package dev.segue.sample.fire;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The database takes no writes, as with a full disk, or has no connection left, again and again on the way. */
final class Starved implements Scenario {

    @Override
    public String id() {
        return "starved";
    }

    @Override
    public String title() {
        return "The database read-only or without a free connection, longer than the lease, in stages, passes and moves";
    }

    @Override
    public void play(Arena arena) throws InterruptedException {
        Trouble.during(() -> Killed.walk(arena), () -> starve(arena));
        arena.serve(200);
    }

    private static void starve(Arena arena) throws InterruptedException {
        arena.serve(60 + arena.random().nextInt(120));
        Faults.Fault fault = arena.faults().onAll();
        if (arena.random().nextBoolean()) {
            arena.database().readOnly(true);
            arena.database().cutConnections();
            arena.outlastLeases();
            arena.database().readOnly(false);
            // PostgreSQL tells its sessions by and by.
            arena.database().cutConnections();
        } else {
            arena.database().cutConnections();
            List<Connection> taken = arena.database().takeAllConnections();
            arena.outlastLeases();
            for (Connection each : taken) {
                close(each);
            }
        }
        arena.recoverAll(fault);
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // Then the server has it back.
        }
    }
}
