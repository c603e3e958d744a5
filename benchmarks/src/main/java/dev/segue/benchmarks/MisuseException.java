package dev.segue.benchmarks;

/** The command cannot do what its arguments ask for; the message says why, and what it can. */
final class MisuseException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MisuseException(String message) {
        super(message);
    }
}
