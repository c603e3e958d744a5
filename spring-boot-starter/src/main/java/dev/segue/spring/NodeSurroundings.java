package dev.segue.spring;

import com.zaxxer.hikari.HikariDataSource;
import dev.segue.Replica;
import dev.segue.RequestSource;
import dev.segue.Segue;
import dev.segue.Surroundings;
import dev.segue.backfill.CommitLatency;
import dev.segue.backfill.DatabaseSignals;
import dev.segue.backfill.ServerSignals;
import dev.segue.backfill.Throttle;
import dev.segue.backfill.ThrottleSignal;
import dev.segue.backfill.TimeWindow;
import dev.segue.change.Problem;
import dev.segue.database.Database;
import dev.segue.watch.Measures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes of properties and beans what nodes have around them: flags, replicas, and the throttle with what the configuration
 * names and the application's own signals.
 */
final class NodeSurroundings {

    private final SegueProperties properties;
    private static final Logger log = LoggerFactory.getLogger(NodeSurroundings.class);

    private final RequestSource flags;
    private final List<ThrottleSignal> own;

    NodeSurroundings(SegueProperties properties, RequestSource flags, List<ThrottleSignal> own) {
        this.properties = properties;
        this.flags = flags;
        this.own = own;
    }

    /** Pools of connections to the replicas, and what stands on them. */
    record Opened(Surroundings surroundings, List<HikariDataSource> pools) implements AutoCloseable {

        @Override
        public void close() {
            pools.forEach(HikariDataSource::close);
        }
    }

    /** What is wrong with the properties. */
    List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        String hours = properties.getThrottle().getHours();
        if (hours != null) {
            try {
                TimeWindow.parse(hours);
            } catch (IllegalArgumentException e) {
                problems.add(new Problem(
                        "segue.throttle.hours",
                        hours,
                        e.getMessage() + "",
                        "Name the hours and the zone, or remove the property to work at any time."));
            }
        }
        for (String url : properties.getReplicas()) {
            if (!url.startsWith("jdbc:postgresql:") && !url.startsWith("jdbc:mysql:")) {
                problems.add(new Problem(
                        "segue.replicas",
                        name(url),
                        "It is no JDBC URL of PostgreSQL or MySQL.",
                        "Give the URL by which the application reads from the replica, or remove it."));
            }
        }
        return problems;
    }

    /**
     * @param application whose pool is watched
     * @param measures of the application's statements
     * @param connect opens a pool of few connections to a replica, which need not answer now
     */
    Opened of(
            Segue.Checked checked,
            DataSource application,
            Measures measures,
            Function<String, HikariDataSource> connect) {
        List<Replica> replicas = new ArrayList<>();
        List<HikariDataSource> pools = new ArrayList<>();
        for (String url : properties.getReplicas()) {
            HikariDataSource pool = connect.apply(url);
            pools.add(pool);
            replicas.add(new Replica(name(url), pool));
        }
        Throttle throttle = throttle(checked.direct(), checked.database(), application, measures, replicas);
        return new Opened(new Surroundings(flags, throttle, replicas), pools);
    }

    private Throttle throttle(
            DataSource direct, Database database, DataSource application, Measures measures, List<Replica> replicas) {
        SegueProperties.Throttle limits = properties.getThrottle();
        List<ThrottleSignal> signals = new ArrayList<>(own);
        Duration lag = limits.getMaxReplicationLag();
        if (isSet(lag)) {
            // Of its replicas a MySQL source knows nothing.
            if (database == Database.POSTGRESQL) {
                signals.add(DatabaseSignals.standbyLag(direct, lag));
            }
            replicas.forEach(replica -> signals.add(
                    DatabaseSignals.replicaLag(replica.name(), replica.dataSource(), direct, database, lag)));
        }
        if (limits.getMaxActiveSessions() > 0) {
            signals.add(DatabaseSignals.activeSessions(direct, database, limits.getMaxActiveSessions()));
        }
        signals.addAll(ofTheServer(direct, database, limits));
        if (isSet(limits.getMaxCommitLatency())) {
            signals.add(new CommitLatency(limits.getMaxCommitLatency()));
        }
        if (limits.getMaxWaitingThreads() > 0) {
            signals.add(new WaitingThreads(application, limits.getMaxWaitingThreads()));
        }
        if (isSet(limits.getMaxStatementLatency())) {
            signals.add(new StatementLatency(measures::all, limits.getMaxStatementLatency(), System::nanoTime));
        }
        return new Throttle(signals, hours(limits.getHours()));
    }

    private static List<ThrottleSignal> ofTheServer(
            DataSource direct, Database database, SegueProperties.Throttle limits) {
        List<ThrottleSignal> signals = new ArrayList<>();
        if (limits.getMaxLockWaiters() > 0) {
            signals.add(ServerSignals.lockWaiters(direct, database, limits.getMaxLockWaiters()));
        }
        long log = limits.getMaxLogRate().toBytes();
        if (log > 0) {
            signals.add(ServerSignals.logRate(direct, database, log));
        }
        if (limits.getMaxArchiveBacklog() > 0 && isFor(database, Database.POSTGRESQL, "max-archive-backlog")) {
            signals.add(ServerSignals.archiveBacklog(direct, limits.getMaxArchiveBacklog()));
        }
        if (limits.getMaxHistoryList() > 0 && isFor(database, Database.MYSQL, "max-history-list")) {
            signals.add(ServerSignals.historyList(direct, limits.getMaxHistoryList()));
        }
        return signals;
    }

    private static boolean isFor(Database database, Database only, String key) {
        if (database != only) {
            log.warn("segue.throttle.{} slows nothing down: there is no such thing on {}.", key, database);
        }
        return database == only;
    }

    private static @Nullable TimeWindow hours(@Nullable String hours) {
        return hours == null ? null : TimeWindow.parse(hours);
    }

    private static boolean isSet(Duration limit) {
        return !limit.isZero() && !limit.isNegative();
    }

    /** Without what may be secret. */
    private static String name(String url) {
        return url.replaceFirst("[?;].*", "").replaceFirst("//[^/]*@", "//");
    }
}
