package dev.segue.fleet;

import dev.segue.lifecycle.Progress;
import dev.segue.lifecycle.Situation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the registry knows of a change, read without a lock: good for looking and for deciding what to try, never for
 * allowing it.
 *
 * @param situation with every registered participant, also those whose lease has just run out
 * @param requests where an operator and the watch have told the fleet to go, as far as they have
 * @param abandoned whether an operator wants the schema as it was before the change
 * @param contractAllowed whether an operator has permitted the drop
 * @param pausedBy the operator who lets the work on the rows rest, if one does
 * @param bracing whether transactions shall take their write locks when they begin; see {@link Bracing}
 * @param shadowedFor how long ago shadow reads began, counted from the seal of NEW; null if they have not
 * @param heldFor for how long every participant has occupied nothing but {@code new-only}; null if not all do
 * @param dryRun whether the old columns are hidden before they are dropped
 * @param dryRunFor for how long that is so; null if they never were
 * @param guardHits one-sided writes that the guard has caught
 * @param guardLastWriter who made the last one
 * @param guardQuietFor how long ago the last one was counted; null if there was none
 * @param uncountedHits whether it has caught more that nobody has counted yet
 * @param members the participants again, with what concerns only their lease
 */
public record ChangeRecord(
        String id,
        Situation situation,
        List<Request> requests,
        boolean abandoned,
        boolean contractAllowed,
        @Nullable String pausedBy,
        boolean bracing,
        @Nullable Duration shadowedFor,
        @Nullable Duration heldFor,
        Progress dryRun,
        @Nullable Duration dryRunFor,
        long guardHits,
        @Nullable String guardLastWriter,
        @Nullable Duration guardQuietFor,
        boolean uncountedHits,
        List<Member> members) {

    /**
     * The registration of one participant.
     *
     * @param braced whether its transactions take their write locks when they begin
     * @param lapsed whether it has been silent for longer than its lease, see {@link ChangeStore}
     */
    public record Member(
            String node,
            long generation,
            String application,
            String version,
            boolean permitsDrop,
            boolean braced,
            Instant leaseUntil,
            boolean lapsed) {}

    public ChangeRecord {
        requests = List.copyOf(requests);
        members = List.copyOf(members);
    }

    /** What that source has told the fleet, if it has. */
    public Optional<Request> request(Request.Source source) {
        return requests.stream().filter(request -> request.source() == source).findFirst();
    }

    /** The nodes that take part and have not braced. */
    public List<String> unbraced() {
        return members.stream()
                .filter(member -> !member.lapsed() && !member.braced())
                .map(Member::node)
                .toList();
    }

    /** Whether a node has braced. */
    public boolean braced(String node) {
        return members.stream().anyMatch(member -> member.node().equals(node) && member.braced());
    }

    /** Whether somebody's lease has run out and nobody has said so yet. */
    public boolean hasLapsed() {
        return members.stream().anyMatch(Member::lapsed);
    }

    /** Whether the drop is permitted: by an operator, or by the configuration of every node. */
    public boolean permitsDrop() {
        return contractAllowed || (!members.isEmpty() && members.stream().allMatch(Member::permitsDrop));
    }
}
