package dev.segue.hibernate;

import dev.segue.database.Database;
import dev.segue.database.TableName;
import dev.segue.fleet.Layout;
import dev.segue.fleet.OpenSession;
import dev.segue.fleet.Permit;
import dev.segue.fleet.SessionHost;
import dev.segue.lifecycle.Phases;
import dev.segue.watch.Watch;
import jakarta.persistence.EntityGraph;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.hibernate.HibernateException;
import org.hibernate.SessionFactory;
import org.hibernate.SessionFactoryObserver;
import org.hibernate.cfg.JdbcSettings;
import org.hibernate.cfg.QuerySettings;
import org.hibernate.cfg.StatisticsSettings;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.hibernate.resource.jdbc.spi.StatementInspector;
import org.hibernate.stat.spi.StatisticsFactory;
import org.hibernate.stat.spi.StatisticsImplementor;
import org.jspecify.annotations.Nullable;

/**
 * A session factory that goes from one layout to the next while it is in use.
 *
 * <p>There is one real factory for each layout. New sessions come from the current one; those that are open stay with
 * theirs until they end, and then their factory is closed. What the application holds is {@link #proxy}, which never
 * changes.
 *
 * <p>A global transaction keeps the layout that its first session has, and so does a thread's current session. What the
 * application adds by program (listeners, named queries and graphs, observers) is added to every factory that follows, and
 * all factories count in the same statistics and have the same second-level cache.
 *
 * <p>Thread-safe.
 */
public final class SwitchableSessionFactory implements SessionHost {

    private static final Set<String> BUILDERS = Set.of("withOptions", "withStatelessOptions");
    private static final Set<String> OPENERS =
            Set.of("openSession", "openStatelessSession", "openTemporarySession", "createEntityManager", "open");

    /** Whether the calling thread opens a session that is followed as soon as it is there. */
    private static final ThreadLocal<Boolean> OPENING = ThreadLocal.withInitial(() -> false);

    private final Function<Map<String, Object>, SessionFactory> builder;
    private final Database database;
    private final PermitConnections connections;
    private final ShadowSamples shadowReads;
    private final SessionFactoryImplementor proxy;
    private final Map<Layout, SessionFactoryImplementor> factories = new ConcurrentHashMap<>();
    private final Map<SessionFactoryImplementor, Additions> additions = new ConcurrentHashMap<>();
    private final Map<String, EntityGraph<?>> graphs = new ConcurrentHashMap<>();
    private final List<SessionFactoryObserver> observers = new CopyOnWriteArrayList<>();
    private final List<Tenure> tenures = new CopyOnWriteArrayList<>();
    private final Map<Object, Tenure> transactions = new ConcurrentHashMap<>();
    private final NodeCache cache = new NodeCache(this::mayFillCache);
    private volatile @Nullable StatisticsImplementor statistics;
    private volatile @Nullable Tenure current;
    private volatile Supplier<List<SessionFactoryImplementor>> bound = List::of;
    private volatile Runnable beforeClose = () -> {};
    private volatile Runnable afterClose = () -> {};
    private volatile @Nullable Watch watch;
    private volatile @Nullable StatementInspector inspector;

    /**
     * @param database what the data source is connected to
     * @param dataSource the application's
     * @param direct connections outside its pool, with which factories are built: a pool that is exhausted holds no switch
     *     up
     * @param shadowReads hears of rows that differ in {@code shadow-read}
     * @param builder builds a session factory with the application's settings, overridden by those it is given
     */
    public SwitchableSessionFactory(
            Database database,
            DataSource dataSource,
            DataSource direct,
            ShadowReads shadowReads,
            Function<Map<String, Object>, SessionFactory> builder) {
        this.builder = builder;
        this.database = database;
        this.connections = new PermitConnections(dataSource, direct, new FirstLocks(database));
        this.shadowReads = new ShadowSamples(shadowReads);
        this.proxy = Delegates.proxy(SessionFactoryImplementor.class, new Dispatch());
    }

    /** What the application gets. */
    public SessionFactoryImplementor proxy() {
        return proxy;
    }

