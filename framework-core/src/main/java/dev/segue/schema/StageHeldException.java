package dev.segue.schema;

/** A stage cannot be run now, and nothing has been changed by this attempt. */
public final class StageHeldException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String remedy;
    private final boolean awaited;

    StageHeldException(String message, String remedy) {
        this(message, remedy, false);
    }

    StageHeldException(String message, String remedy, boolean awaited) {
        super(message);
        this.remedy = remedy;
        this.awaited = awaited;
    }

    StageHeldException(String message, String remedy, Throwable cause) {
        super(message, cause);
        this.remedy = remedy;
        this.awaited = false;
    }

    /** Whether somebody else is expected to do it, so that nothing has failed. */
    public boolean isAwaited() {
        return awaited;
    }

    /** What a person can do. */
    public String remedy() {
        return remedy;
    }
}
