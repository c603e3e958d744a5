package dev.segue.spring;

import dev.segue.fleet.JournalLine;

/**
 * Something has happened to a change. It is published as an application event on the one node of the fleet that did it or
 * found it, on a thread of Segue's own; listen with {@code @EventListener}. A listener that needs long delays further
 * events and nothing else.
 *
 * @param kind what it is
 * @param line with whom and why, as the journal has it
 */
public record SegueEvent(Kind kind, JournalLine line) {

    /** The kinds of events. */
    public enum Kind {
        /** A node has joined the fleet, left it, or fallen silent. */
        NODE,
        /** A node has changed its phase. */
        MOVED,
        /** A node cannot go where it is told. */
        HELD,
        /** A side is proven. */
        SEALED,
        /** A side has lost its proof. */
        UNSEALED,
        /** Rows whose sides differ although both were proven. */
        MISMATCH,
        /** A stage of the schema has begun or ended. */
        STAGE,
        /** The old columns are gone: the change is over. */
        COMPLETED,
        /** Somebody tells the fleet where to go, or takes it back. */
        REQUESTED,
        /** Anything else that the journal tells. */
        OTHER
    }

    static SegueEvent of(JournalLine line) {
        return new SegueEvent(kind(line), line);
    }

    private static Kind kind(JournalLine line) {
        if (line.what().equals("stage contract") && "done".equals(line.to())) {
            return Kind.COMPLETED;
        }
        return switch (line.what()) {
            case "joined", "left", "lapsed" -> Kind.NODE;
            case "moved" -> Kind.MOVED;
            case "held" -> Kind.HELD;
            case "sealed" -> Kind.SEALED;
            case "unsealed" -> Kind.UNSEALED;
            case "mismatch" -> Kind.MISMATCH;
            case "request", "clear-request", "abandon" -> Kind.REQUESTED;
            default -> line.what().startsWith("stage ") ? Kind.STAGE : Kind.OTHER;
        };
    }

    /** The id of the change. */
    public String change() {
        return line.change();
    }
}
