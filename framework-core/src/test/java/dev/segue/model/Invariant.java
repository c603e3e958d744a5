package dev.segue.model;

/** What must never happen. */
enum Invariant {
    WRONG_READ("a read that may count does not return the last committed value"),
    LOST_WRITE("the last committed value of a row is in no column that is proven"),
    MISSING_COLUMN("a statement that may count names a column that is not there"),
    FAILED_WRITE("a write fails because it omits a mandatory column"),
    UNSEALED_ROW("a sealed side does not hold the current value of a row"),
    NO_TRUTH("neither side is sealed, so no phase is legal for anybody");

    private final String text;

    Invariant(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
