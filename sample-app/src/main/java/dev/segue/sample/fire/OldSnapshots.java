package dev.segue.sample.fire;

import dev.segue.sample.fleet.Deployment;
import dev.segue.sample.fleet.ShopDatabase;
import dev.segue.sample.fleet.StoppedException;
import dev.segue.test.database.Engine;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;

/**
 * MySQL's own isolation level, REPEATABLE READ. A transaction whose snapshot is older than a change of the table's definition
 * cannot read the table: error 1412. Some such transactions are always under way; nobody else may meet it.
 */
final class OldSnapshots implements Scenario {

    private static final Duration AGE = Duration.ofMillis(400);

    @Override
    public String id() {
        return "snapshots";
    }

    @Override
    public String title() {
        return "REPEATABLE READ, up, down and up: error 1412 only (*excused*) where the snapshot is older than the table's definition";
    }

    @Override
    public boolean isFor(Engine engine) {
        return engine == Engine.MYSQL;
    }

    @Override
    public Deployment deployment(Deployment usual) {
        return usual.with("spring.datasource.hikari.transaction-isolation", "TRANSACTION_REPEATABLE_READ");
    }

    @Override
    @SuppressWarnings("try") // Their end is what counts.
    public void play(Arena arena) throws InterruptedException {
        Tally tally = arena.tally();
        Definition definition = Definition.of(arena.inspector());
        tally.suspendJudgementOnOldSnapshots();
        try (Lookout watch = definition.watch();
                Lookout reader = Lookout.every(Duration.ZERO, "old snapshot", () -> readLate(arena))) {
            Walk.upAndDown(arena);
            Walk.upForGood(arena);
            arena.serve(200);
        }
        if (tally.judgeOldSnapshots(definition::hasChanged) == 0) {
            throw new StoppedException("No transaction was older than a change of the table.");
        }
    }

    /** Takes a snapshot, and reads the table only later. */
    private static void readLate(Arena arena) {
        long began = System.nanoTime();
        ShopDatabase database = arena.database().direct();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            statement.execute("start transaction with consistent snapshot");
            Thread.sleep(AGE.toMillis());
            statement.executeQuery("select max(version) from customer");
            statement.execute("commit");
        } catch (SQLException e) {
            arena.tally().failed(Optional.empty(), began, "old snapshot: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        arena.tally().answered(System.nanoTime() - began);
    }
}
