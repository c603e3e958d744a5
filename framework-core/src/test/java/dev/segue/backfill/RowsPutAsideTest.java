package dev.segue.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.change.ColumnChange;
import dev.segue.change.JavaForm;
import dev.segue.lifecycle.Side;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.math.BigDecimal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A row that does not convert, or does not survive, holds the pass open and is named without its value. */
@EachDatabase
class RowsPutAsideTest {

    private final Credits credits;

    RowsPutAsideTest(Engine engine) {
        this.credits = new Credits(engine);
    }

    @AfterEach
    void drop() {
        credits.close();
    }

    @Test
    void rowsThatDoNotConvertHoldThePassAndAreNamedWithoutTheirValues() throws Exception {
        ColumnChange change = credits.customers(1_000);
        credits.database.execute("UPDATE customer SET credit = 'a secret' WHERE id IN (5, 700)");

        assertThat(credits.pass(change, Side.NEW, 0)).isEqualTo(Outcome.NOTHING_TO_CLAIM);

        assertThat(credits.count("customer WHERE cents IS NULL")).isEqualTo(2);
        assertThat(credits.isComplete(change, Side.NEW, 0)).isFalse();
        dev.segue.backfill.Progress progress = credits.progress(change, Side.NEW, 0);
        assertThat(progress.quarantined()).isEqualTo(2);
        assertThat(progress.finished()).isFalse();
        assertThat(progress.timeLeft())
                .as("nobody knows when they will be seen to")
                .isNull();
        assertThat(progress.waitingFor())
                .contains("2 row(s) that do not convert", "customer 5 (", "customer 700 (", "NumberFormatException")
                .doesNotContain("secret");

        credits.database.execute("UPDATE customer SET credit = '5.00' WHERE id IN (5, 700)");
        credits.finish(change, Side.NEW, 0);
        assertThat(credits.disagreeing()).isZero();
        assertThat(credits.isComplete(change, Side.NEW, 0)).isTrue();
    }

    @Test
    void ofManyRowsThatDoNotConvertTheFirstAreNamedAndWhereTheOthersAre() throws Exception {
        ColumnChange change = credits.customers(10);
        credits.database.execute("UPDATE customer SET credit = 'none' WHERE id > 5");

        credits.pass(change, Side.NEW, 0);

        assertThat(credits.progress(change, Side.NEW, 0).waitingFor())
                .contains("5 row(s) that do not convert", "and 2 more", "segue_dirty")
                .matches("(.* customer \\d+ \\(the conversion throws){3}.*")
                .doesNotMatch("(.* customer \\d+ \\(the conversion throws){4}.*");
        assertThat(credits.count("segue_dirty WHERE row_key IS NOT NULL AND reason IS NOT NULL"))
                .isEqualTo(5);
    }

    @Test
    void aRowIsPutAsideOnceHoweverManyPassesFindIt() throws Exception {
        ColumnChange change = credits.customers(10);
        credits.database.execute("UPDATE customer SET credit = 'none' WHERE id = 5");
        credits.pass(change, Side.NEW, 0);
        credits.registry.underLock(change.id(), locked -> {
            locked.save(locked.situation().voided(Side.NEW));
            return 0;
        });
        credits.pass(change, Side.NEW, 1);

        assertThat(credits.count("segue_dirty")).isEqualTo(1);
    }

    @Test
    void withoutAGuardItIsNotLookedForAgainWhileItIsPutAside() throws Exception {
        ColumnChange change = credits.customers(10);
        credits.database.execute(
                "UPDATE segue_change SET guard_form = 'NONE'", "UPDATE customer SET credit = 'none' WHERE id = 5");

        for (int i = 0; i < 3; i++) {
            assertThat(credits.pass(change, Side.NEW, 0)).isEqualTo(Outcome.NOTHING_TO_CLAIM);
        }

        assertThat(credits.count("segue_dirty")).isEqualTo(1);
        credits.database.execute("UPDATE customer SET credit = '0.05' WHERE id = 5");
        credits.finish(change, Side.NEW, 0);
        assertThat(credits.disagreeing()).isZero();
    }

    @Test
    void valuesThatDoNotSurviveThereAndBackAreNamedWithoutTheirValues() throws Exception {
        ColumnChange change = credits.customers(100);
        // 7.5 comes back as 7.50.
        credits.database.execute("UPDATE customer SET credit = '7.5' WHERE id = 50");

        assertThat(credits.pass(change, Side.NEW, 0)).isEqualTo(Outcome.NOTHING_TO_CLAIM);

        assertThat(credits.progress(change, Side.NEW, 0).waitingFor())
                .contains("customer 50 (the value does not survive the conversion there and back)")
                .doesNotContain("7.5");
        assertThat(credits.count("customer WHERE cents IS NULL")).isEqualTo(1);
    }

    @Test
    void aLossyChangeAcceptsThem() throws Exception {
        ColumnChange change = credits.customers(100, new JavaForm(Credits.TO_CENTS, Credits.TO_EUROS, true));
        credits.database.execute("UPDATE customer SET credit = '7.5' WHERE id = 50");

        assertThat(credits.pass(change, Side.NEW, 0)).isEqualTo(Outcome.FINISHED_ALL);

        assertThat(credits.disagreeing()).isZero();
    }

    @Test
    void aValueThatConvertsToNothingIsPutAside() throws Exception {
        ColumnChange change = credits.customers(
                10,
                new JavaForm(
                        values -> "".equals(values.get(0)) ? Credits.one(null) : Credits.TO_CENTS.convert(values),
                        Credits.TO_EUROS,
                        true));
        credits.database.execute("UPDATE customer SET credit = '' WHERE id = 5");

        assertThat(credits.pass(change, Side.NEW, 0)).isEqualTo(Outcome.NOTHING_TO_CLAIM);

        assertThat(credits.progress(change, Side.NEW, 0).waitingFor())
                .contains("customer 5 (the value converts to NULL");
    }

    @Test
    void whatTheColumnDoesNotTakeOrRoundsIsFoundAmongTheOthers() throws Exception {
        credits.database.execute(
                "CREATE TABLE customer (id bigint PRIMARY KEY, credit varchar(40), cents decimal(6,1), version int)",
                "INSERT INTO customer (id, credit) VALUES (1, '1.5'), (2, '2.25'), (3, '12345678.5'), (4, '4.5')");
        ColumnChange change = credits.change(
                JavaForm.lossless(
                        values -> Credits.one(new BigDecimal(String.valueOf(values.get(0)))),
                        values -> Credits.one(String.valueOf(values.get(0)))),
                "varchar(40)",
                credits.engine == Engine.POSTGRESQL ? "numeric(6,1)" : "decimal(6,1)");

        assertThat(credits.pass(change, Side.NEW, 0)).isEqualTo(Outcome.NOTHING_TO_CLAIM);

        assertThat(credits.database.rows("SELECT id FROM customer WHERE cents = credit + 0 ORDER BY id"
                        .replace("credit + 0", credits.engine == Engine.POSTGRESQL ? "credit::numeric" : "credit + 0")))
                .extracting(row -> ((Number) row.values().iterator().next()).longValue())
                .containsExactly(1L, 4L);
        assertThat(credits.progress(change, Side.NEW, 0).waitingFor())
                .contains("customer 2 (the value does not survive being stored")
                .contains("customer 3 (the database does not take what it converts to (SQL state 2200");
    }
}
