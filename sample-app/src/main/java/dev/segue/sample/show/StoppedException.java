package dev.segue.sample.show;

/** The show cannot go on; the message is for the operator. */
final class StoppedException extends RuntimeException {

    StoppedException(String message) {
        super(message);
    }
}