    /**
     * Says which real factories the calling thread has sessions of, of whichever persistence unit. Criteria objects must
     * come from the same factory as the session that runs them.
     */
    public void boundTo(Supplier<List<SessionFactoryImplementor>> factoriesOfThread) {
        bound = factoriesOfThread;
    }

    /**
     * Tells this watch of every statement and every session; to be called before a layout is prepared.
     *
     * @param applications the application's own setting of a statement inspector, if it has one
     */
    public void watch(Watch next, @Nullable Object applications) {
        inspector = WatchedStatements.application(applications);
        connections.watch(next.statements());
        watch = next;
    }

    /** Runs when the application closes its session factory, before the real ones are closed. */
    public void beforeClose(Runnable action) {
        beforeClose = action;
    }

    /** Runs when the last of the real session factories has been closed. */
    public void afterClose(Runnable action) {
        afterClose = action;
    }

    @Override
    public void prepare(Layout layout) {
        factories.computeIfAbsent(layout, this::build);
    }

    private SessionFactoryImplementor build(Layout layout) {
        Conversions conversions = new Conversions();
        Map<String, Object> settings = new HashMap<>();
        settings.put(Settings.LAYOUT, layout);
        settings.put(Settings.SHADOW_READS, shadowReads);
        settings.put(JdbcSettings.JAKARTA_NON_JTA_DATASOURCE, connections);
        settings.put(Settings.CONVERSIONS, conversions);
        settings.put(Settings.CACHE, cache);
        settings.put(Settings.OPENED, (OpenedSessions.Listener) this::openedElsewhere);
        settings.put(QuerySettings.SEMANTIC_QUERY_TRANSLATOR, TwinStatements.class.getName());
        settings.put(QuerySettings.QUERY_MULTI_TABLE_MUTATION_STRATEGY, TwinStatements.Mutations.class.getName());
        settings.put(QuerySettings.QUERY_MULTI_TABLE_INSERT_STRATEGY, TwinStatements.Inserts.class.getName());
        if (database == Database.POSTGRESQL) {
            // The driver would ask for generated keys by RETURNING *. Such a statement, once prepared in the server,
            // fails when a column comes or goes: "cached plan must not change result type". Hibernate's own
            // RETURNING names the key.
            settings.put(JdbcSettings.USE_GET_GENERATED_KEYS, "false");
        }
        StatisticsImplementor counted = statistics;
        if (counted != null) {
            settings.put(StatisticsSettings.STATS_BUILDER, (StatisticsFactory) factory -> counted);
            settings.put(StatisticsSettings.GENERATE_STATISTICS, String.valueOf(counted.isStatisticsEnabled()));
        }
        Watch watching = watch;
        if (watching != null) {
            settings.put(Settings.WATCH, watching.statements());
            settings.put(
                    JdbcSettings.STATEMENT_INSPECTOR, new WatchedStatements(watching.statements(), layout, inspector));
        }
        SessionFactoryImplementor factory =
                PermitConnections.building(() -> builder.apply(settings).unwrap(SessionFactoryImplementor.class));
        try {
            complete(factory, conversions);
        } catch (RuntimeException e) {
            factory.close();
            throw e;
        }
        statistics = factory.getStatistics();
        return factory;
    }

    private void complete(SessionFactoryImplementor factory, Conversions conversions) {
        Additions own = new Additions(factory);
        Tenure now = current;
        if (now != null) {
            addedTo(now.factory()).addTo(factory);
        }
        own.withOwn(() -> listen(factory, conversions));
        graphs.forEach(factory::addNamedEntityGraph);
        additions.put(factory, own);
    }

    private void listen(SessionFactoryImplementor factory, Conversions conversions) {
        // Who listens is called for every row of every entity.
        List<BeforeWrites> looks = Stream.of(new TwinState(), new LosslessWrites(conversions))
                .filter(look -> look.concernsSome(factory))
                .toList();
        looks.forEach(look -> look.listenTo(factory));
        conversions.unproven().listenTo(factory);
        IntroducedValues.listenTo(factory, conversions);
        GroupValues.listenTo(factory, conversions);
        Upserts.listenTo(factory, conversions, database);
        ShadowComparison.listenTo(factory, conversions, shadowReads);
        LateListeners.listenTo(factory, looks);
    }

