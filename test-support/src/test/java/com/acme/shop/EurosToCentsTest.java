package com.acme.shop;

import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import dev.segue.test.kit.ConversionTrial;
import dev.segue.test.kit.Made;
import org.junit.jupiter.api.Test;

@EachDatabase
class EurosToCentsTest {

    private final Engine engine;

    EurosToCentsTest(Engine engine) {
        this.engine = engine;
    }

    @Test
    void saysTheSameInJavaAndInSqlAndLosesNothing() throws Exception {
        try (TestDatabase database = DatabaseServers.shared(engine).createDatabase()) {
            ConversionTrial.of(new EurosToCents())
                    .from("credit", "numeric(10,2)")
                    .to("credit_cents", "bigint")
                    .run(database, Made.decimals(42, 1_000, 10, 2));
        }
    }
}
