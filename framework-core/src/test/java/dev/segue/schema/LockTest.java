package dev.segue.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.segue.change.ColumnChange;
import dev.segue.lifecycle.Stage;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A stage and a barrier, while others use the table. */
@EachDatabase
@Execution(ExecutionMode.CONCURRENT)
class LockTest {

    private final Shop shop;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    LockTest(Engine engine) {
        this.shop = new Shop(engine);
        shop.customers();
    }

    @AfterEach
    void drop() {
        threads.shutdownNow();
        shop.close();
    }

    @Test
    void keepsTheApplicationWaitingNoLongerThanTheTimeout() throws Exception {
        ColumnChange change = shop.rename();
        for (Stage stage : List.of(Stage.EXPAND, Stage.ENFORCE, Stage.RELAX)) {
            AtomicInteger attempts = new AtomicInteger();
            Future<?> applied;
            try (Connection other = shop.database.connect();
                    Statement statement = other.createStatement()) {
                other.setAutoCommit(false);
                statement.execute("UPDATE customer SET city = 'Paris' WHERE id = 3");
                applied = threads.submit(() -> {
                    shop.runner().apply(change, stage, false, connection -> attempts.incrementAndGet());
                    return null;
                });
                // A concurrent build waits for the other transaction by itself, and only once.
                boolean builds = shop.postgres() && stage == Stage.ENFORCE;
                await().until(() -> attempts.get() >= (builds ? 1 : 2));
                for (int i = 0; i < 3; i++) {
                    threads.submit(() -> shop.database.execute(
                                    "SELECT count(*) FROM customer", "UPDATE customer SET credit = 1 WHERE id = 1"))
                            .get(5, TimeUnit.SECONDS);
                }
                assertThat(applied.isDone()).isFalse();
                other.rollback();
            }
            applied.get(20, TimeUnit.SECONDS);
            shop.database.execute("UPDATE customer SET full_name = name");
        }
        assertThat(shop.catalog("customer")).anyMatch(line -> line.contains("customer_full_name"));
    }

    @Test
    void givesUpWithTheNameOfWhoIsInTheWay() throws Exception {
        ColumnChange change = shop.rename();
        LockPatience impatient =
                new LockPatience(Duration.ofMillis(100), Duration.ofMillis(1), Duration.ofMillis(2), 2);
        try (Connection other = shop.database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.executeQuery("SELECT * FROM customer").close();
            assertThatThrownBy(() -> shop.runner(impatient).apply(change, Stage.EXPAND, true, Shop.CERTAIN))
                    .isInstanceOfSatisfying(StageHeldException.class, held -> {
                        assertThat(held)
                                .hasMessageContaining("customer")
                                .hasMessageContaining("2 attempts")
                                .hasMessageContaining("user '" + shop.database.username() + "'");
                        assertThat(held.remedy()).contains("lock-attempts");
                        assertThat(held.getSuppressed()).hasSize(1);
                    });
            other.rollback();
        }
        shop.runner(impatient).apply(change, Stage.EXPAND, true, Shop.CERTAIN);
    }

    @Test
    void givesUpWhenInterrupted() throws Exception {
        ColumnChange change = shop.rename();
        LockPatience patient = new LockPatience(Duration.ofMillis(100), Duration.ofHours(1), Duration.ofHours(1), 2);
        AtomicInteger attempts = new AtomicInteger();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        try (Connection other = shop.database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.executeQuery("SELECT * FROM customer").close();
            Thread runner = new Thread(() -> {
                try {
                    shop.runner(patient).apply(change, Stage.EXPAND, true, connection -> attempts.incrementAndGet());
                } catch (Exception e) {
                    thrown.set(e);
                }
            });
            runner.start();
            await().until(() -> attempts.get() == 1 && runner.getState() == Thread.State.TIMED_WAITING);
            runner.interrupt();
            runner.join(10_000);
            assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        }
        shop.runner().apply(change, Stage.EXPAND, true, Shop.CERTAIN);
    }

    @Test
    void leavesThePooledConnectionAsItWas() throws Exception {
        String settings = shop.postgres()
                ? "SELECT current_setting('lock_timeout') || current_setting('statement_timeout')"
                        + " || current_setting('idle_in_transaction_session_timeout')"
                : "SELECT CONCAT(@@SESSION.lock_wait_timeout, @@SESSION.wait_timeout,"
                        + " @@SESSION.innodb_lock_wait_timeout, @@SESSION.sql_mode)";
        ColumnChange change = shop.rename();
        try (com.zaxxer.hikari.HikariDataSource pool = new com.zaxxer.hikari.HikariDataSource()) {
            pool.setDataSource(shop.database.dataSource());
            pool.setMaximumPoolSize(5);
            StageRunner runner = new StageRunner(pool, shop.dialect, Shop.QUICK);
            String before = shop.database.value(settings, String.class);
            for (Stage stage : Stage.values()) {
                runner.apply(change, stage, true, Shop.CERTAIN);
                if (stage == Stage.EXPAND) {
                    shop.database.execute("UPDATE customer SET full_name = name");
                }
            }
            for (int i = 0; i < 5; i++) {
                Connection connection = pool.getConnection();
                assertThat(new Query(connection).strings(settings)).containsExactly(before);
                assertThat(connection.getAutoCommit()).isTrue();
            }
        }
    }

    private Future<Boolean> barrier(ColumnChange change, boolean all, AtomicReference<String> waitingFor) {
        return threads.submit(() -> new Barrier(shop.database.dataSource(), shop.dialect)
                .await(change, all, Duration.ofMillis(20), () -> true, waitingFor::set));
    }

