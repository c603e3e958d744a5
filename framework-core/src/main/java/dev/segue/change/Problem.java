package dev.segue.change;

/**
 * One mistake in annotations, configuration or database, as a person needs to read it.
 *
 * @param where the property or the class and attribute: {@code segue.changes.customer-full-name.phase}
 * @param value what stands there
 * @param message what is wrong with it
 * @param remedy what to do
 */
public record Problem(String where, String value, String message, String remedy) {

    /** In one line. */
    @Override
    public String toString() {
        return where + " = '" + value + "': " + message + " " + remedy;
    }
}
