package dev.segue.benchmarks.application;

import static dev.segue.benchmarks.Comparison.Goal.atMost;
import static dev.segue.benchmarks.Comparison.Measure.TIME;

import dev.segue.benchmarks.Comparison;
import dev.segue.benchmarks.Comparison.Goal;
import dev.segue.benchmarks.Contestant;
import dev.segue.benchmarks.Suite;
import dev.segue.benchmarks.application.App.Kind;
import dev.segue.lifecycle.Phase;
import dev.segue.test.database.DatabaseServer;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What an application pays for a change that is under way: against a plain mapping, and against both columns by hand. */
public final class ApplicationSuite implements Suite {

    private static final String[] CHANGES = {
        "customer-name", "account-first", "account-last", "account-street", "account-town"
    };

    private final String engine;
    private final DatabaseServer server;
    private final List<App> apps = new ArrayList<>();
    private final int rows;

    /** @param rows that each run goes over */
    public ApplicationSuite(Engine engine, int rows) {
        this.engine = engine.name().toLowerCase(Locale.ROOT);
        this.server = DatabaseServers.start(engine);
        this.rows = rows;
    }

    /** The entities of one application. */
    private record Entities(
            App app,
            Class<? extends Person> customer,
            Work.Maker makeCustomer,
            Class<? extends Person> account,
            Work.Maker makeAccount,
            int rows) {

        Work inserts(boolean four) {
            return new Work.Inserts(app, four ? account : customer, four ? makeAccount : makeCustomer, rows);
        }

        Work updates(boolean four, int inATransaction) {
            int some = inATransaction == 1 ? rows / 4 : rows;
            return new Work.Updates(
                    app, four ? account : customer, four ? makeAccount : makeCustomer, some, inATransaction);
        }

        Work finds() {
            return new Work.Finds(app, customer, makeCustomer, rows);
        }

        Work queries() {
            return new Work.Queries(app, customer, makeCustomer, rows);
        }
    }

    @Override
    public List<Comparison> comparisons() throws Exception {
        Entities plain = plain(start(Kind.PLAIN));
        Entities byHand = byHand(start(Kind.BY_HAND));
        Entities copied = plain(start(Kind.PLAIN));
        copyByTrigger(copied.app());
        Entities unguarded = evolving(start(Kind.EVOLVING, properties("none")));
        Entities guarded = evolving(start(Kind.EVOLVING, properties("trigger")));
        guarded.app().moveTo(Phase.DUAL_WRITE);
        List<Comparison> all = new ArrayList<>();
        all.add(time(
                "old-only-find",
                "find, old-only",
                at(Phase.OLD_ONLY, unguarded, unguarded.finds()),
                "plain entity",
                plain.finds(),
                atMost(1.02)));
        for (boolean four : new boolean[] {false, true}) {
            String attributes = four ? "four attributes" : "one attribute";
            String id = four ? "-4" : "-1";
            Goal goal = atMost(four ? 1.08 : 1.03);
            all.add(time(
                    "insert" + id,
                    "INSERT, dual-write, " + attributes,
                    dual(unguarded, unguarded.inserts(four)),
                    "both columns by hand",
                    byHand.inserts(four),
                    goal));
            all.add(time(
                    "update" + id,
                    "UPDATE, dual-write, " + attributes,
                    dual(unguarded, unguarded.updates(four, Work.PAGE)),
                    "both columns by hand",
                    byHand.updates(four, Work.PAGE),
                    goal));
        }
        all.add(time(
                "insert-plain",
                "INSERT, dual-write, one attribute",
                dual(unguarded, unguarded.inserts(false)),
                "plain entity",
                plain.inserts(false),
                null));
        all.add(time(
                "insert-trigger",
                "INSERT, dual-write, one attribute",
                dual(unguarded, unguarded.inserts(false)),
                "plain entity and a trigger that copies",
                copied.inserts(false),
                null));
        all.add(time(
                "insert-guard",
                "INSERT, dual-write, with the guard",
                guarded.inserts(false),
                "without the guard",
                dual(unguarded, unguarded.inserts(false)),
                atMost(1.03)));
        all.add(time(
                "update-guard",
                "UPDATE row by row, dual-write, with the guard",
                guarded.updates(false, 1),
                "without the guard",
                dual(unguarded, unguarded.updates(false, 1)),
                atMost(1.03)));
        all.add(time(
                "bulk-guard",
                "bulk UPDATE of both columns, with the guard",
                bulk(guarded),
                "without the guard",
                bulk(unguarded),
                atMost(1.2)));
        for (Phase phase : List.of(Phase.DUAL_WRITE, Phase.SHADOW_READ, Phase.READ_NEW, Phase.NEW_ONLY)) {
            all.add(time(
                    phase.id() + "-find",
                    "find, " + phase.id(),
                    at(phase, unguarded, unguarded.finds()),
                    "plain entity",
                    plain.finds(),
                    atMost(1.02)));
            all.add(time(
                    phase.id() + "-query",
                    "query, " + phase.id(),
                    at(phase, unguarded, unguarded.queries()),
                    "plain entity",
                    plain.queries(),
                    atMost(1.02)));
        }
        return all;
    }

