package dev.segue.model;

import dev.segue.lifecycle.Guard;
import dev.segue.lifecycle.Kind;

/**
 * How large a world the search looks at.
 *
 * @param kind what the change does
 * @param nodes registered nodes
 * @param sessions sessions a node may have open at once
 * @param rows rows of the table
 * @param form what the guard does
 * @param legacy whether somebody who is not registered writes OLD
 * @param inserts whether rows may come into being, or are only updated
 * @param snapshots whether sessions read from a snapshot of their first read (REPEATABLE READ)
 */
record Bounds(
        Kind kind,
        int nodes,
        int sessions,
        int rows,
        Guard.Form form,
        boolean legacy,
        boolean inserts,
        boolean snapshots) {

    static Bounds of(int nodes, int sessions, int rows, Guard.Form form) {
        return new Bounds(Kind.REPLACE, nodes, sessions, rows, form, false, true, false);
    }

    Bounds with(int moreNodes, int moreSessions, int moreRows) {
        return new Bounds(kind, moreNodes, moreSessions, moreRows, form, legacy, inserts, snapshots);
    }

    Bounds to(Kind other) {
        return new Bounds(other, nodes, sessions, rows, form, legacy, inserts, snapshots);
    }

    Bounds withLegacy() {
        return new Bounds(kind, nodes, sessions, rows, form, true, inserts, snapshots);
    }

    Bounds withoutInserts() {
        return new Bounds(kind, nodes, sessions, rows, form, legacy, false, snapshots);
    }

    Bounds withSnapshots() {
        return new Bounds(kind, nodes, sessions, rows, form, legacy, inserts, true);
    }

    @Override
    public String toString() {
        return "%s, %d nodes, %d sessions each, %d rows, guard %s%s%s%s"
                .formatted(
                        kind.id(),
                        nodes,
                        sessions,
                        rows,
                        form,
                        legacy ? ", unregistered writer" : "",
                        inserts ? "" : ", updates only",
                        snapshots ? ", snapshot isolation" : "");
    }
}
