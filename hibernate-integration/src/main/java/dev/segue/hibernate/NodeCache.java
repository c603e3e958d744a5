package dev.segue.hibernate;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.hibernate.boot.spi.SessionFactoryOptions;
import org.hibernate.cache.cfg.spi.DomainDataRegionBuildingContext;
import org.hibernate.cache.cfg.spi.DomainDataRegionConfig;
import org.hibernate.cache.spi.CacheTransactionSynchronization;
import org.hibernate.cache.spi.DomainDataRegion;
import org.hibernate.cache.spi.QueryResultsRegion;
import org.hibernate.cache.spi.Region;
import org.hibernate.cache.spi.RegionFactory;
import org.hibernate.cache.spi.TimestampsRegion;
import org.hibernate.cache.spi.access.AccessType;
import org.hibernate.cache.spi.access.CollectionDataAccess;
import org.hibernate.cache.spi.access.EntityDataAccess;
import org.hibernate.cache.spi.access.NaturalIdDataAccess;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.jspecify.annotations.Nullable;

/**
 * The second-level cache of a node, the same for all its session factories: an old factory that is closed closes no cache
 * of the next, and while both are in use they lock, invalidate and time their entries in one place.
 *
 * <ol>
 *   <li>Every entry has the form that it would have without any change; see {@link PlainEntries}. So nodes in adjacent
 *       phases may share the cache, and a node without the annotation too.
 *   <li>An entry's values are the attribute's. Phases that may stand side by side read the same ones, so it does not matter
 *       which of them has written the entry.
 *   <li>What a session has read comes into the cache only while its node's lease runs. After it the fleet may have gone on
 *       to where nobody keeps current what this node reads.
 * </ol>
 *
 * <p>Thread-safe, as the provider is.
 */
final class NodeCache implements RegionFactory {

    private static final long serialVersionUID = 1L;

    private final transient Predicate<SharedSessionContractImplementor> mayFill;
    private final transient PlainEntries entries = new PlainEntries();
    private final transient Map<String, DomainDataRegion> domain = new ConcurrentHashMap<>();
    private final transient Map<String, QueryResultsRegion> results = new ConcurrentHashMap<>();
    private final transient Map<String, TimestampsRegion> timestamps = new ConcurrentHashMap<>();
    private transient @Nullable RegionFactory provider;
    private transient boolean started;

    /** @param mayFill whether what the session has read may come into the cache */
    NodeCache(Predicate<SharedSessionContractImplementor> mayFill) {
        this.mayFill = mayFill;
    }

    /** Over the application's provider of caches, which is made once. */
    synchronized NodeCache over(Supplier<RegionFactory> made) {
        if (provider == null) {
            provider = made.get();
        }
        return this;
    }

    private synchronized RegionFactory provider() {
        RegionFactory known = provider;
        if (known == null) {
            throw new IllegalStateException("The provider of caches is not known yet.");
        }
        return known;
    }

    /** A factory is closed; the cache is not. */
    void forget(SessionFactoryImplementor factory) {
        entries.forget(factory);
    }

    /** Closes the caches, when all factories have been closed. */
    synchronized void close() {
        if (started) {
            started = false;
            domain.values().forEach(Region::destroy);
            results.values().forEach(Region::destroy);
            timestamps.values().forEach(Region::destroy);
            provider().stop();
        }
    }

    @Override
    public synchronized void start(SessionFactoryOptions settings, Map<String, Object> values) {
        if (!started) {
            provider().start(settings, values);
            started = true;
        }
    }

    @Override
    public void stop() {
        // Another factory may use it.
    }

    @Override
    public boolean isMinimalPutsEnabledByDefault() {
        return provider().isMinimalPutsEnabledByDefault();
    }

    @Override
    public AccessType getDefaultAccessType() {
        return provider().getDefaultAccessType();
    }

    @Override
    public String qualify(String regionName) {
        return provider().qualify(regionName);
    }

