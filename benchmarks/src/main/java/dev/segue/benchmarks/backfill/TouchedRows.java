package dev.segue.benchmarks.backfill;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** A trigger computes the new column, and every row is updated to itself, a thousand at a time, so that it fires. */
final class TouchedRows extends Filling {

    private static final int BATCH = 1_000;

    TouchedRows(Customers customers) {
        super(customers);
    }

    @Override
    void ready() {
        String body = "credit_new = " + customers.converted("NEW.credit");
        if (customers.isPostgres()) {
            customers
                    .database()
                    .execute(
                            "CREATE OR REPLACE FUNCTION keep_cents() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW."
                                    + body.replace(" = ", " := ") + "; RETURN NEW; END $$",
                            "CREATE TRIGGER keep_cents BEFORE INSERT OR UPDATE ON " + customers.table()
                                    + " FOR EACH ROW EXECUTE FUNCTION keep_cents()");
        } else {
            customers
                    .database()
                    .execute("CREATE TRIGGER keep_cents BEFORE UPDATE ON " + customers.table()
                            + " FOR EACH ROW SET NEW." + body);
        }
    }

    @Override
    void fill() throws SQLException {
        try (Connection connection = customers.database().connect();
                PreparedStatement update = connection.prepareStatement(
                        "UPDATE " + customers.table() + " SET credit = credit WHERE id > ? AND id <= ?")) {
            for (long after = 0; after < customers.rows(); after += BATCH) {
                update.setLong(1, after);
                update.setLong(2, after + BATCH);
                update.executeUpdate();
            }
        }
    }
}
