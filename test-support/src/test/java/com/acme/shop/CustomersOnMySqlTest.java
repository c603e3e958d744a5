package com.acme.shop;

import com.acme.before.ShopBefore;
import dev.segue.test.database.Engine;
import dev.segue.test.kit.SegueTest;

/** The way up on the other database. */
@SegueTest(
        application = Shop.class,
        change = "customer-credit-cents",
        engine = Engine.MYSQL,
        before = ShopBefore.class,
        wayBack = false,
        arguments = {"--spring.sql.init.mode=always", "--spring.jpa.hibernate.ddl-auto=validate", "--segue.lease=2s"})
class CustomersOnMySqlTest extends CustomersTest {}