    private App start(Kind kind, String... properties) {
        App app = App.start(server, kind, properties);
        apps.add(app);
        return app;
    }

    private static String[] properties(String guard) {
        List<String> properties = new ArrayList<>();
        for (String change : CHANGES) {
            String prefix = "segue.changes." + change + ".";
            properties.addAll(List.of(prefix + "phase=old-only", prefix + "guard=" + guard, prefix + "shadow-for=0s"));
        }
        return properties.toArray(String[]::new);
    }

    private Entities plain(App app) {
        return new Entities(
                app,
                dev.segue.benchmarks.application.plain.Customer.class,
                dev.segue.benchmarks.application.plain.Customer::new,
                dev.segue.benchmarks.application.plain.Account.class,
                dev.segue.benchmarks.application.plain.Account::new,
                rows);
    }

    private Entities byHand(App app) {
        return new Entities(
                app,
                dev.segue.benchmarks.application.byhand.Customer.class,
                dev.segue.benchmarks.application.byhand.Customer::new,
                dev.segue.benchmarks.application.byhand.Account.class,
                dev.segue.benchmarks.application.byhand.Account::new,
                rows);
    }

    private Entities evolving(App app) {
        return new Entities(
                app,
                dev.segue.benchmarks.application.evolving.Customer.class,
                dev.segue.benchmarks.application.evolving.Customer::new,
                dev.segue.benchmarks.application.evolving.Account.class,
                dev.segue.benchmarks.application.evolving.Account::new,
                rows);
    }

    private static Contestant dual(Entities of, Work work) {
        return at(Phase.DUAL_WRITE, of, work);
    }

    /** Is there before the work begins. */
    private static Contestant at(Phase phase, Entities of, Work work) {
        return new Contestant() {
            @Override
            public void prepare() throws Exception {
                of.app().moveTo(phase);
                work.prepare();
            }

            @Override
            public void run() throws Exception {
                work.run();
            }
        };
    }

    private static Contestant bulk(Entities of) {
        Work rows = of.inserts(false);
        return new Contestant() {
            @Override
            public void prepare() {
                rows.deleteAll();
                rows.insertAll();
            }

            @Override
            public void run() {
                of.app().database().execute("UPDATE customer SET name = 'bulk', full_name = 'bulk'");
            }
        };
    }

    private void copyByTrigger(App app) {
        app.database().execute("ALTER TABLE customer ADD name varchar(200)");
        if (engine.equals("postgresql")) {
            app.database()
                    .execute(
                            "CREATE FUNCTION copy_name() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name := NEW.full_name; RETURN NEW; END $$",
                            "CREATE TRIGGER copy_name BEFORE INSERT OR UPDATE ON customer FOR EACH ROW EXECUTE FUNCTION copy_name()");
        } else {
            app.database()
                    .execute(
                            "CREATE TRIGGER copy_name_i BEFORE INSERT ON customer FOR EACH ROW SET NEW.name = NEW.full_name",
                            "CREATE TRIGGER copy_name_u BEFORE UPDATE ON customer FOR EACH ROW SET NEW.name = NEW.full_name");
        }
    }

    private Comparison time(
            String id, String what, Contestant ours, String against, Contestant theirs, @Nullable Goal goal) {
        return new Comparison(
                "application-" + id + "-" + engine, what + ", " + engine, against, TIME, goal, ours, theirs);
    }

    @Override
    public void close() {
        apps.forEach(App::close);
        server.close();
    }
}
