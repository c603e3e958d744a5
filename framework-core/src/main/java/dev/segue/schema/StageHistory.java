package dev.segue.schema;

import dev.segue.change.ColumnChange;
import dev.segue.database.Database;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jspecify.annotations.Nullable;

/**
 * Runs stages as migrations of a Flyway of the change's own. Flyway's history is for one way only, and stages go back
 * and forth, so each run is a new version: {@code 3 enforce apply}, {@code 4 enforce revert}. A failed run leaves
 * nothing behind that would block the next one.
 */
final class StageHistory {

    /** What a migration does. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    private final DataSource direct;
    private final Database database;

    StageHistory(DataSource direct, Database database) {
        this.direct = direct;
        this.database = database;
    }

    void run(ColumnChange change, String description, Work work) {
        Flyway past = configuration(change).load();
        MigrationInfo[] known = past.info().all();
        if (Arrays.stream(known).anyMatch(info -> info.getState().isFailed())) {
            past.repair();
        }
        OptionalInt last = Arrays.stream(known)
                .filter(info -> info.getVersion() != null)
                .mapToInt(info -> Integer.parseInt(info.getVersion().getVersion()))
                .max();
        configuration(change)
                .javaMigrations(
                        new Run(MigrationVersion.fromVersion(String.valueOf(last.orElse(0) + 1)), description, work))
                .load()
                .migrate();
    }

    private FluentConfiguration configuration(ColumnChange change) {
        return Flyway.configure()
                .dataSource(direct)
                .locations("classpath:dev/segue/schema/history")
                .failOnMissingLocations(false)
                .table(Names.history(change))
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .validateOnMigrate(false)
                .ignoreMigrationPatterns("*:missing", "*:future")
                // Otherwise Flyway holds a transaction open, and CREATE INDEX CONCURRENTLY waits for it for ever.
                .configuration(
                        database == Database.POSTGRESQL
                                ? Map.of("flyway.postgresql.transactional.lock", "false")
                                : Map.of());
    }

    private record Run(MigrationVersion version, String description, Work work) implements JavaMigration {

        @Override
        public MigrationVersion getVersion() {
            return version;
        }

        @Override
        public String getDescription() {
            return description;
        }

        @Override
        public @Nullable Integer getChecksum() {
            return null;
        }

        @Override
        public boolean canExecuteInTransaction() {
            return false;
        }

        @Override
        public void migrate(Context context) throws Exception {
            work.run();
        }
    }
}
