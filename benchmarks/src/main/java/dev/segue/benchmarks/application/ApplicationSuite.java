package dev.segue.benchmarks.application;

import static dev.segue.benchmarks.Comparison.Measure.TIME;
import static dev.segue.benchmarks.Goal.atMost;

import dev.segue.benchmarks.Comparison;
import dev.segue.benchmarks.Contestant;
import dev.segue.benchmarks.Goal;
import dev.segue.benchmarks.Lines;
import dev.segue.benchmarks.Suite;
import dev.segue.lifecycle.Phase;
import dev.segue.test.database.DatabaseServer;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.annotation.Configuration;

/** What an application pays for a change that is under way: against a plain mapping, and against both columns by hand. */
public final class ApplicationSuite implements Suite {

    private static final String[] CHANGES = {
        "customer-name", "account-first", "account-last", "account-street", "account-town"
    };

    private static final List<String> BEFORE = List.of("first", "last", "street", "town");
    private static final List<String> AFTER = List.of("first_name", "last_name", "street_name", "town_name");

    private final Lines lines;
    private final OneCore core;
    private final DatabaseServer server;
    private final List<App> apps = new ArrayList<>();
    private final int rows;

    /** @param rows that each run goes over */
    public ApplicationSuite(Lines lines, int rows) {
        this.lines = lines;
        this.core = OneCore.enter();
        this.server = DatabaseServers.start(lines.engine());
        this.rows = rows;
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EntityScan(basePackageClasses = dev.segue.benchmarks.application.plain.Customer.class)
    static class Plain {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EntityScan(basePackageClasses = dev.segue.benchmarks.application.byhand.Customer.class)
    static class ByHand {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EntityScan(basePackageClasses = dev.segue.benchmarks.application.evolving.Customer.class)
    static class Evolving {}

    /**
     * The entities of one application.
     *
     * @param one has one attribute that evolves
     * @param four has four
     */
    private record Entities(App app, Work.Entity one, Work.Entity four, int rows) {

        private Work.Entity entity(Attributes attributes) {
            return attributes == Attributes.ONE ? one : four;
        }

        Work inserts(Attributes attributes) {
            return new Work.Inserts(app, entity(attributes), rows, Work.PAGE);
        }

        /** Each in a transaction of its own; fewer, as that takes long. */
        Work insertsRowByRow(Attributes attributes) {
            return new Work.Inserts(app, entity(attributes), rows / 4, 1);
        }

        Work updates(Attributes attributes) {
            return new Work.Updates(app, entity(attributes), rows, Work.PAGE);
        }

        Work updatesRowByRow(Attributes attributes) {
            return new Work.Updates(app, entity(attributes), rows / 4, 1);
        }

        Work finds(Attributes attributes) {
            return new Work.Finds(app, entity(attributes), rows);
        }

        Work queries(Attributes attributes) {
            return new Work.Queries(app, entity(attributes), rows);
        }

        /** Is there before the work begins. */
        Contestant at(Phase phase, Contestant work) {
            return new Contestant() {
                @Override
                public void prepare() throws Exception {
                    app.moveTo(phase);
                    work.prepare();
                }

                @Override
                public void run() throws Exception {
                    work.run();
                }
            };
        }

        /** One statement over the whole table, past Hibernate. */
        Contestant bulk() {
            Work inserts = inserts(Attributes.ONE);
            return new Contestant() {
                @Override
                public void prepare() {
                    inserts.deleteAll();
                    inserts.insertAll();
                }

                @Override
                public void run() {
                    app.database().execute("UPDATE customer SET name = 'bulk', full_name = 'bulk'");
                }
            };
        }
    }

    /** How many attributes of an entity evolve. */
    private enum Attributes {
        ONE("one attribute", "-1", 1.03),
        FOUR("four attributes", "-4", 1.08);

        private final String text;
        private final String id;
        private final double writeGoal;

        Attributes(String text, String id, double writeGoal) {
            this.text = text;
            this.id = id;
            this.writeGoal = writeGoal;
        }
    }

    @Override
    public List<Comparison> experiments() throws Exception {
        Entities plain = plain(List.of(), List.of());
        Entities byHand = new Entities(
                start(ByHand.class, List.of("name"), BEFORE, AFTER, "segue.enabled=false"),
                new Work.Entity(
                        dev.segue.benchmarks.application.byhand.Customer.class,
                        dev.segue.benchmarks.application.byhand.Customer::new),
                new Work.Entity(
                        dev.segue.benchmarks.application.byhand.Account.class,
                        dev.segue.benchmarks.application.byhand.Account::new),
                rows);
        Entities copied = plain(List.of("name"), BEFORE);
        copyByTrigger(copied.app().database());
        Entities unguarded = evolving("none");
        Entities guarded = evolving("trigger");
        List<Comparison> all = new ArrayList<>();
        for (Phase phase : Phase.values()) {
            for (Attributes attributes : Attributes.values()) {
                all.addAll(inPhase(phase, attributes, unguarded, plain, byHand, copied));
            }
            if (phase == Phase.DUAL_WRITE) {
                for (Attributes attributes : Attributes.values()) {
                    all.addAll(besides(attributes, unguarded, plain, byHand, copied));
                    all.addAll(guards(attributes, unguarded, guarded));
                }
                all.add(time(
                        "bulk-guard",
                        "bulk UPDATE of both columns, with the guard",
                        guarded.at(phase, guarded.bulk()),
                        "without the guard",
                        unguarded.at(phase, unguarded.bulk()),
                        atMost(1.2)));
            }
        }
        return all;
    }

    /**
     * What is written twice is held against both columns by hand, everything else against the plain entity; where both
     * columns are filled, against one on a table in which they are, so that as much is read.
     */
    private List<Comparison> inPhase(
            Phase phase, Attributes attributes, Entities ours, Entities plain, Entities byHand, Entities copied) {
        boolean twice = phase.writesBoth();
        Entities writers = twice ? byHand : plain;
        String writer = twice ? "both columns by hand" : "plain entity";
        Entities readers = twice ? copied : plain;
        String reader = twice ? "plain entity, both columns filled" : "plain entity";
        Goal writes = phase == Phase.DUAL_WRITE ? atMost(attributes.writeGoal) : null;
        Goal reads = atMost(1.02);
        String where = ", " + phase.id() + ", " + attributes.text;
        String id = phase.id() + "-";
        return List.of(
                time(
                        id + "insert" + attributes.id,
                        "INSERT" + where,
                        ours.at(phase, ours.inserts(attributes)),
                        writer,
                        writers.inserts(attributes),
                        writes),
                time(
                        id + "update" + attributes.id,
                        "UPDATE" + where,
                        ours.at(phase, ours.updates(attributes)),
                        writer,
                        writers.updates(attributes),
                        writes),
                time(
                        id + "find" + attributes.id,
                        "find" + where,
                        ours.at(phase, ours.finds(attributes)),
                        reader,
                        readers.finds(attributes),
                        reads),
                time(
                        id + "query" + attributes.id,
                        "query" + where,
                        ours.at(phase, ours.queries(attributes)),
                        reader,
                        readers.queries(attributes),
                        reads));
    }

    /** Other things that people do, against writing twice. */
    private List<Comparison> besides(
            Attributes attributes, Entities ours, Entities plain, Entities byHand, Entities copied) {
        Phase phase = Phase.DUAL_WRITE;
        String where = ", dual-write, " + attributes.text;
        Contestant inserts = ours.at(phase, ours.inserts(attributes));
        Contestant updates = ours.at(phase, ours.updates(attributes));
        String once = "plain entity";
        String copies = "plain entity and a trigger that copies";
        String both = "both columns by hand";
        return List.of(
                time("insert-plain" + attributes.id, "INSERT" + where, inserts, once, plain.inserts(attributes), null),
                time("update-plain" + attributes.id, "UPDATE" + where, updates, once, plain.updates(attributes), null),
                time(
                        "insert-trigger" + attributes.id,
                        "INSERT" + where,
                        inserts,
                        copies,
                        copied.inserts(attributes),
                        null),
                time(
                        "update-trigger" + attributes.id,
                        "UPDATE" + where,
                        updates,
                        copies,
                        copied.updates(attributes),
                        null),
                time(
                        "find-by-hand" + attributes.id,
                        "find" + where,
                        ours.at(phase, ours.finds(attributes)),
                        both,
                        byHand.finds(attributes),
                        null),
                time(
                        "query-by-hand" + attributes.id,
                        "query" + where,
                        ours.at(phase, ours.queries(attributes)),
                        both,
                        byHand.queries(attributes),
                        null));
    }

    private List<Comparison> guards(Attributes attributes, Entities unguarded, Entities guarded) {
        Phase phase = Phase.DUAL_WRITE;
        String with = ", dual-write, " + attributes.text + ", with the guard";
        String without = "without the guard";
        Goal goal = attributes == Attributes.ONE ? atMost(1.03) : null;
        return List.of(
                time(
                        "insert-guard" + attributes.id,
                        "INSERT row by row" + with,
                        guarded.at(phase, guarded.insertsRowByRow(attributes)),
                        without,
                        unguarded.at(phase, unguarded.insertsRowByRow(attributes)),
                        goal),
                time(
                        "insert-batches-guard" + attributes.id,
                        "INSERT, fifty in a batch" + with,
                        guarded.at(phase, guarded.inserts(attributes)),
                        without,
                        unguarded.at(phase, unguarded.inserts(attributes)),
                        null),
                time(
                        "update-guard" + attributes.id,
                        "UPDATE row by row" + with,
                        guarded.at(phase, guarded.updatesRowByRow(attributes)),
                        without,
                        unguarded.at(phase, unguarded.updatesRowByRow(attributes)),
                        goal));
    }

    private App start(
            Class<?> configuration, List<String> name, List<String> before, List<String> after, String... properties) {
        TestDatabase database = server.createDatabase();
        create(database, "customer", name, configuration == Evolving.class ? List.of() : List.of("full_name"));
        create(database, "account", before, after);
        App app = App.start(database, configuration, properties);
        apps.add(app);
        return app;
    }

    private static void create(TestDatabase database, String table, List<String> before, List<String> after) {
        database.execute("CREATE TABLE " + table + " (id bigint PRIMARY KEY"
                + Stream.concat(before.stream(), after.stream())
                        .map(column -> ", " + column + " varchar(200)")
                        .reduce("", String::concat)
                + ", note varchar(200))");
    }

    /** @param name and {@code before}: columns that the application knows nothing of */
    private Entities plain(List<String> name, List<String> before) {
        return new Entities(
                start(Plain.class, name, before, AFTER, "segue.enabled=false"),
                new Work.Entity(
                        dev.segue.benchmarks.application.plain.Customer.class,
                        dev.segue.benchmarks.application.plain.Customer::new),
                new Work.Entity(
                        dev.segue.benchmarks.application.plain.Account.class,
                        dev.segue.benchmarks.application.plain.Account::new),
                rows);
    }

    private Entities evolving(String guard) {
        String[] properties = Stream.of(CHANGES)
                .map(change -> "segue.changes." + change + ".")
                .flatMap(prefix -> Stream.of(prefix + "guard=" + guard, prefix + "shadow-for=0s"))
                .toArray(String[]::new);
        return new Entities(
                start(Evolving.class, List.of("name"), BEFORE, List.of(), properties),
                new Work.Entity(
                        dev.segue.benchmarks.application.evolving.Customer.class,
                        dev.segue.benchmarks.application.evolving.Customer::new),
                new Work.Entity(
                        dev.segue.benchmarks.application.evolving.Account.class,
                        dev.segue.benchmarks.application.evolving.Account::new),
                rows);
    }

    private void copyByTrigger(TestDatabase database) {
        copyByTrigger(database, "customer", List.of("name"), List.of("full_name"));
        copyByTrigger(database, "account", BEFORE, AFTER);
    }

    private void copyByTrigger(TestDatabase database, String table, List<String> to, List<String> from) {
        String assign = lines.engine() == Engine.POSTGRESQL ? " := " : " = ";
        List<String> copies = IntStream.range(0, to.size())
                .mapToObj(i -> "NEW." + to.get(i) + assign + "NEW." + from.get(i))
                .toList();
        if (lines.engine() == Engine.POSTGRESQL) {
            database.execute(
                    "CREATE FUNCTION copy_" + table + "() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                            + String.join("; ", copies) + "; RETURN NEW; END $$",
                    "CREATE TRIGGER copies BEFORE INSERT OR UPDATE ON " + table + " FOR EACH ROW EXECUTE FUNCTION copy_"
                            + table + "()");
            return;
        }
        for (String event : List.of("INSERT", "UPDATE")) {
            database.execute("CREATE TRIGGER " + table + "_" + event.toLowerCase(Locale.ROOT) + " BEFORE " + event
                    + " ON " + table + " FOR EACH ROW SET " + String.join(", ", copies));
        }
    }

    private Comparison time(
            String id, String what, Contestant ours, String against, Contestant theirs, @Nullable Goal goal) {
        return new Comparison(lines.line(id, what, against, goal), TIME, ours, theirs);
    }

    @Override
    public void close() {
        try (core;
                server) {
            apps.forEach(App::close);
        }
    }
}
