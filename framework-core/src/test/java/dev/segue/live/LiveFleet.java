package dev.segue.live;

import dev.segue.backfill.Pace;
import dev.segue.backfill.Passes;
import dev.segue.change.ColumnChange;
import dev.segue.change.Declaration;
import dev.segue.change.JavaForm;
import dev.segue.change.Problem;
import dev.segue.change.SqlForm;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import dev.segue.fleet.LockedRow;
import dev.segue.fleet.Membership;
import dev.segue.fleet.NodeIdentity;
import dev.segue.fleet.Operator;
import dev.segue.fleet.Registry;
import dev.segue.fleet.Seals;
import dev.segue.fleet.StageIntents;
import dev.segue.fleet.TestClock;
import dev.segue.lifecycle.Abandonment;
import dev.segue.lifecycle.Agenda.Work;
import dev.segue.lifecycle.Guard;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Progress;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Situation;
import dev.segue.lifecycle.Stage;
import dev.segue.schema.Barrier;
import dev.segue.schema.Catalog;
import dev.segue.schema.GuardMode;
import dev.segue.schema.LockPatience;
import dev.segue.schema.StageRunner;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Three nodes of two applications, one table or two of few rows and all that may happen to them, on a real database with the production classes. What
 * happens is told one step at a time by numbers, so that a run can be repeated and made shorter. Beside it the values are
 * kept that the rows must have.
 */
final class LiveFleet implements AutoCloseable {

    private static final Duration LEASE = Duration.ofMinutes(10);
    /** Longer than a batch waits for anything, or two workers would take a range from each other for ever. */
    private static final Duration CLAIM = Duration.ofSeconds(30);

    private static final int NODES = 3;
    private static final int ROWS = 4;
    /** A guard in Java form is let refuse, or record. */
    private static final int SWITCH = number(0, 10, 26);

    private static final Pace PACE = new Pace(Duration.ofMillis(200), 2, 2, 0);

    /** As {@link LiveTables#held}. */
    private static final JavaForm BRACKETS = JavaForm.lossless(
            values -> one(values.get(0) == null ? null : "<" + values.get(0) + ">"),
            values -> one(values.get(0) instanceof String held ? held.substring(1, held.length() - 1) : null));

    private final DataSource pool;
    private final Database database;
    private final Guard.Form guard;
    private final Bug bug;
    private final LiveTables tables;
    private final ColumnChange change;
    private final TestClock clock = new TestClock();
    private final List<LiveNode> nodes = new ArrayList<>();
    private final Registry registry;
    private final Seals<LockedRow> seals;
    private final StageIntents intents;
    private final StageRunner runner;
    private final Barrier barrier;
    private final Passes passes;
    private final Map<Side, Long> passEpochs = new HashMap<>();
    private final Map<Long, String> values = new TreeMap<>();
    private final List<String> told = new ArrayList<>();
    private int writes;
    private long nextId = ROWS + 1;

    /** What is left out, to see that it is missed. */
    enum Bug {
        NONE,
        /** Nobody looks before a commit whether the lease is still there. */
        COMMITS_WITHOUT_LEASE,
        /** The registry is told that a guard in Java form refuses, and the triggers stay as they are. */
        GUARD_NEVER_REFUSES
    }

