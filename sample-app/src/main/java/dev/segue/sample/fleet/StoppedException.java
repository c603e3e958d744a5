package dev.segue.sample.fleet;

/** The show cannot go on; the message is for the operator. */
public final class StoppedException extends RuntimeException {

    public StoppedException(String message) {
        super(message);
    }
}
