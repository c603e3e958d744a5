package dev.segue.spring;

import dev.segue.backfill.CommitLatency;
import dev.segue.backfill.DatabaseSignals;
import dev.segue.backfill.Throttle;
import dev.segue.backfill.ThrottleSignal;
import dev.segue.database.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Makes the throttle of a node: what the configuration names, and the application's own signals. */
final class Throttles {

    private final SegueProperties.Throttle properties;
    private final List<ThrottleSignal> own;

    Throttles(SegueProperties.Throttle properties, List<ThrottleSignal> own) {
        this.properties = properties;
        this.own = own;
    }

    /** @param direct connections outside the application's pool */
    Throttle of(DataSource direct, Database database) {
        List<ThrottleSignal> signals = new ArrayList<>(own);
        // Of its replicas a MySQL source knows nothing.
        if (database == Database.POSTGRESQL && isSet(properties.getMaxReplicationLag())) {
            signals.add(DatabaseSignals.standbyLag(direct, properties.getMaxReplicationLag()));
        }
        if (properties.getMaxActiveSessions() > 0) {
            signals.add(DatabaseSignals.activeSessions(direct, database, properties.getMaxActiveSessions()));
        }
        if (isSet(properties.getMaxCommitLatency())) {
            signals.add(new CommitLatency(properties.getMaxCommitLatency()));
        }
        return new Throttle(signals, null);
    }

    private static boolean isSet(Duration limit) {
        return !limit.isZero() && !limit.isNegative();
    }
}
