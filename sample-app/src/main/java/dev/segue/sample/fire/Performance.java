package dev.segue.sample.fire;

import dev.segue.sample.fleet.Deadline;
import dev.segue.sample.fleet.Deployment;
import dev.segue.sample.fleet.Fleet;
import dev.segue.sample.fleet.Installation;
import dev.segue.sample.fleet.LoadBalancer;
import dev.segue.sample.fleet.SegueClient;
import dev.segue.sample.fleet.StoppedException;
import dev.segue.test.database.DatabaseServer;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** One scenario, played once. */
final class Performance {

    private static final int CUSTOMERS = 6_000;

    /** Rows that no shopper writes, for those who go to a certain node. */
    private static final int FOR_VISITORS = 500;

    private final Scenario scenario;
    private final DatabaseServer server;
    private final Installation installation;
    private final FireOptions options;
    private final Path place;
    private final PrintStream out;
    private final long began = System.nanoTime();

    Performance(
            Scenario scenario,
            DatabaseServer server,
            Installation installation,
            FireOptions options,
            Path place,
            PrintStream out) {
        this.scenario = scenario;
        this.server = server;
        this.installation = installation;
        this.options = options;
        this.place = place;
        this.out = out;
    }

    @SuppressWarnings("try") // The end of some resources is what counts.
    Outcome play() throws InterruptedException {
        Deadline deadline = Deadline.in(options.timeout());
        LoadBalancer balancer = new LoadBalancer();
        Faults faults = new Faults();
        Deployment first = scenario.deployment(usual());
        try (Database database = Database.on(server, scenario.nodes());
                History history = new History(place.resolve("acknowledged.log"));
                Tally tally = new Tally(faults, place.resolve("failures.log"));
                Fleet fleet = new Fleet(installation, database.ways(), place, balancer, deadline)) {
            closeOnExit(fleet);
            if (installation.isUnpacked() && !installation.hasArchive()) {
                fleet.rehearse(first);
            }
            fleet.start(first);
            Inspector inspector = new Inspector(database.direct());
            inspector.openHistory(history);
            Load load = new Load(database.direct());
            Random random = new Random(options.seed());
            List<Long> rows = history.rows();
            Arena arena = new Arena(
                    fleet,
                    balancer,
                    new SegueClient(),
                    database,
                    inspector,
                    faults,
                    tally,
                    history,
                    load,
                    deadline,
                    random,
                    options.lease(),
                    first,
                    rows.subList(0, FOR_VISITORS));
            List<String> complaints = new ArrayList<>();
            try (Lookout agreement = Agreement.watch(inspector, tally)) {
                load.start(balancer, history, tally, options.seed(), rows.subList(FOR_VISITORS, rows.size()));
                perform(arena, complaints);
                complaints.addAll(load.stop());
            }
            return judge(inspector, history, tally, faults, complaints);
        }
    }

    /** For Ctrl-C, after which nothing else is closed: a node that is stopped cannot see that its parent is gone. */
    private static void closeOnExit(Fleet fleet) {
        Runtime.getRuntime().addShutdownHook(new Thread(fleet::close, "fire-closer"));
    }

    /** The times are short, so that much happens. */
    private Deployment usual() {
        Deployment usual = Deployment.first(CUSTOMERS)
                .with("segue.lease", options.lease().toMillis() + "ms")
                .with("segue.schema.lock-pause", "500ms..2s");
        for (Attribute attribute : Attribute.ALL) {
            usual = usual.phase(attribute.change(), "old-only")
                    .with(attribute.change().property("shadow-for"), "1s")
                    .with(attribute.change().property("contract-after"), "2s");
        }
        return usual;
    }

    private void perform(Arena arena, List<String> complaints) throws InterruptedException {
        try {
            scenario.play(arena);
        } catch (RuntimeException e) {
            complaints.add(e instanceof StoppedException ? String.valueOf(e.getMessage()) : e.toString());
            out.print(arena.diagnosis());
        }
    }

    private static List<String> audit(Inspector inspector, History history, List<String> complaints) {
        try {
            return new Audit(inspector).compare(history);
        } catch (StoppedException e) {
            complaints.add("The rows cannot be compared: " + e.getMessage());
            return List.of();
        }
    }

    private Outcome judge(Inspector inspector, History history, Tally tally, Faults faults, List<String> complaints) {
        List<String> lost = audit(inspector, history, complaints);
        List<String> findings = new ArrayList<>(tally.findings());
        lost.stream().limit(5).forEach(line -> findings.add("lost: " + line));
        for (Attribute attribute : Attribute.ALL) {
            try {
                long rows = inspector.differing(attribute.change());
                if (rows > 0) {
                    findings.add(rows + " rows of " + attribute + " differ in the end");
                }
            } catch (SQLException e) {
                complaints.add("The columns of " + attribute + " cannot be compared: " + e.getMessage());
            }
        }
        return new Outcome(
                scenario,
                server.description().replaceFirst(",.*", ""),
                tally.requests(),
                history.acknowledgedWrites(),
                faults.byKind(),
                tally.excused(),
                tally.failed(),
                tally.contended(),
                lost.size() + tally.differing(),
                tally.wrongReads(),
                Duration.ofNanos(System.nanoTime() - began),
                List.copyOf(complaints),
                findings);
    }
}
