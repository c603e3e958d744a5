package dev.segue.benchmarks.backfill;

/** One statement over the whole table, and a second one that says whether every value would come back. */
final class ProvenWholeTable extends Filling {

    private final WholeTable update;

    ProvenWholeTable(Customers customers) {
        super(customers);
        this.update = new WholeTable(customers);
    }

    @Override
    void fill() {
        update.fill();
        long lost = customers
                .database()
                .value(
                        "SELECT count(*) FROM " + customers.table() + " WHERE credit <> "
                                + customers.back("credit_new"),
                        Long.class);
        if (lost > 0) {
            throw new IllegalStateException(lost + " values have been lost");
        }
    }
}
