package dev.segue.sample.show;

import dev.segue.sample.fleet.Deadline;
import dev.segue.sample.fleet.Deployment;
import dev.segue.sample.fleet.Fleet;
import dev.segue.sample.fleet.FleetWatch;
import dev.segue.sample.fleet.Installation;
import dev.segue.sample.fleet.LoadBalancer;
import dev.segue.sample.fleet.Program;
import dev.segue.sample.fleet.SegueClient;
import dev.segue.sample.fleet.ShopClient;
import dev.segue.sample.fleet.ShopDatabase;
import dev.segue.sample.fleet.ShownChange;
import dev.segue.sample.fleet.StoppedException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** Three nodes of a shop, live traffic, two column changes, and the proof that nobody noticed. */
public final class Show {

    private static final int NODES = 3;

    private final Options options;
    private final Path logs;
    private final PrintStream out;
    private final Narrator narrator;
    private final Deadline deadline;

    private Show(Options options, Path logs, PrintStream out) {
        this.options = options;
        this.logs = logs;
        this.out = out;
        this.narrator = new Narrator(out);
        this.deadline = Deadline.in(options.timeout());
    }

    /** Plays the show and returns the status for the shell: 0 only if everything went as it must. */
    public static int run(String... args) {
        return Program.run(
                given -> {
                    Options options = Options.parse(given);
                    return new Show(options, Program.logs(options.logs(), "segue-shop-"), System.out).play();
                },
                Options.USAGE,
                args);
    }

    private int play() throws InterruptedException {
        narrator.say("Starting a database; output of the nodes and log of acknowledged writes are in " + logs);
        LoadBalancer balancer = new LoadBalancer();
        try (ShopDatabase database = ShopDatabase.open(options.target());
                Ledger ledger = new Ledger(logs.resolve("acknowledged.log"));
                Scoreboard scoreboard = new Scoreboard(logs.resolve("failures.log"));
                Installation installation = Installation.in(logs.resolve("shop"));
                Fleet fleet = new Fleet(installation, Collections.nCopies(NODES, database), logs, balancer, deadline)) {
            closeOnExit(fleet, installation);
            Audit audit = new Audit(database);
            audit.requireBeforeTheShow();
            Deployment first = Deployment.first(options.customers());
            if (installation.isUnpacked()) {
                narrator.say("Rehearsing the start of a node on " + database.description());
                scoreboard.begin("rehearsal of a start");
                fleet.rehearse(first);
            }
            narrator.say("Starting three nodes on " + database.description());
            scoreboard.begin("first start: old-only");
            fleet.start(first);
            audit.openLedger(ledger);
            List<String> complaints = perform(first, fleet, audit, ledger, scoreboard, balancer);
            Verdict verdict = judge(complaints, audit, ledger, scoreboard);
            if (!options.exit()) {
                stayOpen(fleet);
            }
            return verdict.isGood() ? 0 : 1;
        }
    }

    /** For Ctrl-C, after which nothing else is closed. */
    private static void closeOnExit(Fleet fleet, Installation installation) {
        Thread closer = new Thread(
                () -> {
                    fleet.close();
                    installation.close();
                },
                "show-closer");
        Runtime.getRuntime().addShutdownHook(closer);
    }

    private List<String> perform(
            Deployment first, Fleet fleet, Audit audit, Ledger ledger, Scoreboard scoreboard, LoadBalancer balancer)
            throws InterruptedException {
        List<String> complaints = new ArrayList<>();
        SegueClient segue = new SegueClient();
        FleetWatch watch = new FleetWatch(fleet, segue);
        narrator.say("Traffic: %,d requests a second on %,d customers"
                .formatted(options.rate(), ledger.entries().size()));
        Traffic traffic = Traffic.start(new ShopClient(balancer, scoreboard), ledger, scoreboard, options.rate());
        try (narrator) {
            narrator.follow(fleet, watch, scoreboard);
            Script script = new Script(fleet, watch, segue, audit, scoreboard, narrator, deadline, complaints);
            script.deployByDeploy(first);
            script.byGoal();
            if (scoreboard.requests() < options.requests()) {
                scoreboard.begin("more traffic");
                deadline.await("the last of --requests", () -> scoreboard.requests() >= options.requests());
            }
        } catch (StoppedException e) {
            complaints.add(e.getMessage());
            out.println(e.getMessage());
            out.print(watch.diagnosis(List.of(ShownChange.NAME, ShownChange.PHONE)));
        } finally {
            traffic.stop().ifPresent(complaints::add);
            scoreboard.end();
        }
        return complaints;
    }

    private Verdict judge(List<String> complaints, Audit audit, Ledger ledger, Scoreboard scoreboard) {
        Audit.Findings findings = audit.compare(ledger);
        List<ShownChange> notContracted = Stream.of(ShownChange.NAME, ShownChange.PHONE)
                .filter(change -> !audit.isContracted(change))
                .toList();
        findings.lost().stream().limit(10).forEach(line -> out.println("  LOST: " + line));
        Summary.print(
                out,
                scoreboard,
                List.of(
                        "%,d requests, %,d failed".formatted(scoreboard.requests(), scoreboard.failed()),
                        "%,d acknowledged writes of name and phone, %,d lost; %,d rows compared by JDBC"
                                .formatted(
                                        ledger.acknowledged(), findings.lost().size(), findings.rows()),
                        "%,d wrong reads".formatted(scoreboard.wrongReads()),
                        "%d of 2 changes contracted".formatted(2 - notContracted.size())));
        Verdict verdict = Verdict.of(new Verdict.Facts(
                scoreboard.requests(),
                options.requests(),
                scoreboard.failed(),
                scoreboard.wrongReads(),
                findings.lost().size(),
                complaints,
                notContracted));
        if (!verdict.isGood() && scoreboard.failed() + scoreboard.wrongReads() > 0) {
            scoreboard.firstFailures().forEach(line -> out.println("  " + line));
            out.println("All failed requests and wrong reads are listed in " + logs.resolve("failures.log"));
        }
        out.println(
                verdict.isGood()
                        ? "DONE: both columns were changed under the running shop, and nobody noticed."
                        : "FAILED: " + String.join(" ", verdict.against()));
        return verdict;
    }

    private void stayOpen(Fleet fleet) throws InterruptedException {
        out.println();
        out.println("The shop stays open until Ctrl-C:");
        fleet.urls().forEach(url -> out.println("  " + url + "/customers/1   " + url + "/actuator/segue"));
        Thread.currentThread().join();
    }
}
