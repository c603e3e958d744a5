package dev.segue.backfill;

import java.util.concurrent.Callable;

/**
 * A replica that may be a second behind.
 *
 * @param seconds how far it is behind
 */
record Lag(Callable<Double> seconds) implements ThrottleSignal {

    @Override
    public String name() {
        return "the replica";
    }

    @Override
    public String unit() {
        return "s";
    }

    @Override
    public double limit() {
        return 1;
    }

    @Override
    public double read() throws Exception {
        return seconds.call();
    }
}