    private Additions addedTo(SessionFactoryImplementor factory) {
        return Objects.requireNonNull(additions.get(factory));
    }

    @Override
    public synchronized void open(Layout layout, Permit permit) {
        SessionFactoryImplementor factory = factories.get(layout);
        if (factory == null) {
            throw new IllegalStateException("The layout has not been prepared: " + layout);
        }
        Tenure before = current;
        if (before != null && before.factory() != factory) {
            // It may have got some since the other was prepared.
            addedTo(before.factory()).addTo(factory);
        }
        Tenure next = new Tenure(layout, permit, factory, connections.application(), transactions);
        tenures.add(next);
        current = next;
        closeUnused();
    }

    @Override
    public void brace(String change, Set<TableName> tables) {
        connections.brace(change, tables);
    }

    @Override
    public boolean isBraced() {
        return connections.isBraced();
    }

    @Override
    public Phases occupied(String change, Permit permit) {
        Phases occupied = Phases.NONE;
        for (Tenure tenure : tenures) {
            if (tenure.permit() == permit && tenure.isOccupied()) {
                occupied = occupied.with(tenure.layout().phase(change));
            }
        }
        closeUnused();
        return occupied;
    }

    @Override
    public Optional<String> differences(String change) {
        return shadowReads.take(change);
    }

    @Override
    public List<OpenSession> openSessions() {
        return tenures.stream().flatMap(tenure -> tenure.sessions().stream()).toList();
    }

    /** Forgets what has drained. A factory that is prepared but has never been opened is kept: it is about to be. */
    private synchronized void closeUnused() {
        Tenure now = current;
        List<Tenure> drained = tenures.stream()
                .filter(tenure -> tenure != now && !tenure.isOccupied())
                .toList();
        tenures.removeAll(drained);
        for (Tenure gone : drained) {
            boolean used = tenures.stream().anyMatch(tenure -> tenure.factory() == gone.factory());
            if (!used && factories.remove(gone.layout(), gone.factory())) {
                additions.remove(gone.factory());
                gone.factory().close();
                cache.forget(gone.factory());
            }
        }
    }

    private void close() {
        beforeClose.run();
        observers.forEach(observer -> observer.sessionFactoryClosing(proxy));
        synchronized (this) {
            factories.values().forEach(SessionFactoryImplementor::close);
            factories.clear();
            additions.clear();
            tenures.clear();
            cache.close();
        }
        afterClose.run();
        observers.forEach(observer -> observer.sessionFactoryClosed(proxy));
        observers.clear();
    }

    private synchronized void addGraph(String name, EntityGraph<?> graph) {
        factories.values().forEach(factory -> factory.addNamedEntityGraph(name, graph));
        graphs.put(name, graph);
    }

    private boolean mayFillCache(SharedSessionContractImplementor session) {
        return tenures.stream()
                .anyMatch(tenure -> tenure.has(session) && tenure.permit().isFresh());
    }

    private Tenure current() {
        Tenure tenure = current;
        if (tenure == null) {
            throw new IllegalStateException("No layout has been opened yet.");
        }
        return tenure;
    }

    /** The current tenure, which stays until the caller has left it. */
    private Tenure entered() {
        while (true) {
            Tenure now = current();
            now.enter();
            // Somebody may have looked between the two lines and found it drained: then it must not be used.
            if (now == current) {
                return now;
            }
            now.exit();
        }
    }

    /** Opens something under the current tenure, or under that of the thread's global transaction. */
    private Object opened(Function<SessionFactoryImplementor, Object> opener) {
        Tenure now = entered();
        Tenure tenure = now.ofTransaction();
        if (tenure != now) {
            // Its transaction keeps it.
            tenure.enter();
            now.exit();
        }
        return opened(tenure, opener);
    }

    /** Opens something under a tenure that has counted it already. */
    private Object opened(Tenure tenure, Function<SessionFactoryImplementor, Object> opener) {
        PermitConnections.asksNow(tenure);
        OPENING.set(true);
        try {
            Object session = opener.apply(tenure.factory());
            SharedSessionContractImplementor real = real(session);
            tenure.follow(real);
            measure(tenure, real);
            return session;
        } catch (Throwable e) {
            tenure.exit();
            throw e;
        } finally {
            OPENING.remove();
            PermitConnections.asksNow(null);
        }
    }