    /**
     * @param sites how many tables the change has
     * @param number under which no other fleet has been on this database
     */
    LiveFleet(DataSource pool, Database database, Guard.Form guard, int sites, Bug bug, int number)
            throws SQLException {
        this.bug = bug;
        this.pool = pool;
        this.database = database;
        this.guard = guard;
        this.tables = new LiveTables(
                IntStream.range(0, sites).mapToObj(i -> "t" + number + "_" + i).toList(), guard.isJava());
        for (String table : tables.names()) {
            run("CREATE TABLE " + table + " (id bigint PRIMARY KEY, name varchar(50) NOT NULL)");
        }
        for (long id = 1; id <= ROWS; id++) {
            run("INSERT INTO " + tables.of(id) + " VALUES (" + id + ", 'first " + id + "')");
            values.put(id, "first " + id);
        }
        this.change = resolve("change-" + number);
        this.registry = new Registry(pool, database, "conductor", clock);
        registry.declare(change.id(), change.definition(), Kind.REPLACE, guard);
        for (int i = 0; i < NODES; i++) {
            String name = "n" + i;
            Registry own = new Registry(pool, database, name, clock);
            NodeIdentity identity = new NodeIdentity(name, i == 0 ? "billing" : "shop", "1");
            nodes.add(new LiveNode(name, own, new Membership(own, identity, LEASE, clock), change.id()));
        }
        this.seals = new Seals<>(registry);
        this.intents = new StageIntents(registry);
        this.runner = new StageRunner(
                pool,
                database,
                new LockPatience(Duration.ofMillis(300), Duration.ofMillis(1), Duration.ofMillis(5), 1));
        this.barrier = new Barrier(pool, database);
        this.passes = new Passes(pool, database, registry, "worker", CLAIM);
    }

    private ColumnChange resolve(String id) throws SQLException {
        List<Declaration> declarations = tables.names().stream()
                .map(table -> new Declaration(
                        id,
                        "Row.fullName",
                        Kind.REPLACE,
                        TableName.of(table),
                        List.of("name"),
                        List.of(new Declaration.NewColumn("full_name", null, true)),
                        guard.isJava() ? BRACKETS : SqlForm.SAME))
                .toList();
        List<Problem> problems = new ArrayList<>();
        try (Connection connection = pool.getConnection()) {
            Optional<ColumnChange> resolved = new Catalog(connection, database).resolve(id, declarations, problems);
            return resolved.orElseThrow(() -> new IllegalStateException(problems.toString()));
        }
    }

