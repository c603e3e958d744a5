package dev.segue.live;

import dev.segue.backfill.Pace;
import dev.segue.backfill.Passes;
import dev.segue.change.ColumnChange;
import dev.segue.change.Declaration;
import dev.segue.change.Problem;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import dev.segue.fleet.LockedRow;
import dev.segue.fleet.Membership;
import dev.segue.fleet.NodeIdentity;
import dev.segue.fleet.Registry;
import dev.segue.fleet.Seals;
import dev.segue.fleet.StageIntents;
import dev.segue.fleet.TestClock;
import dev.segue.lifecycle.Guard;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Progress;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Situation;
import dev.segue.lifecycle.Stage;
import dev.segue.schema.Barrier;
import dev.segue.schema.Catalog;
import dev.segue.schema.LockPatience;
import dev.segue.schema.StageRunner;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Three nodes, a table of few rows and all that may happen to them, on a real database with the production classes. What
 * happens is told one step at a time by numbers, so that a run can be repeated and made shorter. Beside it the values are
 * kept that the rows must have.
 */
final class LiveFleet implements AutoCloseable {

    private static final Duration LEASE = Duration.ofMinutes(10);
    private static final int NODES = 3;
    private static final int ROWS = 4;
    private static final Pace PACE = new Pace(Duration.ofMillis(200), 2, 2, 0);

    private final DataSource pool;
    private final Database database;
    private final Guard.Form guard;
    private final boolean checksCommits;
    private final String table;
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

    /** @param checksCommits false is a bug that must be found */
    LiveFleet(DataSource pool, Database database, Guard.Form guard, boolean checksCommits, int number)
            throws SQLException {
        this.checksCommits = checksCommits;
        this.pool = pool;
        this.database = database;
        this.guard = guard;
        this.table = "t" + number;
        run("CREATE TABLE " + table + " (id bigint PRIMARY KEY, name varchar(50) NOT NULL)");
        for (long id = 1; id <= ROWS; id++) {
            run("INSERT INTO " + table + " VALUES (" + id + ", 'first " + id + "')");
            values.put(id, "first " + id);
        }
        this.change = resolve();
        this.registry = new Registry(pool, database, "conductor", clock);
        registry.declare(change.id(), change.definition(), Kind.REPLACE, guard);
        for (int i = 0; i < NODES; i++) {
            String name = "n" + i;
            Registry own = new Registry(pool, database, name, clock);
            nodes.add(new LiveNode(
                    name, own, new Membership(own, new NodeIdentity(name, "app", "1"), LEASE, clock), change.id()));
        }
        this.seals = new Seals<>(registry);
        this.intents = new StageIntents(registry);
        this.runner = new StageRunner(
                pool,
                database,
                new LockPatience(Duration.ofMillis(300), Duration.ofMillis(1), Duration.ofMillis(5), 1));
        this.barrier = new Barrier(pool, database);
        this.passes = new Passes(pool, database, registry, "worker", Duration.ofSeconds(1));
    }

    private ColumnChange resolve() throws SQLException {
        List<Problem> problems = new ArrayList<>();
        try (Connection connection = pool.getConnection()) {
            Optional<ColumnChange> resolved = new Catalog(connection, database)
                    .resolve(
                            table,
                            List.of(Declaration.rename(
                                    table, "Row.fullName", TableName.of(table), "name", "full_name", true)),
                            problems);
            return resolved.orElseThrow(() -> new IllegalStateException(problems.toString()));
        }
    }

