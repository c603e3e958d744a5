package dev.segue.lifecycle;

/**
 * One node registered for a change.
 *
 * @param node its unique id
 * @param application the application it runs
 * @param phase the phase of its new sessions
 * @param draining the other phases under which it still has an open session
 * @param requested where it is told to go
 */
public record Participant(String node, String application, Phase phase, Phases draining, Phase requested) {

    /** Every phase that its sessions may be in. */
    public Phases occupied() {
        return draining.with(phase);
    }

    public boolean occupiesOnly(Phase only) {
        return occupied().equals(Phases.of(only));
    }

    /** The participant after it began to occupy a phase: what it occupied before is draining. */
    Participant movedTo(Phase next) {
        return new Participant(node, application, next, occupied().without(next), requested);
    }

    /** The participant after sessions have ended, with those that are still open. */
    Participant drainedTo(Phases open) {
        return new Participant(node, application, phase, open.without(phase), requested);
    }

    Participant requesting(Phase next) {
        return new Participant(node, application, phase, draining, next);
    }

    @Override
    public String toString() {
        return node + " (" + application + ")";
    }
}
