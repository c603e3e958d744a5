package dev.segue.benchmarks.backfill;

/** A loop inside the server, ten thousand keys a transaction, which sees nothing and cannot be slowed down. */
final class ServerLoop extends Filling {

    private static final int STEP = 10_000;

    ServerLoop(Customers customers) {
        super(customers);
    }

    @Override
    void ready() {
        String update = "UPDATE %s SET credit_new = %s WHERE id > k AND id <= k + %d;"
                .formatted(customers.table(), customers.converted("credit"), STEP);
        if (customers.isPostgres()) {
            customers.database().execute("""
                    CREATE OR REPLACE PROCEDURE fill_in_steps() LANGUAGE plpgsql AS $$
                    DECLARE k bigint := 0;
                    BEGIN
                      WHILE k < %d LOOP
                        %s
                        COMMIT;
                        k := k + %d;
                      END LOOP;
                    END $$""".formatted(customers.rows(), update, STEP));
        } else {
            customers.database().execute("DROP PROCEDURE IF EXISTS fill_in_steps", """
                    CREATE PROCEDURE fill_in_steps()
                    BEGIN
                      DECLARE k BIGINT DEFAULT 0;
                      WHILE k < %d DO
                        START TRANSACTION;
                        %s
                        COMMIT;
                        SET k = k + %d;
                      END WHILE;
                    END""".formatted(
                            customers.rows(), update, STEP));
        }
    }

    @Override
    void fill() {
        customers.database().execute("CALL fill_in_steps()");
    }
}