    private void measure(Tenure tenure, SharedSessionContractImplementor session) {
        Watch watching = watch;
        if (watching != null) {
            session.getEventListenerManager()
                    .addListener(new MeasuredSession(watching.measures().session(tenure.layout())));
        }
    }

    /**
     * Counts a session that a real factory has opened by itself: as the child of another, or because the application has
     * asked a session for its factory. It gets here while it is made.
     */
    private void openedElsewhere(SharedSessionContractImplementor session) {
        if (OPENING.get() || PermitConnections.isBuilding()) {
            return;
        }
        SharedSessionContractImplementor owner = real(session);
        Tenure tenure = tenures.stream()
                .filter(each -> owner == session ? each.factory() == session.getFactory() : each.has(owner))
                // The last of them has the permit that counts.
                .reduce((earlier, later) -> later)
                .filter(this::isEntered)
                .orElseThrow(() -> refused("no session is open any more in the phase of that session factory"));
        if (owner == session
                && session.getJdbcCoordinator().getLogicalConnection().isPhysicallyConnected()) {
            tenure.exit();
            throw refused("it has its connection already, which would be committed without a check");
        }
        tenure.followEarly(session);
        measure(tenure, session);
    }

    private boolean isEntered(Tenure tenure) {
        if (tenure.enterOccupied()) {
            return true;
        }
        tenure.enter();
        if (tenure == current) {
            return true;
        }
        tenure.exit();
        return false;
    }

    /** Its transaction may have begun in another phase, and whoever commits it asks for no permit. */
    private static void requireNoConnection(Object @Nullable [] arguments) {
        if (arguments != null && Arrays.stream(arguments).anyMatch(Connection.class::isInstance)) {
            throw new HibernateException(
                    "A session cannot be opened over a connection that it is given while columns are"
                            + " being changed: what it reads and writes would not be checked. Let it take one from the data source.");
        }
    }

    private static HibernateException refused(String why) {
        return new HibernateException("A session cannot be opened from another session or from its session factory: "
                + why + ". Open it with the session factory that the application has been given.");
    }

    /** Hibernate's own object for a session; a current one may be wrapped, and then has hardly another method. */
    private static SharedSessionContractImplementor real(Object session) {
        return (SharedSessionContractImplementor) ((SharedSessionContractImplementor) session)
                .getJdbcCoordinator()
                .getJdbcSessionOwner();
    }

    /**
     * The thread's current session stays the one that it is until it ends. Hibernate looks for it by the real factory, and
     * the current factory does not know a session of an earlier one.
     */
    private Object currentSession(Function<SessionFactoryImplementor, Object> opener) {
        Object session = bound(opener);
        tenures.forEach(tenure -> tenure.noteCurrent(real(session)));
        return session;
    }

    private Object bound(Function<SessionFactoryImplementor, Object> opener) {
        Tenure now = current();
        for (Tenure tenure : tenures) {
            // As long as it has the session, it is occupied.
            if (tenure.hasCurrent()) {
                tenure.enter();
                return opened(tenure, opener);
            }
        }
        try {
            return opened(opener);
        } catch (HibernateException nothingBound) {
            return boundEarlier(opener, now, nothingBound);
        }
    }

    /** Where sessions are bound by the application, one may be bound that an earlier factory has opened. */
    private Object boundEarlier(
            Function<SessionFactoryImplementor, Object> opener, Tenure now, HibernateException nothingBound) {
        for (Tenure tenure : tenures) {
            if (tenure != now && tenure.isOccupied()) {
                tenure.enter();
                try {
                    return opened(tenure, opener);
                } catch (HibernateException e) {
                    nothingBound.addSuppressed(e);
                }
            }
        }
        throw nothingBound;
    }

