package dev.segue.sample.fire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.sample.fleet.ShopDatabase;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the oracle sees in the tables, in the middle of a change. */
@EachDatabase
class InspectorTest {

    private final TestDatabase database;
    private final Inspector inspector;
    private final History history;

    InspectorTest(Engine engine, @TempDir Path directory) {
        database = DatabaseServers.shared(engine).createDatabase();
        inspector = new Inspector(
                new ShopDatabase("test", database.url(), database.username(), database.password(), database::close));
        history = new History(directory.resolve("acknowledged.log"));
    }

    @BeforeEach
    void twoCustomersInTheMiddleOfTheChanges() {
        database.execute(
                """
                create table customer (id bigint primary key, name varchar(200), full_name varchar(200),
                    phone varchar(40), phone_number varchar(40))
                """,
                "insert into customer values (1, 'Ada', 'Ada', '1', '1'), (2, 'Zoë', 'Zoë', null, null)",
                "create table segue_change (id varchar(100), sealed_old boolean, sealed_new boolean)",
                "insert into segue_change values ('customer-full-name', true, true)",
                "insert into segue_change values ('customer-phone-number', true, false)");
        inspector.openHistory(history);
    }

    @AfterEach
    void close() {
        history.close();
        database.close();
    }

    @Test
    void findsColumnsThatDifferInAnyByteAlthoughBothAreSealed() throws SQLException {
        assertThat(inspector.differing(Attribute.NAME.change())).isZero();

        database.execute("update customer set full_name = 'zoë' where id = 2");
        database.execute("update customer set phone_number = '2' where id = 2");

        assertThat(inspector.differing(Attribute.NAME.change())).isOne();
        assertThat(inspector.differing(Attribute.PHONE.change())).isZero();
        database.execute("update segue_change set sealed_new = true");
        assertThat(inspector.differing(Attribute.PHONE.change())).isOne();
    }

    @Test
    void auditFindsALostWriteInEachColumnThatIsSealed() {
        assertThat(new Audit(inspector).compare(history)).isEmpty();
        history.acknowledged(history.begin(1, Attribute.NAME, "Grace"));
        history.acknowledged(history.begin(1, Attribute.PHONE, "2"));

        assertThat(new Audit(inspector).compare(history))
                .hasSize(3)
                .anyMatch(line -> line.startsWith("name of customer 1 is 'Ada'"))
                .anyMatch(line -> line.startsWith("full_name of customer 1 is 'Ada'"))
                .anyMatch(line -> line.startsWith("phone of customer 1 is '1'"));
    }

    @Test
    void auditFindsACustomerWhoIsGoneAndOneWhoCameFromNowhere() {
        database.execute("delete from customer where id = 1");
        assertThat(new Audit(inspector).compare(history)).contains("customer 1 is not there");

        database.execute(
                "insert into customer (id, name, full_name) values (1, 'Ada', 'Ada'), (3, 'Eve', 'Eve')",
                "update customer set phone = '1', phone_number = '1' where id = 1");
        assertThat(new Audit(inspector).compare(history))
                .allMatch(line -> line.startsWith("1 customers are there that nobody made"))
                .isNotEmpty();
        history.lostCreation();
        assertThat(new Audit(inspector).compare(history)).isEmpty();
    }
}