    @Test
    void theBarrierWaitsForWhoHadWrittenAndForNobodyElse() throws Exception {
        ColumnChange change = shop.rename();
        AtomicReference<String> waitingFor = new AtomicReference<>();
        try (Connection writer = shop.database.connect();
                Statement write = writer.createStatement();
                Connection reader = shop.database.connect();
                Statement read = reader.createStatement();
                Connection later = shop.database.connect();
                Statement write2 = later.createStatement()) {
            writer.setAutoCommit(false);
            reader.setAutoCommit(false);
            later.setAutoCommit(false);
            write.execute("UPDATE customer SET city = 'Paris' WHERE id = 1");
            read.executeQuery("SELECT * FROM customer").close();
            Future<Boolean> passed = barrier(change, false, waitingFor);
            await().until(() -> waitingFor.get() != null);
            assertThat(waitingFor.get()).containsOnlyOnce("user '" + shop.database.username() + "'");
            // Nobody queues behind it.
            write2.execute("UPDATE customer SET city = 'Rome' WHERE id = 2");
            shop.database.execute("UPDATE customer SET credit = 1 WHERE id = 3");
            assertThat(passed.isDone()).isFalse();
            writer.commit();
            // The same session writes again in its next transaction.
            write.execute("UPDATE customer SET city = 'Oslo' WHERE id = 1");
            assertThat(passed.get(1, TimeUnit.MINUTES)).isTrue();
            writer.rollback();
            later.rollback();
        }
    }

    @Test
    void withoutAGuardTheBarrierWaitsForWhoHasYetToWrite() throws Exception {
        ColumnChange change = shop.rename();
        AtomicReference<String> waitingFor = new AtomicReference<>();
        try (Connection reader = shop.database.connect();
                Statement read = reader.createStatement()) {
            reader.setAutoCommit(false);
            read.executeQuery("SELECT 1").close();
            assertThat(barrier(change, false, waitingFor).get(1, TimeUnit.MINUTES))
                    .isTrue();
            if (!shop.postgres()) {
                // With autocommit off a transaction begins with the first look at a table.
                read.executeQuery("SELECT count(*) FROM segue_change").close();
            }
            Future<Boolean> passed = barrier(change, true, waitingFor);
            await().until(() -> waitingFor.get() != null);
            reader.commit();
            // On MySQL it waits for the transactions of all databases of the server, so for those of other tests too.
            assertThat(passed.get(2, TimeUnit.MINUTES)).isTrue();
        }
    }

    @Test
    void theBarrierWaitsForAPreparedTransactionAndForPartitions() throws Exception {
        if (!shop.postgres()
                || shop.database.value("SELECT current_setting('max_prepared_transactions')::int", Integer.class)
                        == 0) {
            return;
        }
        shop.database.execute(
                "CREATE TABLE parted (id int PRIMARY KEY, name text) PARTITION BY RANGE (id)",
                "CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (100)",
                "BEGIN",
                "INSERT INTO parted_1 VALUES (1, 'one')",
                "PREPARE TRANSACTION 'half done'");
        AtomicReference<String> waitingFor = new AtomicReference<>();
        Future<Boolean> passed = barrier(shop.rename("parted", "name", "full_name"), false, waitingFor);
        await().until(() -> waitingFor.get() != null);
        assertThat(waitingFor.get()).contains("prepared transaction");
        shop.database.execute("COMMIT PREPARED 'half done'");
        assertThat(passed.get(1, TimeUnit.MINUTES)).isTrue();
    }

    @Test
    void theBarrierEndsWhenItIsTold() throws Exception {
        try (Connection writer = shop.database.connect();
                Statement write = writer.createStatement()) {
            writer.setAutoCommit(false);
            write.execute("UPDATE customer SET city = 'Paris' WHERE id = 1");
            assertThat(new Barrier(shop.database.dataSource(), shop.dialect)
                            .await(shop.rename(), false, Duration.ofMillis(1), () -> false, what -> {}))
                    .isFalse();
        }
    }

    @Test
    void theBarrierTakesTheTableForAMomentWhereTransactionsAreNotShown() throws Exception {
        if (shop.postgres()) {
            return;
        }
        String user = "u" + shop.database.name();
        shop.database.execute(
                "CREATE USER " + user + " IDENTIFIED BY 'secret'",
                "GRANT ALL ON " + shop.database.name() + ".* TO " + user);
        try {
            com.mysql.cj.jdbc.MysqlDataSource own = new com.mysql.cj.jdbc.MysqlDataSource();
            own.setUrl(shop.database.url());
            own.setUser(user);
            own.setPassword("secret");
            AtomicReference<String> waitingFor = new AtomicReference<>();
            try (Connection writer = shop.database.connect();
                    Statement write = writer.createStatement()) {
                writer.setAutoCommit(false);
                write.execute("UPDATE customer SET city = 'Paris' WHERE id = 1");
                assertThat(new Barrier(own, shop.dialect)
                                .await(shop.rename(), false, Duration.ofMillis(1), () -> false, waitingFor::set))
                        .isFalse();
                assertThat(waitingFor.get()).contains("customer");
                writer.rollback();
            }
            assertThat(new Barrier(own, shop.dialect)
                            .await(shop.rename(), false, Duration.ofMillis(1), () -> false, waitingFor::set))
                    .isTrue();
        } finally {
            shop.database.execute("DROP USER " + user);
        }
    }
}
