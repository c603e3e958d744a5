package dev.segue.sample.fire;

import dev.segue.sample.fleet.Answers;
import dev.segue.sample.fleet.Person;
import dev.segue.sample.fleet.ShopClient;
import dev.segue.sample.fleet.StoppedException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Long transactions, idle ones, one row that everybody writes, and a table into which a script loads rows. */
final class Crowded implements Scenario {

    private static final int WRITERS = 32;
    private static final int WRITES_EACH = 25;
    private static final int LOADED = 20_000;
    private static final long FIRST_LOADED = 10_000_000;

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
        whileOthersDawdle(arena, () -> {
            arena.request("new-only");
            arena.serve(400);
        });
        long hot = arena.legacyRow("hot");
        heat(arena, hot);
        arena.awaitPhase("new-only");
        arena.request("old-only");
        load(arena);
        arena.awaitPhase("old-only");
        whileOthersDawdle(arena, () -> {
            arena.request("new-only");
            arena.serve(300);
        });
        heat(arena, hot);
        arena.awaitPhase("new-only");
        arena.allowContract();
        arena.awaitContracted();
        arena.serve(200);
    }

    /** One has read the table and thinks, one has written a row of it and thinks. */
    private static void whileOthersDawdle(Arena arena, Runnable scene) {
        long row = arena.visited(1).get(0);
        try (Connection reader = arena.database().direct().connect();
                Connection writer = arena.database().direct().connect();
                Statement reading = reader.createStatement();
                Statement writing = writer.createStatement()) {
            reader.setAutoCommit(false);
            writer.setAutoCommit(false);
            reading.execute("select count(*) from customer");
            writing.executeUpdate("update customer set note = 'just a moment' where id = " + row);
            scene.run();
            writer.commit();
            reader.commit();
        } catch (SQLException e) {
            throw new StoppedException("A long transaction failed: " + e.getMessage());
        }
    }

    /** Everybody writes one row through the shop; whose write is the last is open, that none fails is not. */
    private static void heat(Arena arena, long row) throws InterruptedException {
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        ShopClient shop = arena.shop();
        for (int i = 0; i < WRITERS; i++) {
            writers.execute(() -> {
                for (int n = 0; n < WRITES_EACH; n++) {
                    String name = "hot #" + arena.history().mark();
                    shop.post(
                            "/customers/bulk",
                            Map.of("ids", List.of(row), "fullName", name, "phoneNumber", name),
                            Answers.Changed.class);
                }
            });
        }
        writers.shutdown();
        if (!writers.awaitTermination(10, TimeUnit.MINUTES)) {
            throw new StoppedException("The writers of the hot row do not come to an end.");
        }
        Optional<Answers.Customer> found = shop.get("/customers/" + row, Answers.Customer.class);
        found.map(Answers.Customer::person)
                .filter(person -> !person.fullName().equals(person.phoneNumber()))
                .ifPresent(person -> arena.tally().wrongRead("the hot row is half of two writes: " + person));
    }

    /** As an import does it that knows only the old columns. */
    private static void load(Arena arena) {
        String sql = "insert into customer (id, name, phone, city, created_at, version)"
                + " values (?, ?, ?, 'York', current_timestamp, 0)";
        try (Connection connection = arena.database().direct().connect();
                PreparedStatement insert = connection.prepareStatement(sql)) {
            connection.setAutoCommit(false);
            for (int i = 0; i < LOADED; i++) {
                Person person = loaded(i);
                insert.setLong(1, FIRST_LOADED + i);
                insert.setString(2, person.fullName());
                insert.setString(3, person.phoneNumber());
                insert.addBatch();
                if (i % 1_000 == 999) {
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