    private void run(String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
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
    static List<Integer> wayUp(int far) {
        List<Integer> steps = new ArrayList<>();
        List<Runnable> parts = List.of(
                () -> List.of(0, 1).forEach(node -> steps.add(number(node, 0, Phase.OLD_ONLY.ordinal()))),
                () -> steps.add(number(0, 10, 10)),
                () -> {
                    steps.add(number(0, 10, 11));
                    moveAll(steps, Phase.DUAL_WRITE);
                },
                () -> {
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
                    moveAll(steps, Phase.NEW_ONLY);
                },
                () -> steps.add(number(0, 10, 14)));
        parts.subList(0, far).forEach(Runnable::run);
        return steps;
    }

    /** Back to the beginning, as far as it may be. */
    static List<Integer> wayDown() {
        List<Integer> steps = new ArrayList<>();
        moveAll(steps, Phase.READ_NEW);
        steps.add(number(0, 13, 0));
        steps.add(number(0, 14, 0));
        moveAll(steps, Phase.DUAL_WRITE);
        steps.add(number(0, 10, 12));
        moveAll(steps, Phase.OLD_ONLY);
        return steps;
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
            case 4, 5 -> readOrWrite(node, argument);
            case 6, 7 -> end(node, argument % 4 != 0);
            case 8 -> drainOrLeave(node, argument);
            case 9 -> trouble(node, argument);
            case 10, 11, 12 -> stage(argument);
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
            LiveSession ignored = new LiveSession(node, phase, node.permit(), pool.getConnection(), table);
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
        LiveSession again = new LiveSession(node, session.phase, session.permit, pool.getConnection(), table);
        boolean counts = mayCommit(again);
        again.end(false);
        if (counts) {
            throw new AssertionError(node.name + " in " + session.phase + " failed though it is registered", e);
        }
        tell(node.name + " fails, and could not have committed: " + e.getMessage());
    }

    private boolean mayCommit(LiveSession session) throws SQLException {
        return !checksCommits || session.mayCommit();
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

    private void trouble(LiveNode node, int argument) throws SQLException {
        switch (argument % 4) {
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
            default -> passTime();
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
        Stage stage = underWay().orElse(Stage.values()[argument % Stage.values().length]);
        Progress now = situation().stages().of(stage);
        boolean apply = now == Progress.PENDING || now == Progress.APPLYING;
        if (stage == Stage.GUARD && guard == Guard.Form.NONE) {
            return;
        }
        if (stage == Stage.GUARD && now == Progress.DONE && argument / 5 % 2 == 0) {
            guardBack();
        } else if (intents.begin(change.id(), stage, apply)) {
            tell((apply ? "apply " : "revert ") + stage + ": intent");
            if (argument / 10 % 4 != 0) {
                execute(stage, apply);
            }
        }
    }

    private boolean isUntouched() {
        return nodes.stream().flatMap(node -> node.sessions.stream()).noneMatch(LiveSession::hasTouched);
    }

    private Optional<Stage> underWay() throws SQLException {
        Situation s = situation();
        for (Stage stage : Stage.values()) {
            if (s.stages().of(stage).underWay()) {
                return Optional.of(stage);
            }
        }
        return Optional.empty();
    }

    private void execute(Stage stage, boolean apply) throws SQLException, InterruptedException {
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
        intents.end(change.id(), stage, apply);
        tell((apply ? "applied " : "reverted ") + stage);
    }

    private void guardBack() throws SQLException, InterruptedException {
        if (situation().stages().pending(Stage.CONTRACT)) {
            runner.guard(change, Side.OLD, connection -> {});
            intents.guardedBack(change.id());
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
        if (guard == Guard.Form.NONE || !situation().stages().pending(Stage.CONTRACT)) {
            return;
        }
        long id = argument % ROWS + 1L;
        String value = "legacy " + told.size();
        if (argument / 4 % 3 == 0) {
            long inserted = nextId++;
            tell("a script inserts " + inserted + ": " + value);
            run("INSERT INTO " + table + " (id, name) VALUES (" + inserted + ", '" + value + "')");
            values.put(inserted, value);
        } else if (isFree(id, null)) {
            tell("a script writes " + id + ": " + value);
            run("UPDATE " + table + " SET name = '" + value + "' WHERE id = " + id);
            values.put(id, value);
        }
        writes++;
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
        String column = side == Side.OLD ? "name" : "full_name";
        Map<Long, String> found = new TreeMap<>();
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                var row = statement.executeQuery("SELECT id, " + column + " FROM " + table)) {
            while (row.next()) {
                found.put(row.getLong(1), String.valueOf(row.getString(2)));
            }
        }
        if (!found.equals(values)) {
            throw new AssertionError(
                    side + " is sealed and holds " + found + " where " + values + " was committed; " + s);
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
        run("DROP TABLE " + table);
    }
}
