package dev.segue.spring;

import dev.segue.watch.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * The configuration of Segue.
 *
 * <p>Names of phases and the like are kept as they were written, so that all mistakes can be told at once and before
 * anything is changed.
 */
@ConfigurationProperties("segue")
public class SegueProperties {

    /** Whether Segue looks for changes in the entities at all. In the middle of one, leave it on: without it the new column alone is used. */
    private boolean enabled = true;

    /** What to do if the requested phase is not allowed at start: hold (start in a legal phase and walk on) or fail. */
    private String unmet = "hold";

    /** How long the registration of this node is valid without a renewal; renewed at a third of it. At least 1s. */
    private Duration lease = Duration.ofSeconds(30);

    /** The unique id of this node; host, process and a random part by default. */
    private @Nullable String node;

    /** After how long a session that keeps a node from leaving a phase is named. */
    private Duration drainTimeout = Duration.ofMinutes(5);

    /** Database URL for DDL, leases and workers, when the application's own goes through a transaction pooler. */
    private @Nullable String directUrl;

    /** JDBC URLs of replicas that serve reads: their lag slows the work down, and read-new waits for them. */
    private List<String> replicas = List.of();

    /** The changes of this application by their ids. */
    private final Map<String, Change> changes = new LinkedHashMap<>();

    private final Throttle throttle = new Throttle();

    private final Schema schema = new Schema();

    public boolean isEnabled() {
        return enabled;
    }

    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

    public String getUnmet() {
        return unmet;
    }

    public void setUnmet(String unmet) {
        this.unmet = unmet;
    }

    public Duration getLease() {
        return lease;
    }

    public void setLease(Duration lease) {
        this.lease = lease;
    }

    public Duration getDrainTimeout() {
        return drainTimeout;
    }

    public void setDrainTimeout(Duration drainTimeout) {
        this.drainTimeout = drainTimeout;
    }

    public @Nullable String getNode() {
        return node;
    }

    public void setNode(@Nullable String node) {
        this.node = node;
    }

    public @Nullable String getDirectUrl() {
        return directUrl;
    }

    public void setDirectUrl(@Nullable String directUrl) {
        this.directUrl = directUrl;
    }

    public List<String> getReplicas() {
        return replicas;
    }

    public void setReplicas(List<String> replicas) {
        this.replicas = replicas;
    }

    public Map<String, Change> getChanges() {
        return changes;
    }

    public Throttle getThrottle() {
        return throttle;
    }

    public Schema getSchema() {
        return schema;
    }

    /** One change. */
    public static class Change {

        /** Where this deploy may go: old-only, dual-write, shadow-read, read-new or new-only. */
        private String phase = "old-only";

        /** Whether the old columns may be dropped, once all conditions hold. */
        private boolean contract;

        /** For how long every node must have occupied nothing but new-only before the drop. */
        private Duration contractAfter = Duration.ofHours(24);

        /** How long to compare in shadow-read on the way up. */
        private Duration shadowFor = Duration.ofMinutes(1);

        /** Whether a trigger catches the writes of others: trigger, or none if nobody else writes the table. */
        private String guard = "trigger";

        private final Backfill backfill = new Backfill();

        private final Watch watch = new Watch();

        public String getPhase() {
            return phase;
        }

        public void setPhase(String phase) {
            this.phase = phase;
        }

        public boolean isContract() {
            return contract;
        }

        public void setContract(boolean contract) {
            this.contract = contract;
        }

        public Duration getContractAfter() {
            return contractAfter;
        }

        public void setContractAfter(Duration contractAfter) {
            this.contractAfter = contractAfter;
        }

        public Duration getShadowFor() {
            return shadowFor;
        }

        public void setShadowFor(Duration shadowFor) {
            this.shadowFor = shadowFor;
        }

        public String getGuard() {
            return guard;
        }

        public void setGuard(String guard) {
            this.guard = guard;
        }

        public Backfill getBackfill() {
            return backfill;
        }

        public Watch getWatch() {
            return watch;
        }
    }

    /** The automatic way back of one change. */
    public static class Watch {

