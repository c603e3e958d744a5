package dev.segue.test.kit;

import dev.segue.ChangeStatus;
import dev.segue.change.Site;
import dev.segue.database.TableName;
import dev.segue.lifecycle.Held;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Stage;
import dev.segue.spring.SegueDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Plays a whole change, the drop included, on a <em>copy</em> of the production database, or of a part of its rows, and
 * measures it: how long each stage and the pass over all rows take, how much they write to the log, how tables and indexes
 * grow, and how long others have to wait for their locks. From that it says what to expect of a table with more rows.
 *
 * <p>One node of the application is started on the copy and walks through the change as it would in production, by the
 * product's own stages and workers; the application's other changes stay in {@code old-only}. The copy is of no use
 * afterwards. Nothing else should work on that server: what is measured is measured for the whole of it.
 *
 * <p>A rehearsal refuses, before any column is touched, a database to which anybody else is connected, one in which the change
 * has begun, and an application that goes to another database than the copy.
 *
 * <p>Immutable; each rehearsal needs a copy of its own.
 */
public final class DressRehearsal {

    /** After how long without any progress it is given up. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Duration LOOK = Duration.ofMillis(100);

    private static final String USAGE = """
            java ... dev.segue.test.kit.DressRehearsal <application class> <change> --copy.url=<JDBC URL> [options]

              --copy.url=URL          the copy: it is changed, and its old columns are dropped
              --copy.username=NAME
              --copy.password=WORD    or the environment variable COPY_PASSWORD
              --rows=N                what to expect of so many rows
              --any.property=value    more of the application's configuration
            """;

    private final Class<?> application;
    private final String change;
    private final String url;
    private final String username;
    private final String password;
    private final List<String> arguments;
    private final Duration patience;

    private DressRehearsal(
            Class<?> application,
            String change,
            String url,
            String username,
            String password,
            List<String> arguments,
            Duration patience) {
        this.application = application;
        this.change = change;
        this.url = url;
        this.username = username;
        this.password = password;
        this.arguments = List.copyOf(arguments);
        this.patience = patience;
    }

    /**
     * A rehearsal of a change on a copy of the database.
     *
     * @param application the application's class, as its {@code main} gives it to {@code SpringApplication}
     * @param change the id of the change
     * @param url the JDBC URL of the copy
     */
    public static DressRehearsal onCopy(
            Class<?> application, String change, String url, String username, String password) {
        return new DressRehearsal(application, change, url, username, password, List.of(), PATIENCE);
    }

    /** The same with more arguments for the application: {@code --segue.changes.customer-name.backfill.workers=4}. */
    public DressRehearsal with(String... more) {
        return new DressRehearsal(
                application,
                change,
                url,
                username,
                password,
                Stream.concat(arguments.stream(), Arrays.stream(more)).toList(),
                patience);
    }

    /** The same, given up after so long without any progress. */
    DressRehearsal givenUpAfter(Duration limit) {
        return new DressRehearsal(application, change, url, username, password, arguments, limit);
    }

    /**
     * Plays it. That takes as long as the change of these rows takes, and some seconds.
     *
     * @return what was measured; also of a change that has not come to its end within two minutes of no progress, with what
     *     holds it
     * @throws IllegalStateException if the database is no copy to rehearse on; the message says why
     * @throws SQLException if the copy cannot be asked
     */
    public DressReport run() throws SQLException, InterruptedException {
        try (CopyGauge gauge = CopyGauge.connect(url, username, password)) {
            long strangers = gauge.strangers();
            if (strangers > 0) {
                throw new IllegalStateException(strangers + " other session(s) are connected to " + shown()
                        + ". A rehearsal changes the schema and drops columns: give it a copy that nobody uses.");
            }
            try (AppNode node = new AppNode(launch(gauge), "Rehearsal", Optional.of(Phase.OLD_ONLY))) {
                requireOnCopy(gauge, node);
                requireUntouched(node.status());
                return play(gauge, node);
            }
        }
    }

    /** Behind the question mark there may be a password. */
    private String shown() {
        return url.replaceFirst("\\?.*", "");
    }

    private Launch launch(CopyGauge gauge) {
        String settings = "--segue.changes." + change + ".";
        Stream<String> own = Stream.of(
                // Whatever the application's configuration says, nothing may go to where it works every day.
                "--segue.direct-url=" + url,
                "--spring.flyway.url=" + url,
                "--spring.flyway.user=" + username,
                "--spring.flyway.password=" + password,
                "--spring.liquibase.url=" + url,
                "--spring.liquibase.user=" + username,
                "--spring.liquibase.password=" + password,
                "--segue.replicas=",
                "--segue.schema.execute=application",
                settings + "contract=true",
                settings + "contract-after=0s");
        return Launch.on(
                application, change, gauge.database(), url, username, password, Stream.concat(own, arguments.stream()));
    }

    private void requireOnCopy(CopyGauge gauge, AppNode node) throws SQLException {
        ConfigurableApplicationContext context = node.context();
        List<DataSource> sources = new ArrayList<>();
        for (String name : context.getBeanNamesForType(DataSource.class)) {
            if (context.findAnnotationOnBean(name, SegueDataSource.class) != null) {
                sources.add(context.getBean(name, DataSource.class));
            }
        }
        boolean there;
        try (Connection copy = gauge.open()) {
            there = CopyGauge.knows(copy, node.id());
            for (DataSource source : sources) {
                try (Connection owner = source.getConnection()) {
                    there &= CopyGauge.knows(owner, node.id());
                }
            }
        } catch (SQLException e) {
            throw elsewhere(e);
        }
        if (!there) {
            throw elsewhere(null);
        }
    }

