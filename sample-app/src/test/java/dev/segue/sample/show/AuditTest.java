package dev.segue.sample.show;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.segue.sample.fleet.Person;
import dev.segue.sample.fleet.ShopDatabase;
import dev.segue.sample.fleet.ShownChange;
import dev.segue.sample.fleet.StoppedException;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@EachDatabase
class AuditTest {

    private final TestDatabase database;
    private final Audit audit;
    private final Ledger ledger;

    AuditTest(Engine engine, @TempDir Path directory) {
        database = DatabaseServers.shared(engine).createDatabase();
        audit = new Audit(
                new ShopDatabase("test", database.url(), database.username(), database.password(), database::close));
        ledger = new Ledger(directory.resolve("acknowledged.log"));
    }

    @BeforeEach
    void threeCustomersInTheMiddleOfTheChanges() {
        database.execute(
                """
                create table customer (id bigint primary key, name varchar(200), full_name varchar(200),
                    phone varchar(40), phone_number varchar(40))
                """,
                "insert into customer values (1, 'Ada', 'Ada', '1', '1'), (2, 'Alan', 'Alan', null, null),"
                        + " (3, 'Zoë', 'Zoë', '3', '3')");
        audit.openLedger(ledger);
    }

    @AfterEach
    void close() {
        ledger.close();
        database.close();
    }

    @Test
    void findsNothingWhereEveryWriteIsThere() {
        database.execute("update customer set name = 'Grace', full_name = 'Grace' where id = 1");
        ledger.acknowledged(1, new Person("Grace", "1"));
        dropOldColumns();

        assertThat(audit.compare(ledger)).isEqualTo(new Audit.Findings(3, List.of()));
    }

    @Test
    void findsAWriteThatWasLost() {
        ledger.acknowledged(1, new Person("Grace", "1"));
        ledger.acknowledged(2, new Person("Alan", "2"));
        dropOldColumns();

        assertThat(audit.compare(ledger).lost())
                .hasSize(2)
                .anyMatch(line -> line.startsWith("customer 1 is Person[fullName=Ada,"))
                .anyMatch(line -> line.startsWith("customer 2 is Person[fullName=Alan, phoneNumber=null]"));
    }

    @Test
    void findsAnOverwrittenRowThatNobodyWrote() {
        database.execute("update customer set full_name = 'zoë' where id = 3");
        dropOldColumns();

        assertThat(audit.compare(ledger).lost()).hasSize(1).first().asString().startsWith("customer 3 is");
    }

    @Test
    void findsACustomerWhoIsGoneAndOneWhoCameFromNowhere() {
        database.execute("delete from customer where id = 1", "insert into customer (id, name) values (4, 'Eve')");

        assertThat(audit.compare(ledger).lost())
                .hasSize(2)
                .anyMatch(line -> line.startsWith("customer 1 is not there"))
                .anyMatch(line -> line.startsWith("1 customers are there that nobody made"));
    }

    @Test
    void takesEitherValueOfAWriteWhoseAnswerWasLost() {
        database.execute("update customer set name = 'Grace' where id = 1");
        ledger.unknown(1, new Person("Grace", "1"));
        ledger.unknown(2, new Person("Linus", "2"));

        assertThat(audit.compare(ledger).lost()).isEmpty();
    }

    @Test
    void countsRowsWhoseColumnsDifferInAnyByte() {
        assertThat(audit.disagreeing(ShownChange.NAME)).isZero();

        database.execute("update customer set full_name = 'ZOË' where id = 3");
        database.execute("update customer set phone_number = '2' where id = 2");

        assertThat(audit.disagreeing(ShownChange.NAME)).isOne();
        assertThat(audit.disagreeing(ShownChange.PHONE)).isOne();
    }

    @Test
    void knowsAContractedChangeByItsColumns() {
        assertThat(audit.isContracted(ShownChange.NAME)).isFalse();
        audit.requireBeforeTheShow();

        dropOldColumns();

        assertThat(audit.isContracted(ShownChange.NAME)).isTrue();
        assertThatExceptionOfType(StoppedException.class)
                .isThrownBy(audit::requireBeforeTheShow)
                .withMessageContaining("Give an empty database");
    }

    private void dropOldColumns() {
        database.execute("alter table customer drop column name", "alter table customer drop column phone");
    }
}