        /** Whether a node that is slow or fails after a switch tells the whole fleet to go back. */
        private boolean enabled;

        /** How long one measurement is; three in a row beyond the limits are reason to go back. At least 500ms. */
        private Duration window = Limits.DEFAULT.window();

        /** How many statements a measurement should have; with fewer it takes twice as long. */
        private int leastCount = Limits.DEFAULT.leastCount();

        /** A statement is slow that takes so many times as long as 95 of 100 did before the switch. */
        private double slowdown = Limits.DEFAULT.slowdown();

        /** And by how much longer it must take at least. */
        private Duration slowdownTime = Limits.DEFAULT.slowdownTime();

        /** The share of slow statements beyond which the fleet goes back: 0.05 are 5 of 100 more than before. */
        private double slowShare = Limits.DEFAULT.slowShare();

        /** The share of transactions that are rolled back beyond which it goes back, likewise. */
        private double errorShare = Limits.DEFAULT.errorShare();

        public boolean isEnabled() {
            return enabled;
        }

        public void setEnabled(boolean enabled) {
            this.enabled = enabled;
        }

        public Duration getWindow() {
            return window;
        }

        public void setWindow(Duration window) {
            this.window = window;
        }

        public int getLeastCount() {
            return leastCount;
        }

        public void setLeastCount(int leastCount) {
            this.leastCount = leastCount;
        }

        public double getSlowdown() {
            return slowdown;
        }

        public void setSlowdown(double slowdown) {
            this.slowdown = slowdown;
        }

        public Duration getSlowdownTime() {
            return slowdownTime;
        }

        public void setSlowdownTime(Duration slowdownTime) {
            this.slowdownTime = slowdownTime;
        }

        public double getSlowShare() {
            return slowShare;
        }

        public void setSlowShare(double slowShare) {
            this.slowShare = slowShare;
        }

        public double getErrorShare() {
            return errorShare;
        }

        public void setErrorShare(double errorShare) {
            this.errorShare = errorShare;
        }
    }

    /** The backfill of one change. */
    public static class Backfill {

        /** How many workers may be at it over all nodes, those at other changes counted. */
        private int workers = 2;

        /** How long one batch should take in the database; the number of its rows follows. */
        private Duration targetBatchTime = Duration.ofMillis(200);

        /** Rows per second that one worker does not exceed, in short batches of a tenth of them at most; 0 is without limit. */
        private long maxRowsPerSecond;

        public int getWorkers() {
            return workers;
        }

        public void setWorkers(int workers) {
            this.workers = workers;
        }

        public Duration getTargetBatchTime() {
            return targetBatchTime;
        }

        public long getMaxRowsPerSecond() {
            return maxRowsPerSecond;
        }

        public void setMaxRowsPerSecond(long maxRowsPerSecond) {
            this.maxRowsPerSecond = maxRowsPerSecond;
        }

        public void setTargetBatchTime(Duration targetBatchTime) {
            this.targetBatchTime = targetBatchTime;
        }
    }

    /** What slows a backfill or a comparison down, and stops it when it cannot be read. */
    public static class Throttle {

        /** How far replicas may be behind, those of segue.replicas and PostgreSQL's standbys; 0 does not look. */
        private Duration maxReplicationLag = Duration.ofSeconds(5);

        /** How many sessions of the server may run a statement; 0 does not look. */
        private int maxActiveSessions;

        /** How long commits of the work's own batches may take; 0 does not look. */
        private Duration maxCommitLatency = Duration.ZERO;

        /** How many threads of the application may wait for a connection from its pool; 0 does not look. */
        private int maxWaitingThreads;

        /** How long 99 of 100 statements of the application may take on this node; 0 does not look. */
        private Duration maxStatementLatency = Duration.ZERO;

        /** How many sessions of the server may wait for a lock; 0 does not look. */
        private int maxLockWaiters;

        /** How much log the server may write in a second, such as 50MB; 0 does not look. */
        private DataSize maxLogRate = DataSize.ofBytes(0);

        /** How many files of its log a PostgreSQL server may have yet to archive; 0 does not look. */
        private int maxArchiveBacklog;

