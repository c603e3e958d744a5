package dev.segue.schema;

/** A stage cannot be run now, and nothing has been changed by this attempt. */
public final class StageHeldException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String remedy;

    StageHeldException(String message, String remedy) {
        super(message);
        this.remedy = remedy;
    }

    StageHeldException(String message, String remedy, Throwable cause) {
        super(message, cause);
        this.remedy = remedy;
    }

    /** What a person can do. */
    public String remedy() {
        return remedy;
    }
}
