package dev.segue.benchmarks.backfill;

/** One statement over the whole table: the limit, and what locks every row until it ends. */
final class WholeTable extends Filling {

    WholeTable(Customers customers) {
        super(customers);
    }

    @Override
    void fill() {
        customers
                .database()
                .execute("UPDATE " + customers.table() + " SET credit_new = " + customers.converted("credit"));
    }
}
