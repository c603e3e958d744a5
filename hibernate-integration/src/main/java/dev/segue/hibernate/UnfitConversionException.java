package dev.segue.hibernate;

/** A conversion that cannot serve its attribute, and what to do. */
final class UnfitConversionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String remedy;

    UnfitConversionException(String message, String remedy) {
        super(message);
        this.remedy = remedy;
    }

    String remedy() {
        return remedy;
    }
}