    private IllegalStateException elsewhere(@Nullable SQLException cause) {
        return new IllegalStateException(
                "The application does not go to " + shown()
                        + " alone. Its data source, or the one that changes the schema, has"
                        + " another address of its own: give the rehearsal the property that sets it.",
                cause);
    }

    private void requireUntouched(ChangeStatus status) {
        if (!status.record().situation().stages().pending(Stage.EXPAND)) {
            throw new IllegalStateException(
                    "The change '" + change + "' has begun in this copy. Take a copy from before,"
                            + " or take the change back there (abandon) and rehearse then.");
        }
    }

    private DressReport play(CopyGauge gauge, AppNode node) throws SQLException, InterruptedException {
        List<TableName> tables =
                node.status().change().sites().stream().map(Site::table).toList();
        long rows = 0;
        CopyGauge.Size size = CopyGauge.Size.NONE;
        for (TableName table : tables) {
            rows += gauge.rows(table);
            size = size.plus(gauge.size(table));
        }
        try (Bystander bystander = new Bystander(gauge, tables)) {
            Measurements measurements =
                    new Measurements(gauge, bystander, node.status().change());
            node.listen(measurements);
            node.head(Phase.NEW_ONLY);
            List<String> unmet = awaitEnd(node, measurements);
            return new DressReport(
                    change,
                    gauge.server(),
                    tables.stream().map(TableName::toString).toList(),
                    rows,
                    size.table(),
                    size.indexes(),
                    measurements.steps(),
                    unmet);
        }
    }

    /** What it has come to, so that it can be seen whether it goes on. */
    private record Place(Phase phase, String stages, String pass, long rows) {

        static Place of(ChangeStatus status) {
            return new Place(
                    status.phase(),
                    status.record().situation().stages().toString(),
                    status.pass().state(),
                    status.pass().rowsDone());
        }
    }

    /** @return what holds it, if it does not come to its end */
    private List<String> awaitEnd(AppNode node, Measurements measurements) throws SQLException, InterruptedException {
        long moved = System.nanoTime();
        long busy = moved;
        Place place = Place.of(node.status());
        boolean vouched = false;
        while (true) {
            ChangeStatus status = node.status();
            if (status.record().situation().stages().done(Stage.CONTRACT)) {
                return List.of();
            }
            if (!vouched && status.phase() == Phase.READ_NEW) {
                node.vouchIfAsked();
                vouched = true;
            }
            Place now = Place.of(status);
            if (!now.equals(place)) {
                place = now;
                moved = System.nanoTime();
            }
            if (measurements.isAtWork()) {
                busy = System.nanoTime();
            }
            // An index may be built for hours; and a row that does not convert is tried again now and then.
            if (isOlder(moved, patience) && isOlder(busy, patience.dividedBy(10))) {
                return unmet(status);
            }
            Thread.sleep(LOOK.toMillis());
        }
    }

    private static boolean isOlder(long nanoTime, Duration age) {
        return System.nanoTime() - nanoTime > age.toNanos();
    }

    private List<String> unmet(ChangeStatus status) {
        List<String> unmet = new ArrayList<>();
        if (status.pass().quarantined() > 0) {
            unmet.add(status.pass().quarantined() + " row(s) do not convert, or do not come back: "
                    + Objects.requireNonNullElse(status.pass().waitingFor(), "see the log"));
        }
        for (Held held : status.held()) {
            unmet.add(held.message() + " (" + held.remedy() + ")");
        }
        return unmet.isEmpty() ? List.of("nothing has happened for " + patience.toSeconds() + " s") : unmet;
    }

    /**
     * Rehearses from the command line, prints the report, and ends with status 1 if the change does not come to its end.
     *
     * @param args the application's class, the change's id, {@code --copy.url=...} and more; without them it says which
     */
    public static void main(String... args) throws Exception {
        List<String> given = new ArrayList<>(List.of(args));
        Optional<String> url = taken(given, "--copy.url=");
        String username = taken(given, "--copy.username=").orElse("");
        String password = taken(given, "--copy.password=")
                .or(() -> Optional.ofNullable(System.getenv("COPY_PASSWORD")))
                .orElse("");
        Optional<Long> rows = taken(given, "--rows=").map(Long::valueOf);
        if (url.isEmpty()
                || given.size() < 2
                || given.get(0).startsWith("-")
                || given.get(1).startsWith("-")) {
            System.err.print(USAGE);
            System.exit(2);
            return;
        }
        DressReport report = onCopy(Class.forName(given.get(0)), given.get(1), url.get(), username, password)
                .with(given.subList(2, given.size()).toArray(String[]::new))
                .run();
        System.out.print(rows.isPresent() ? report.toString(rows.get()) : report);
        System.exit(report.finished() ? 0 : 1);
    }

    private static Optional<String> taken(List<String> given, String option) {
        Optional<String> found =
                given.stream().filter(argument -> argument.startsWith(option)).findFirst();
        found.ifPresent(given::remove);
        return found.map(argument -> argument.substring(option.length()));
    }
}
