package dev.segue;

import dev.segue.backfill.Throttle;
import java.util.List;

/**
 * What a node has around it besides its database and its sessions.
 *
 * @param flags stronger than the configuration; if they do not answer, the node starts by its configuration and says so
 * @param throttle asked between the batches of a backfill or a comparison
 * @param replicas that serve reads, and so must have what a node is going to read before it does
 */
public record Surroundings(RequestSource flags, Throttle throttle, List<Replica> replicas) {

    /** No flags, full speed, no replicas. */
    public static final Surroundings NONE = new Surroundings(RequestSource.NONE, Throttle.NONE, List.of());

    public Surroundings {
        replicas = List.copyOf(replicas);
    }
}
