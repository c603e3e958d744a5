package dev.segue.benchmarks.backfill;

import dev.segue.benchmarks.Contestant;

/** A way to fill the new column of every customer. */
public abstract class Filling implements Contestant {

    final Customers customers;

    Filling(Customers customers) {
        this.customers = customers;
    }

    /** Whose column it is. */
    public final Customers customers() {
        return customers;
    }

    @Override
    public final void prepare() throws Exception {
        customers.copyAnew();
        ready();
    }

    /** Makes what this way needs besides the table. */
    void ready() throws Exception {
        // Most need nothing.
    }

    @Override
    public final void run() throws Exception {
        fill();
    }

    abstract void fill() throws Exception;

    @Override
    public final void finish() {
        customers.requireFilled();
    }
}