    @Override
    public CacheTransactionSynchronization createTransactionContext(SharedSessionContractImplementor session) {
        return provider().createTransactionContext(session);
    }

    @Override
    public long nextTimestamp() {
        return provider().nextTimestamp();
    }

    @Override
    public long getTimeout() {
        return provider().getTimeout();
    }

    @Override
    public DomainDataRegion buildDomainDataRegion(
            DomainDataRegionConfig config, DomainDataRegionBuildingContext context) {
        DomainDataRegion region = domain.computeIfAbsent(
                config.getRegionName(), name -> provider().buildDomainDataRegion(config, context));
        return shared(DomainDataRegion.class, region, (method, result) -> {
            if (result instanceof EntityDataAccess access) {
                return Delegates.proxy(EntityDataAccess.class, new Entities(access));
            }
            if (result instanceof CollectionDataAccess access) {
                return Delegates.proxy(CollectionDataAccess.class, new Guarded(access));
            }
            if (result instanceof NaturalIdDataAccess access) {
                return Delegates.proxy(NaturalIdDataAccess.class, new Guarded(access));
            }
            return result;
        });
    }

    @Override
    public QueryResultsRegion buildQueryResultsRegion(String name, SessionFactoryImplementor factory) {
        QueryResultsRegion region =
                results.computeIfAbsent(name, given -> provider().buildQueryResultsRegion(given, factory));
        return Delegates.proxy(QueryResultsRegion.class, (proxy, method, arguments) -> {
            boolean fills = method.getName().equals("putIntoCache");
            return isDestroy(method)
                            || (fills
                                    && arguments != null
                                    && !mayFill.test((SharedSessionContractImplementor) arguments[2]))
                    ? null
                    : Delegates.call(region, method, arguments);
        });
    }

    @Override
    public TimestampsRegion buildTimestampsRegion(String name, SessionFactoryImplementor factory) {
        TimestampsRegion region =
                timestamps.computeIfAbsent(name, given -> provider().buildTimestampsRegion(given, factory));
        return shared(TimestampsRegion.class, region, (method, result) -> result);
    }

    private static boolean isDestroy(Method method) {
        return method.getName().equals("destroy");
    }

    /** A region as one factory sees it, which does not destroy it for the others. */
    private static <T extends Region> T shared(Class<T> type, T region, Delegates.After after) {
        return Delegates.proxy(
                type,
                (proxy, method, arguments) ->
                        isDestroy(method) ? null : after.change(method, Delegates.call(region, method, arguments)));
    }

    /** Takes what has been read only from sessions that may fill the cache. */
    private class Guarded implements InvocationHandler {

        private final Object access;

        Guarded(Object access) {
            this.access = access;
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
            boolean fills = method.getName().equals("putFromLoad");
            return fills && arguments != null && !mayFill.test((SharedSessionContractImplementor) arguments[0])
                    ? (Object) false
                    : Delegates.call(access, method, arguments);
        }
    }

    /** Keeps entities in their plain form. */
    private final class Entities extends Guarded {

        private static final int VALUE = 2;

        Entities(EntityDataAccess access) {
            super(access);
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
            if (arguments == null) {
                return super.invoke(proxy, method, arguments);
            }
            return switch (method.getName()) {
                case "get" -> {
                    Object entry = super.invoke(proxy, method, arguments);
                    yield entry == null
                            ? null
                            : entries.toMapped(entry, ((SharedSessionContractImplementor) arguments[0]).getFactory());
                }
                case "putFromLoad", "insert", "afterInsert", "update", "afterUpdate" -> {
                    SessionFactoryImplementor factory = ((SharedSessionContractImplementor) arguments[0]).getFactory();
                    Object[] plain = arguments.clone();
                    plain[VALUE] = entries.toPlain(arguments[VALUE], factory);
                    yield entries.isUnproven(arguments[VALUE], factory) ? false : super.invoke(proxy, method, plain);
                }
                default -> super.invoke(proxy, method, arguments);
            };
        }
    }
}