        /** How many transactions a MySQL server may have yet to clean up after; 0 does not look. */
        private long maxHistoryList;

        /** When to work at all, such as 22:00-06:00 Europe/Vienna; at any time by default. */
        private @Nullable String hours;

        public int getMaxLockWaiters() {
            return maxLockWaiters;
        }

        public void setMaxLockWaiters(int maxLockWaiters) {
            this.maxLockWaiters = maxLockWaiters;
        }

        public DataSize getMaxLogRate() {
            return maxLogRate;
        }

        public void setMaxLogRate(DataSize maxLogRate) {
            this.maxLogRate = maxLogRate;
        }

        public int getMaxArchiveBacklog() {
            return maxArchiveBacklog;
        }

        public void setMaxArchiveBacklog(int maxArchiveBacklog) {
            this.maxArchiveBacklog = maxArchiveBacklog;
        }

        public long getMaxHistoryList() {
            return maxHistoryList;
        }

        public void setMaxHistoryList(long maxHistoryList) {
            this.maxHistoryList = maxHistoryList;
        }

        public int getMaxWaitingThreads() {
            return maxWaitingThreads;
        }

        public void setMaxWaitingThreads(int maxWaitingThreads) {
            this.maxWaitingThreads = maxWaitingThreads;
        }

        public Duration getMaxStatementLatency() {
            return maxStatementLatency;
        }

        public void setMaxStatementLatency(Duration maxStatementLatency) {
            this.maxStatementLatency = maxStatementLatency;
        }

        public @Nullable String getHours() {
            return hours;
        }

        public void setHours(@Nullable String hours) {
            this.hours = hours;
        }

        public Duration getMaxReplicationLag() {
            return maxReplicationLag;
        }

        public void setMaxReplicationLag(Duration maxReplicationLag) {
            this.maxReplicationLag = maxReplicationLag;
        }

        public int getMaxActiveSessions() {
            return maxActiveSessions;
        }

        public void setMaxActiveSessions(int maxActiveSessions) {
            this.maxActiveSessions = maxActiveSessions;
        }

        public Duration getMaxCommitLatency() {
            return maxCommitLatency;
        }

        public void setMaxCommitLatency(Duration maxCommitLatency) {
            this.maxCommitLatency = maxCommitLatency;
        }
    }

    /** How changes of the schema are run. */
    public static class Schema {

        /** Who runs the statements: application, or external if a pipeline does that. */
        private String execute = "application";

        /** Where the scripts for the pipeline are written; they are logged if this is not set. */
        private @Nullable Path scripts;

        /** Who changes the schema, if not the user of the data source. */
        private @Nullable String user;

        /** The password of that user. */
        private @Nullable String password;

        /** How long one attempt may wait for its lock, and so how long statements of the application may queue. */
        private Duration lockTimeout = Duration.ofMillis(300);

        /** The pause between two attempts, as the shortest and the longest: 5s..30s. */
        private String lockPause = "5s..30s";

        /** How many attempts before the stage is given up for now. */
        private int lockAttempts = 100;

        public String getExecute() {
            return execute;
        }

        public void setExecute(String execute) {
            this.execute = execute;
        }

        public @Nullable Path getScripts() {
            return scripts;
        }

        public void setScripts(@Nullable Path scripts) {
            this.scripts = scripts;
        }

        public @Nullable String getUser() {
            return user;
        }

        public void setUser(@Nullable String user) {
            this.user = user;
        }

        public @Nullable String getPassword() {
            return password;
        }

        public void setPassword(@Nullable String password) {
            this.password = password;
        }

        public Duration getLockTimeout() {
            return lockTimeout;
        }

        public void setLockTimeout(Duration lockTimeout) {
            this.lockTimeout = lockTimeout;
        }

        public String getLockPause() {
            return lockPause;
        }

        public void setLockPause(String lockPause) {
            this.lockPause = lockPause;
        }

        public int getLockAttempts() {
            return lockAttempts;
        }

        public void setLockAttempts(int lockAttempts) {
            this.lockAttempts = lockAttempts;
        }
    }
}