    private static @Nullable Object invoke(Object target, Method method, Object @Nullable [] arguments) {
        try {
            return Delegates.call(target, method, arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the application's calls become. */
    private final class Dispatch implements InvocationHandler {

        @Override
        public @Nullable Object invoke(Object self, Method method, Object @Nullable [] arguments) throws Throwable {
            String name = method.getName();
            if (OPENERS.contains(name)) {
                requireNoConnection(arguments);
                return opened(
                        factory -> Objects.requireNonNull(SwitchableSessionFactory.invoke(factory, method, arguments)));
            }
            if (BUILDERS.contains(name)) {
                return new Options(method, arguments).proxy();
            }
            return switch (name) {
                case "getCurrentSession" ->
                    currentSession(factory ->
                            Objects.requireNonNull(SwitchableSessionFactory.invoke(factory, method, arguments)));
                case "addNamedEntityGraph" -> {
                    addGraph((String) Objects.requireNonNull(arguments)[0], (EntityGraph<?>) arguments[1]);
                    yield null;
                }
                case "addObserver" -> {
                    observers.add((SessionFactoryObserver) Objects.requireNonNull(arguments)[0]);
                    yield null;
                }
                case "equals" -> arguments != null && self == arguments[0];
                case "hashCode" -> System.identityHashCode(self);
                case "toString" -> "Switchable" + current().layout();
                case "close" -> {
                    close();
                    yield null;
                }
                case "unwrap" -> unwrap(self, arguments == null ? null : (Class<?>) arguments[0]);
                case "getCriteriaBuilder", "getMetamodel" -> {
                    Optional<SessionFactoryImplementor> own = bound.get().stream()
                            .filter(factories::containsValue)
                            .findFirst();
                    yield own.isEmpty() ? ofCurrent(method, arguments) : Delegates.call(own.get(), method, arguments);
                }
                case "runInTransaction", "callInTransaction" -> inTransaction(name, arguments);
                default ->
                    // Default methods such as inTransaction open their session on this proxy, so that it is counted.
                    method.isDefault() && method.getDeclaringClass() == SessionFactory.class
                            ? InvocationHandler.invokeDefault(self, method, arguments)
                            : ofCurrent(method, arguments);
            };
        }

        /** What the current factory says: for as long as it takes, the factory is not closed by a switch. */
        private @Nullable Object ofCurrent(Method method, Object @Nullable [] arguments) throws Throwable {
            Tenure tenure = entered();
            try {
                return Delegates.call(tenure.factory(), method, arguments);
            } finally {
                tenure.exit();
            }
        }

        private Object unwrap(Object self, @Nullable Class<?> type) {
            // Spring Data unwraps JDK proxies with null until nothing changes any more; it must get a real factory.
            if (type == null || type == jakarta.persistence.EntityManagerFactory.class) {
                return current().factory();
            }
            return type.isInstance(self) ? self : current().factory().unwrap(type);
        }

        @SuppressWarnings("unchecked")
        private @Nullable Object inTransaction(String name, Object @Nullable [] arguments) {
            Object work = Objects.requireNonNull(arguments)[0];
            if (name.equals("runInTransaction")) {
                proxy.inTransaction((Consumer<Object>) work);
                return null;
            }
            return proxy.fromTransaction((Function<Object, @Nullable Object>) work);
        }
    }

    /** Options for a session that is opened later: they are given to the factory that is current by then. */
    private final class Options implements InvocationHandler {

        private final Method start;
        private final Object @Nullable [] startArguments;
        private final List<Consumer<Object>> calls = new ArrayList<>();

        Options(Method start, Object @Nullable [] startArguments) {
            this.start = start;
            this.startArguments = startArguments;
        }

        Object proxy() {
            return Delegates.proxy(start.getReturnType(), this);
        }

        @Override
        public @Nullable Object invoke(Object self, Method method, Object @Nullable [] arguments) {
            if (OPENERS.contains(method.getName())) {
                return opened(factory ->
                        Objects.requireNonNull(SwitchableSessionFactory.invoke(options(factory), method, arguments)));
            }
            if (method.getDeclaringClass() == Object.class) {
                return SwitchableSessionFactory.invoke(calls, method, arguments);
            }
            requireNoConnection(arguments);
            calls.add(options -> SwitchableSessionFactory.invoke(options, method, arguments));
            return self;
        }

        private Object options(SessionFactoryImplementor factory) {
            Object options = Objects.requireNonNull(SwitchableSessionFactory.invoke(factory, start, startArguments));
            calls.forEach(call -> call.accept(options));
            return options;
        }
    }
}
