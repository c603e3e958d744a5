package dev.segue.fleet;

import dev.segue.fleet.Request.Source;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Everything that one node is told about a change, and which word counts: the operator's, else the watch's, else the
 * flag's, else the configuration's.
 *
 * <p>The watch only ever sends back. Where a weaker word would have the node lower than the watch's, the weaker one counts:
 * nobody is sent up without having been asked.
 *
 * @param strongest the one that counts
 * @param overridden the others, strongest first
 */
public record Requests(Request strongest, List<Request> overridden) {

    public Requests {
        overridden = List.copyOf(overridden);
    }

    /**
     * @param said at least one, at most one of each source, in any order
     * @throws IllegalArgumentException if there is none
     */
    public static Requests of(Collection<Request> said) {
        List<Request> rest = new ArrayList<>(said);
        rest.sort(Comparator.comparing(Request::source));
        Request strongest = rest.stream()
                .filter(request -> request.source() != Source.WATCH || !isBelowWatch(rest, request))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Nobody says where to go."));
        rest.remove(strongest);
        return new Requests(strongest, rest);
    }

    /** Whether the next weaker word than the watch's sends the node further back than the watch does. */
    private static boolean isBelowWatch(List<Request> sorted, Request watch) {
        int next = sorted.indexOf(watch) + 1;
        return next < sorted.size() && watch.phase().isAbove(sorted.get(next).phase());
    }

    /** All, strongest first. */
    public List<Request> all() {
        List<Request> all = new ArrayList<>();
        all.add(strongest);
        all.addAll(overridden);
        return all;
    }
}
