package com.acme.shop;

import static org.assertj.core.api.Assertions.assertThat;

import com.acme.before.CustomersBefore;
import com.acme.before.ShopBefore;
import dev.segue.test.kit.SegueTest;
import dev.segue.test.kit.TwoNodes;
import java.math.BigDecimal;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

@SegueTest(
        application = Shop.class,
        change = "customer-credit-cents",
        before = ShopBefore.class,
        arguments = {"--spring.sql.init.mode=always", "--spring.jpa.hibernate.ddl-auto=validate", "--segue.lease=2s"})
class CustomersTest {

    private static final AtomicLong IDS = new AtomicLong();

    private final long id = IDS.incrementAndGet();

    @Test
    void whatOneNodeWritesTheOtherReads(TwoNodes nodes) {
        nodes.one().bean(Customers.class).create(id, 20_00);
        nodes.other().bean(Customers.class).spend(id, 5_50);

        assertThat(nodes.one().bean(Customers.class).credit(id)).isEqualTo(14_50);
    }

    @Test
    void bothFindTheSameCustomers(TwoNodes nodes) {
        nodes.one().bean(Customers.class).create(id, 1_000_00 + id);

        assertThat(nodes.other().bean(Customers.class).countRicherThan(999_99 + id))
                .isEqualTo(1);
        assertThat(nodes.one().bean(Customers.class).countRicherThan(999_99 + id))
                .isEqualTo(1);
        nodes.one().bean(Customers.class).spend(id, 1_000_00 + id);
    }

    @Test
    void theVersionBeforeIsUnderstoodAndUnderstands(TwoNodes nodes) {
        CustomersBefore before = nodes.before(CustomersBefore.class);
        before.create(id, new BigDecimal("7.25"));
        assertThat(nodes.one().bean(Customers.class).credit(id)).isEqualTo(7_25);

        nodes.other().bean(Customers.class).spend(id, 25);
        assertThat(before.credit(id)).isEqualByComparingTo("7.00");
    }

    @Test
    void soIsAScript(TwoNodes nodes) {
        nodes.database().execute("INSERT INTO customer (id, credit) VALUES (" + id + ", 7.25)");

        assertThat(nodes.one().bean(Customers.class).credit(id)).isEqualTo(7_25);
    }
}
