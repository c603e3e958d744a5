package dev.segue.sample.fire;

import dev.segue.sample.fleet.Person;
import dev.segue.sample.fleet.StoppedException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Long transactions, idle ones, one row that everybody writes, and a table into which a script loads rows. */
final class Crowded implements Scenario {

    private static final int LOADED = 20_000;
    private static final long FIRST_LOADED = 10_000_000;

    private final int requests;

    /** @param requests that are made while long transactions are open; about 120 in a second */
    Crowded(int requests) {
        this.requests = requests;
    }

    @Override
    public String id() {
        return "crowded";
    }

    @Override
    public String title() {
        return "Long and idle transactions, a hot row under 32 writers, a bulk load, while the fleet walks up, down and up";
    }

    @Override
    public void play(Arena arena) throws InterruptedException {
        whileOthersDawdle(arena, "new-only");
        HotRow hot = HotRow.in(arena);
        hot.heat();
        arena.awaitPhase("new-only");
        arena.request("old-only");
        load(arena);
        arena.awaitPhase("old-only");
        whileOthersDawdle(arena, "new-only");
        hot.heat();
        arena.awaitPhase("new-only");
        hot.cool();
        arena.allowContract();
        arena.awaitContracted();
        arena.serve(200);
    }

    /** One has read the table and thinks, one has written a row of it and thinks, while the fleet is told to go. */
    @SuppressWarnings("try") // Its end is what counts.
    private void whileOthersDawdle(Arena arena, String phase) {
        String write = "update customer set note = 'just a moment' where id = "
                + arena.visited(1).get(0);
        arena.faults().onNobody("transaction left open");
        arena.faults().onNobody("transaction left open");
        try (Bystander reader = Bystander.after(
                        "select count(*) from customer", arena.database().direct());
                Bystander writer = Bystander.after(write, arena.database().direct())) {
            arena.request(phase);
            arena.serve(requests);
        }
    }

    /** As an import does it that knows only the old columns. */
    private static void load(Arena arena) {
        arena.faults().onNobody("bulk load");
        String sql = "insert into customer (id, name, phone, city, created_at, version)"
                + " values (?, ?, ?, 'York', current_timestamp, 0)";
        try (Connection connection = arena.database().direct().connect();
                PreparedStatement insert = connection.prepareStatement(sql)) {
            connection.setAutoCommit(false);
            // The highest key first: MySQL goes on counting from the highest that it has seen, and the shop makes
            // customers too.
            for (int i = LOADED - 1; i >= 0; i--) {
                Person person = loaded(i);
                insert.setLong(1, FIRST_LOADED + i);
                insert.setString(2, person.fullName());
                insert.setString(3, person.phoneNumber());
                insert.addBatch();
                if (i % 1_000 == 0) {
                    insert.executeBatch();
                }
            }
            connection.commit();
        } catch (SQLException e) {
            throw new StoppedException("The bulk load failed: " + e.getMessage());
        }
        for (int i = 0; i < LOADED; i++) {
            Person person = loaded(i);
            for (Attribute attribute : Attribute.ALL) {
                arena.history().found(FIRST_LOADED + i, attribute, attribute.of(person));
            }
        }
    }

    private static Person loaded(int i) {
        return new Person("loaded " + i, "+44 " + i);
    }
}
