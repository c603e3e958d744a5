package dev.segue.sample.show;

import dev.segue.sample.fleet.Deadline;
import dev.segue.sample.fleet.Deployment;
import dev.segue.sample.fleet.Fleet;
import dev.segue.sample.fleet.FleetWatch;
import dev.segue.sample.fleet.Report;
import dev.segue.sample.fleet.SegueClient;
import dev.segue.sample.fleet.ShownChange;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** What is done to the fleet while the traffic goes on: the one change deploy by deploy, the other by a goal. */
final class Script {

    private static final List<String> THE_WAY_UP = List.of("dual-write", "shadow-read", "read-new", "new-only");

    private final Fleet fleet;
    private final FleetWatch watch;
    private final SegueClient segue;
    private final Audit audit;
    private final Scoreboard scoreboard;
    private final Narrator narrator;
    private final Deadline deadline;
    private final List<String> complaints;

    Script(
            Fleet fleet,
            FleetWatch watch,
            SegueClient segue,
            Audit audit,
            Scoreboard scoreboard,
            Narrator narrator,
            Deadline deadline,
            List<String> complaints) {
        this.fleet = fleet;
        this.watch = watch;
        this.segue = segue;
        this.audit = audit;
        this.scoreboard = scoreboard;
        this.narrator = narrator;
        this.deadline = deadline;
        this.complaints = complaints;
    }

    /** Five rolling deploys, as teams do it that want to look at every step. */
    void deployByDeploy(Deployment first) throws InterruptedException {
        ShownChange change = ShownChange.NAME;
        narrator.turnTo(change);
        narrator.say("Part 1: " + change.id() + ", one rolling deploy for each step");
        Deployment deployment = first;
        int number = 0;
        for (String phase : THE_WAY_UP) {
            deployment = deployment.phase(change, phase);
            begin("deploy " + ++number + ": " + phase);
            fleet.roll(deployment);
            await(change, "be in " + phase, report -> report.phase().equals(phase));
            if (phase.equals("dual-write")) {
                await(change, "know the new column filled and proven", report -> report.isSealed("new"));
            }
        }
        checkThatBothAgree(change);
        begin("deploy " + ++number + ": new-only, contract");
        fleet.roll(deployment.contract(change));
        awaitContracted(change);
    }

    /** One request to one node; no deploy. The fleet walks by itself. */
    void byGoal() {
        ShownChange change = ShownChange.PHONE;
        narrator.turnTo(change);
        narrator.say("Part 2: " + change.id() + ", by one goal and without a deploy");
        begin("no deploy: goal new-only");
        tell(change, Map.of("action", "request", "phase", "new-only"));
        await(change, "be in new-only", report -> report.phase().equals("new-only"));
        checkThatBothAgree(change);
        begin("no deploy: allow contract");
        tell(change, Map.of("action", "allow-contract"));
        awaitContracted(change);
    }

    private void begin(String step) {
        narrator.say(step);
        scoreboard.begin(step);
    }

    private void tell(ShownChange change, Map<String, String> action) {
        segue.tell(fleet.node(0).backend(), change, action);
    }

    private void awaitContracted(ShownChange change) {
        await(change, "know customer." + change.oldColumn() + " dropped", report -> report.isDone("contract"));
    }

    private void await(ShownChange change, String what, Predicate<Report.Change> fact) {
        deadline.await("every node to " + what, () -> watch.everyNode(change, fact));
    }

    private void checkThatBothAgree(ShownChange change) {
        long different = audit.disagreeing(change);
        if (different > 0) {
            complaints.add("In " + different + " rows " + change.oldColumn() + " and " + change.newColumn()
                    + " were different before the drop.");
        }
        narrator.say("Before the drop: %s and %s are %s in every row"
                .formatted(change.oldColumn(), change.newColumn(), different == 0 ? "the same" : "NOT the same"));
    }
}
