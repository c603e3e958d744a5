package dev.segue.spring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.configuration.Configuration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;

/** Settings of the application's own Flyway that do not go well with a fleet, or with indexes that are built online. */
final class FlywayTraps {

    private FlywayTraps() {}

    /**
     * @param concurrently whether an index is built concurrently, which waits for every transaction that is open
     * @return what is wrong with each, and what to do
     */
    static List<String> in(Configuration flyway, boolean concurrently) {
        List<String> traps = new ArrayList<>();
        if (concurrently
                && flyway.getConfigurationExtension(PostgreSQLConfigurationExtension.class)
                        .isTransactionalLock()) {
            traps.add("spring.flyway.postgresql.transactional-lock is true: Flyway keeps a transaction open while it"
                    + " migrates, and CREATE INDEX CONCURRENTLY waits for it, for ever if it is in a migration of Flyway's."
                    + " Set it to false.");
        }
        boolean future = Arrays.stream(flyway.getIgnoreMigrationPatterns())
                .anyMatch(pattern -> pattern.matchesMigration(true, MigrationState.FUTURE_SUCCESS));
        if (flyway.isValidateOnMigrate() && !future) {
            traps.add("spring.flyway.ignore-migration-patterns does not name *:future: once a newer version of the"
                    + " application has migrated, no node of an older one starts, so a rolling deploy cannot be taken back."
                    + " Add *:future.");
        }
        return traps;
    }
}
