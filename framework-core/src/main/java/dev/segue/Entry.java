package dev.segue;

import dev.segue.change.ColumnChange;
import dev.segue.change.Problem;
import dev.segue.database.Database;
import dev.segue.fleet.Registry;
import dev.segue.fleet.Request;
import dev.segue.fleet.Request.Source;
import dev.segue.lifecycle.Guard;
import dev.segue.lifecycle.Held;
import dev.segue.lifecycle.Phase;
import dev.segue.schema.StageHeldException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a node joins the fleet, or is refused. */
final class Entry {

    private static final Logger log = LoggerFactory.getLogger(Entry.class);

    private final SegueSettings settings;
    private final List<ColumnChange> changes;
    private final Database database;
    private final Registry registry;
    private final Flags flags;
    private final Instructions instructions;
    private final Workshop workshop;
    private final Conductor conductor;

    Entry(
            Segue.Checked checked,
            Registry registry,
            Flags flags,
            Instructions instructions,
            Workshop workshop,
            Conductor conductor) {
        this.settings = checked.settings();
        this.changes = checked.changes();
        this.database = checked.database();
        this.registry = registry;
        this.flags = flags;
        this.instructions = instructions;
        this.workshop = workshop;
        this.conductor = conductor;
    }

    /** @throws StartRefusedException if the node may not start; then it has left again */
    void join() throws SQLException {
        List<Problem> problems = new ArrayList<>();
        for (ColumnChange change : changes) {
            declare(change).ifPresent(problems::add);
        }
        if (!problems.isEmpty()) {
            throw new StartRefusedException(problems);
        }
        flags.settle();
        if (settings.unmet() == SegueSettings.Unmet.FAIL) {
            for (ColumnChange change : changes) {
                if (request(change.id()).phase() != Phase.OLD_ONLY) {
                    expandNow(change).ifPresent(problems::add);
                }
            }
            if (!problems.isEmpty()) {
                throw new StartRefusedException(problems);
            }
        }
        try {
            for (Map.Entry<String, List<Held>> change : conductor.join().entrySet()) {
                String id = change.getKey();
                List<Held> held = change.getValue();
                log.info(
                        "Change {} waits: {}",
                        id,
                        held.stream().map(Held::message).toList());
                if (settings.unmet() == SegueSettings.Unmet.FAIL) {
                    problems.add(refused(id, request(id), held));
                }
            }
        } catch (NoLegalPhaseException e) {
            throw new StartRefusedException(List.of(refused(e.change(), e.requested(), e.held())));
        }
        if (!problems.isEmpty()) {
            conductor.leave();
            throw new StartRefusedException(problems);
        }
        for (ColumnChange change : changes) {
            workshop.review(change, conductor.read(change.id()).situation());
        }
    }

    private Optional<Problem> expandNow(ColumnChange change) throws SQLException {
        try {
            workshop.expandNow(change);
            return Optional.empty();
        } catch (StageHeldException e) {
            return Optional.of(new Problem(
                    "segue.changes." + change.id(), change.definition(), String.valueOf(e.getMessage()), e.remedy()));
        }
    }

    private Optional<Problem> declare(ColumnChange change) throws SQLException {
        String definition = change.definition();
        return registry.declare(change.id(), definition, change.kind(), guardForm(change))
                .map(other -> new Problem(
                        "segue.changes." + change.id(),
                        definition,
                        "The change is under way with another definition: " + other + ".",
                        "Give the new definition an id of its own, or put the old one back until the change is over."));
    }

    private Guard.Form guardForm(ColumnChange change) {
        if (!settings.change(change.id()).guarded()) {
            return Guard.Form.NONE;
        }
        if (change.isSql()) {
            return Guard.Form.SQL;
        }
        return database == Database.POSTGRESQL ? Guard.Form.JAVA : Guard.Form.JAVA_BLIND;
    }

    private Request request(String change) throws SQLException {
        return instructions.all(conductor.read(change)).strongest();
    }

    private static Problem refused(String change, Request requested, List<Held> held) {
        return new Problem(
                requested.source() == Source.CONFIGURATION
                        ? requested.by()
                        : "change " + change + ", by " + requested.origin(),
                requested.phase().id(),
                held.stream()
                        .map(h -> h.clause().id() + ": " + h.message())
                        .collect(Collectors.joining("; ", "The phase is not allowed now. ", ".")),
                held.stream().map(Held::remedy).distinct().collect(Collectors.joining("; ", "", "."))
                        + " Or set segue.unmet to hold: then the node starts in a legal phase and walks on by itself.");
    }
}