    private void run(String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<@Nullable Object> one(@Nullable Object value) {
        return Collections.singletonList(value);
    }

    /** What has happened so far, for people. */
    List<String> told() {
        return told;
    }

    /** How many writes have been committed. */
    int writes() {
        return writes;
    }

    private void tell(String what) {
        told.add(what);
    }

    private Situation situation() throws SQLException {
        return registry.read(change.id()).orElseThrow().situation();
    }

    /** The straight way from the beginning, so far, so that events begin everywhere. */
    static List<Integer> wayUp(int far, Guard.Form guard) {
        List<Integer> steps = new ArrayList<>();
        List<Runnable> parts = List.of(
                () -> List.of(0, 1).forEach(node -> steps.add(number(node, 0, Phase.OLD_ONLY.ordinal()))),
                () -> steps.add(number(0, 10, 10)),
                () -> {
                    steps.add(number(0, 10, 11));
                    moveAll(steps, Phase.DUAL_WRITE);
                },
                () -> {
                    if (guard.isJava()) {
                        steps.add(SWITCH);
                    }
                    steps.add(number(0, 13, 1));
                    steps.add(number(0, 14, 3));
                },
                () -> {
                    steps.add(number(0, 10, 12));
                    moveAll(steps, Phase.READ_NEW);
                },
                () -> {
                    steps.add(number(0, 10, 13));
                    steps.add(number(0, 10, 11));
                    steps.add(number(0, 9, 5));
                    moveAll(steps, Phase.NEW_ONLY);
                },
                () -> steps.add(number(0, 10, 14)));
        parts.subList(0, far).forEach(Runnable::run);
        return steps;
    }

    /** Back to the beginning, as far as it may be. */
    static List<Integer> wayDown(Guard.Form guard) {
        List<Integer> steps = new ArrayList<>();
        moveAll(steps, Phase.READ_NEW);
        steps.add(number(0, 13, 0));
        steps.add(number(0, 14, 0));
        moveAll(steps, Phase.DUAL_WRITE);
        steps.add(number(0, 10, 12));
        if (guard.isJava()) {
            steps.add(SWITCH);
        }
        moveAll(steps, Phase.OLD_ONLY);
        return steps;
    }

    /** A node stands still in a transaction for longer than its lease lasts, and goes on after the others have sealed NEW. */
    static List<Integer> lateCommit() {
        List<Integer> steps = wayUp(2, Guard.Form.NONE);
        steps.addAll(List.of(
                number(0, 3, 0),
                number(0, 9, 1),
                number(0, 9, 3),
                number(1, 0, Phase.DUAL_WRITE.ordinal()),
                number(1, 8, 1),
                number(0, 13, 1),
                number(0, 14, 3),
                number(0, 4, 1),
                number(0, 6, 1)));
        return steps;
    }

    /** An unregistered writer changes a row. */
    static int legacyUpdate() {
        return number(0, 15, 4);
    }

    /** The operator ends the change before its time. */
    static int abandonment() {
        return number(0, 9, 4);
    }

    private static void moveAll(List<Integer> steps, Phase to) {
        for (int node = 0; node < 2; node++) {
            steps.add(number(node, 0, to.ordinal()));
            steps.add(number(node, 8, 1));
        }
    }

    private static int number(int node, int action, int argument) {
        return node + NODES * (action + 16 * argument);
    }

    /** Does what the number says, if it is possible now. */
    void step(int number) throws SQLException, InterruptedException {
        LiveNode node = nodes.get(number % NODES);
        int rest = number / NODES;
        int argument = rest / 16;
        switch (rest % 16) {
            case 0, 1, 2 -> joinOrMove(node, Phase.values()[argument % 5]);
            case 3 -> open(node);
            case 4, 5, 12 -> readOrWrite(node, argument);
            case 6, 7 -> end(node, argument % 4 != 0);
            case 8 -> drainOrLeave(node, argument);
            case 9 -> trouble(node, argument);
            case 10, 11 -> stage(argument);
            case 13 -> beginPass(argument % 4 == 0 ? Side.OLD : Side.NEW);
            case 14 -> workAtPass(argument % 4 == 0 ? Side.OLD : Side.NEW, argument % 3);
            default -> writeUnregistered(argument);
        }
        check();
    }

    private void joinOrMove(LiveNode node, Phase to) throws SQLException {
        if (node.phase() == null) {
            boolean joined = node.join(to);
            tell(node.name + (joined ? " joins in " + node.phase() : " may not join") + ", asked for " + to);
        } else if (node.phase() != to && node.move(to)) {
            tell(node.name + " moves to " + to);
        }
    }

    private void open(LiveNode node) throws SQLException {
        Phase phase = node.phase();
        if (phase != null && node.sessions.size() < 2) {
            LiveSession ignored = new LiveSession(node, phase, node.permit(), pool.getConnection(), tables);
            tell(node.name + " begins a transaction in " + ignored.phase);
        }
    }

    private void readOrWrite(LiveNode node, int argument) throws SQLException {
        if (node.sessions.isEmpty()) {
            open(node);
        }
        if (node.sessions.isEmpty()) {
            return;
        }
        LiveSession session = node.sessions.get(argument % node.sessions.size());
        long id = argument / 2 % ROWS + 1L;
        String value = "value " + told.size();
        try {
            if (argument % 3 == 0) {
                tell(node.name + " reads " + id + " in " + session.phase);
                session.read(id, values.get(id));
            } else if (argument % 3 == 1) {
                if (isFree(id, session)) {
                    tell(node.name + " writes " + id + " in " + session.phase + ": " + value);
                    session.update(id, value);
                }
            } else {
                tell(node.name + " inserts " + nextId + " in " + session.phase + ": " + value);
                session.insert(nextId++, value);
            }
        } catch (SQLException e) {
            failed(session, e);
        }
    }

    /** A statement may fail only in a session that could not commit anyway. */
    private void failed(LiveSession session, SQLException e) throws SQLException {
        LiveNode node = session.node;
        session.end(false);
        LiveSession again = new LiveSession(node, session.phase, session.permit, pool.getConnection(), tables);
        boolean counts = mayCommit(again);
        again.end(false);
        if (counts) {
            throw new AssertionError(node.name + " in " + session.phase + " failed though it is registered", e);
        }
        tell(node.name + " fails, and could not have committed: " + e.getMessage());
    }

    private boolean mayCommit(LiveSession session) throws SQLException {
        return bug == Bug.COMMITS_WITHOUT_LEASE || session.mayCommit();
    }

    private boolean isFree(long id, @Nullable LiveSession except) {
        return nodes.stream()
                .flatMap(node -> node.sessions.stream())
                .noneMatch(session -> session != except && session.hasWritten(id));
    }

    private void end(LiveNode node, boolean commit) throws SQLException {
        if (node.sessions.isEmpty()) {
            return;
        }
        LiveSession session = node.sessions.get(0);
        boolean commits = commit && mayCommit(session);
        Map<Long, String> written = session.end(commits);
        tell(node.name + (commits ? " commits " + written : " rolls back"));
        if (commits && !session.wrong().isEmpty()) {
            throw new AssertionError("A transaction that has committed: " + session.wrong());
        }
        values.putAll(written);
        writes += written.size();
    }

    private void drainOrLeave(LiveNode node, int argument) throws SQLException {
        if (node.phase() == null) {
            return;
        }
        if (argument % 4 == 0 && node.sessions.isEmpty()) {
            node.leave();
            tell(node.name + " leaves");
        } else {
            node.drained();
        }
    }

    private void trouble(LiveNode node, int argument) throws SQLException, InterruptedException {
        switch (argument % 6) {
            case 0 -> {
                node.crash();
                tell(node.name + " crashes");
            }
            case 1 -> {
                node.fallSilent();
                tell(node.name + " stands still");
            }
            case 2 -> {
                open(node);
                node.fallSilent();
                tell(node.name + " stands still");
                passTime();
            }
            case 3 -> passTime();
            case 4 -> abandon();
            default -> vouch();
        }
    }

    /** Where the guard does not see all that a script may do, the way to new-only needs somebody's word. */
    private void vouch() throws SQLException {
        if (guard == Guard.Form.JAVA_BLIND) {
            new Operator(registry).vouch(change.id(), "operator");
            tell("the operator vouches that no script writes any more");
        }
    }

    /** What a conductor does from then on, round after round. */
    private void abandon() throws SQLException, InterruptedException {
        tell("the change is abandoned");
        Situation before;
        Situation after = registry.situation(change.id());
        do {
            before = after;
            for (LiveNode each : nodes) {
                each.walk(Phase.OLD_ONLY);
            }
            Optional<Work> work = Abandonment.next(registry.situation(change.id()));
            if (work.isPresent() && isUntouched()) {
                perform(work.get());
            }
            after = situation();
        } while (!after.equals(before));
    }

    private void perform(Work work) throws SQLException, InterruptedException {
        if (work instanceof Work.Apply apply) {
            stage(apply.stage(), true, true);
        } else if (work instanceof Work.Revert revert) {
            stage(revert.stage(), false, true);
        } else if (work instanceof Work.SwitchGuard change) {
            switchGuard(change.refuses(), true);
        } else if (work instanceof Work.Seal seal) {
            beginPass(seal.side());
            workAtPass(seal.side(), 0);
        } else {
            guardBack();
        }
    }

    private void passTime() throws SQLException {
        for (int half = 0; half < 2; half++) {
            for (LiveNode each : nodes) {
                each.renewAndLook();
            }
            registry.read(change.id());
            clock.advance(LEASE.multipliedBy(6).dividedBy(10));
        }
        for (LiveNode each : nodes) {
            each.renewAndLook();
        }
        tell("more time passes than a lease lasts; those who do not stand still renew");
    }

    private void stage(int argument) throws SQLException, InterruptedException {
        // The statements would wait for the transactions that have used the table.
        if (!isUntouched()) {
            return;
        }
        boolean executes = argument / 10 % 4 != 0;
        Situation s = situation();
        Progress refusal = s.guard().refusal();
        Stage stage = underWay(s).orElse(Stage.values()[argument % Stage.values().length]);
        Progress now = s.stages().of(stage);
        boolean guarding = stage == Stage.GUARD && now == Progress.DONE;
        int what = argument / 5 % 4;
        if (refusal.underWay() || (guarding && guard.isJava() && what == 1)) {
            switchGuard(refusal == Progress.PENDING || refusal == Progress.APPLYING, executes);
        } else if (guarding && what % 2 == 0) {
            guardBack();
        } else if (stage != Stage.GUARD || guard != Guard.Form.NONE) {
            // Now and then somebody wants the opposite of what is under way.
            boolean turns = now.underWay() && argument / 40 % 3 == 0;
            stage(stage, (now == Progress.PENDING || now == Progress.APPLYING) != turns, executes);
        }
    }

    private void stage(Stage stage, boolean apply, boolean executes) throws SQLException, InterruptedException {
        OptionalLong intent = intents.begin(change.id(), stage, apply);
        if (intent.isPresent()) {
            tell((apply ? "apply " : "revert ") + stage + ": intent");
            if (executes) {
                execute(stage, apply, intent.getAsLong());
            }
        }
    }

    private void switchGuard(boolean refuse, boolean executes) throws SQLException, InterruptedException {
        OptionalLong intent = intents.beginSwitch(change.id(), refuse);
        if (intent.isPresent()) {
            tell("let the guard " + (refuse ? "refuse" : "record") + ": intent");
            if (executes) {
                boolean refuses = refuse && bug != Bug.GUARD_NEVER_REFUSES;
                runner.guard(change, Side.NEW, refuses ? GuardMode.REFUSES : GuardMode.RECORDS, connection -> {});
                intents.endSwitch(change.id(), refuse, intent.getAsLong());
                tell("the guard " + (refuse ? "refuses" : "records"));
            }
        }
    }

    private boolean isUntouched() {
        return nodes.stream().flatMap(node -> node.sessions.stream()).noneMatch(LiveSession::hasTouched);
    }

    private static Optional<Stage> underWay(Situation s) {
        return Arrays.stream(Stage.values())
                .filter(stage -> s.stages().of(stage).underWay())
                .findFirst();
    }

    private void execute(Stage stage, boolean apply, long intent) throws SQLException, InterruptedException {
        boolean guarded = guard != Guard.Form.NONE;
        if (stage == Stage.GUARD && apply) {
            runner.guard(change, Side.NEW, connection -> {});
        } else if (stage == Stage.GUARD) {
            runner.unguard(change, Side.NEW, connection -> {});
            runner.unguard(change, Side.OLD, connection -> {});
        } else if (apply) {
            runner.apply(change, stage, guarded, connection -> {});
        } else {
            runner.revert(change, stage, guarded, connection -> {});
        }
        intents.end(change.id(), stage, apply, intent);
        tell((apply ? "applied " : "reverted ") + stage);
    }

    private void guardBack() throws SQLException, InterruptedException {
        OptionalLong intent = intents.beginBack(change.id());
        if (intent.isPresent()) {
            runner.guard(change, Side.OLD, connection -> {});
            intents.guardedBack(change.id(), intent.getAsLong());
            tell("the guard fills OLD");
        }
    }

    private void beginPass(Side side) throws SQLException, InterruptedException {
        Optional<Situation> begun = seals.begin(change.id(), side);
        if (begun.isEmpty()) {
            return;
        }
        Situation noted = begun.get();
        // Without a guard every transaction is waited for. Other tests have some on this server, so here it is known
        // which: to the database a transaction begins with its first statement.
        boolean over = noted.guard().expectsUnregisteredWriters()
                ? barrier.await(change, false, Duration.ofMillis(1), () -> false, what -> {})
                : isUntouched();
        if (over && passes.open(change, side, noted.epoch())) {
            passEpochs.put(side, noted.epoch());
            tell("a pass over " + side + " begins in epoch " + noted.epoch());
        }
    }

    private void workAtPass(Side side, int batches) throws SQLException {
        Long epoch = passEpochs.get(side);
        if (epoch == null) {
            if (guard.isJava()) {
                tell(passes.drain(change, () -> true) + " recorded rows are left");
            }
            return;
        }
        AtomicInteger asked = new AtomicInteger();
        passes.work(change, side, epoch, PACE, () -> batches == 0 || asked.incrementAndGet() <= 2 + batches);
        boolean sealed = seals.verdict(
                change.id(), side, epoch, row -> passes.isComplete(row.connection(), change, side, epoch));
        tell("the pass over " + side + " goes on" + (sealed ? " and seals it" : ""));
    }

    /** By somebody who knows nothing but the old column. */
    private void writeUnregistered(int argument) throws SQLException {
        Situation s = situation();
        if (!s.guard().expectsUnregisteredWriters() || !s.stages().pending(Stage.CONTRACT)) {
            return;
        }
        long id = argument % ROWS + 1L;
        String value = "legacy " + told.size();
        boolean inserts = argument / 4 % 3 == 0;
        if (inserts) {
            long inserted = nextId++;
            writeUnregistered(
                    inserted,
                    value,
                    "INSERT INTO " + tables.of(inserted) + " (id, name) VALUES (" + inserted + ", '" + value + "')");
        } else if (isFree(id, null)) {
            writeUnregistered(id, value, "UPDATE " + tables.of(id) + " SET name = '" + value + "' WHERE id = " + id);
        }
    }

    private void writeUnregistered(long id, String value, String sql) throws SQLException {
        tell("a script writes " + id + ": " + value);
        try {
            run(sql);
            values.put(id, value);
            writes++;
        } catch (SQLException e) {
            if (!situation().guard().mayRefuse()) {
                throw new AssertionError("A script failed though no guard refuses", e);
            }
            tell("and is refused");
        }
    }

    /** A sealed side holds the value of every row; and at least one side is sealed. */
    private void check() throws SQLException {
        Situation s = situation();
        if (!s.sealedOld() && !s.sealedNew()) {
            throw new AssertionError("No side is sealed: " + s);
        }
        for (Side side : Side.values()) {
            if (s.sealed(side)) {
                check(side, s);
            }
        }
    }

    private void check(Side side, Situation s) throws SQLException {
        Map<Long, String> expected = new TreeMap<>();
        values.forEach((id, value) -> expected.put(id, tables.held(side, value)));
        Map<Long, String> found = new TreeMap<>();
        String sql = tables.names().stream()
                .map(table -> "SELECT id, " + LiveTables.column(side) + " FROM " + table)
                .collect(Collectors.joining(" UNION ALL "));
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            while (row.next()) {
                found.put(row.getLong(1), String.valueOf(row.getString(2)));
            }
        }
        if (!found.equals(expected)) {
            throw new AssertionError(
                    side + " is sealed and holds " + found + " where " + expected + " was committed; " + s);
        }
    }

    /** How far it came: the stages that are done and the seals. */
    Situation end() throws SQLException {
        for (LiveNode node : nodes) {
            node.crash();
        }
        check();
        return situation();
    }

    @Override
    public void close() throws SQLException {
        for (LiveNode node : nodes) {
            node.crash();
        }
        for (String table : tables.names()) {
            run("DROP TABLE " + table);
        }
    }
}
