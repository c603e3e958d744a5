package dev.segue.hibernate;

/** A conversion that cannot serve its attribute, and what to do. */
final class UnfitConversionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String message;
    private final String remedy;

    UnfitConversionException(String message, String remedy) {
        super(message + " " + remedy);
        this.message = message;
        this.remedy = remedy;
    }

    String message() {
        return message;
    }

    String remedy() {
        return remedy;
    }
}
