package dev.segue.sample.fleet;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** Keeps an eye on what the nodes report. One thread calls {@link #look}; the others may ask at any time. */
public final class FleetWatch {

    private final Fleet fleet;
    private final SegueClient client;
    private final Map<Backend, Report> reports = new ConcurrentHashMap<>();

    public FleetWatch(Fleet fleet, SegueClient client) {
        this.fleet = fleet;
        this.client = client;
    }

    /** Asks every node that serves. */
    public void look() {
        List<Backend> serving = fleet.slots().values().stream()
                .filter(slot -> slot.doing() == Fleet.Doing.SERVING)
                .map(slot -> slot.node().backend())
                .toList();
        reports.keySet().retainAll(serving);
        for (Backend node : serving) {
            client.report(node).ifPresentOrElse(report -> reports.put(node, report), () -> reports.remove(node));
        }
    }

    public Optional<Report.Change> of(Backend node, ShownChange change) {
        return Optional.ofNullable(reports.get(node)).flatMap(report -> report.change(change));
    }

    /** What some node reports of the change; the stages and the backfill are the same for all. */
    public Optional<Report.Change> any(ShownChange change) {
        return reports.values().stream()
                .flatMap(report -> report.change(change).stream())
                .findFirst();
    }

    /**
     * Whether every node that serves reports it, and there is one.
     *
     * @throws StoppedException if such a node has died
     */
    public boolean everyNode(ShownChange change, Predicate<Report.Change> fact) {
        List<Fleet.Slot> serving = fleet.slots().values().stream()
                .filter(slot -> slot.doing() == Fleet.Doing.SERVING)
                .toList();
        for (Fleet.Slot slot : serving) {
            // In this order: what the fleet kills it says to be dead first.
            if (!slot.node().isAlive() && fleet.slots().containsValue(slot)) {
                slot.node().requireAlive();
            }
            if (of(slot.node().backend(), change).filter(fact).isEmpty()) {
                return false;
            }
        }
        return !serving.isEmpty();
    }

    /** What each node is held by, in its own words; a line for each fact. */
    public String diagnosis(List<ShownChange> changes) {
        StringBuilder text = new StringBuilder();
        fleet.slots().forEach((name, slot) -> {
            for (ShownChange change : changes) {
                text.append("  ").append(name).append(", ").append(change.id()).append(": ");
                of(slot.node().backend(), change)
                        .ifPresentOrElse(report -> describe(text, report), () -> text.append("no report\n"));
            }
        });
        return text.toString();
    }

    private static void describe(StringBuilder text, Report.Change report) {
        text.append(report.phase())
                .append(", told to go to ")
                .append(report.requested())
                .append('\n');
        List<Report.Held> held = report.held();
        if (held != null) {
            held.forEach(each -> text.append("    held: ")
                    .append(each.message())
                    .append(" Remedy: ")
                    .append(each.remedy())
                    .append('\n'));
        }
    }
}
