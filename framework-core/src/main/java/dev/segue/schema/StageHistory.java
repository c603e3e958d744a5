package dev.segue.schema;

import dev.segue.change.ColumnChange;
import dev.segue.database.Database;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jspecify.annotations.Nullable;

/**
 * What has been done to the schema for one change, in a Flyway history of its own. Flyway's histories go one way, and
 * stages are reverted and tried again; so every run is a new version, {@code 3 enforce apply}, and only runs that came to
 * their end are in it.
 *
 * <p>It is written after the fact. A run that Flyway has in its hands and that fails, because rows do not satisfy a
 * constraint or nobody gives way, would have it tell the operator to restore backups.
 */
final class StageHistory {

    private final DataSource direct;
    private final Database database;

    StageHistory(DataSource direct, Database database) {
        this.direct = direct;
        this.database = database;
    }

    void record(ColumnChange change, String description) {
        String table = Names.history(change);
        Entry entry;
        do {
            Flyway before = configure(table).load();
            MigrationInfo[] known = before.info().all();
            if (Arrays.stream(known).anyMatch(info -> info.getState().isFailed())) {
                // A process was killed where Flyway could not take its row back.
                before.repair();
            }
            int next = 1
                    + Arrays.stream(known)
                            .map(MigrationInfo::getVersion)
                            .filter(Objects::nonNull)
                            .mapToInt(version -> Integer.parseInt(version.getVersion()))
                            .max()
                            .orElse(0);
            entry = new Entry(next, description);
            configure(table).javaMigrations(entry).load().migrate();
            // If not, another node has taken the version in the meantime.
        } while (!entry.written);
    }

    private FluentConfiguration configure(String table) {
        return Flyway.configure()
                .dataSource(direct)
                .locations(new String[0])
                .table(table)
                .baselineOnMigrate(true)
                .baselineVersion("0")
                // Earlier runs are no files.
                .validateOnMigrate(false)
                .ignoreMigrationPatterns("*:missing", "*:future")
                .configuration(
                        database == Database.POSTGRESQL
                                ? Map.of("flyway.postgresql.transactional.lock", "false")
                                : Map.of());
    }

    private static final class Entry implements JavaMigration {

        private final int version;
        private final String description;
        private boolean written;

        Entry(int version, String description) {
            this.version = version;
            this.description = description;
        }

        @Override
        public MigrationVersion getVersion() {
            return MigrationVersion.fromVersion(String.valueOf(version));
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
            return true;
        }

        @Override
        public void migrate(Context context) {
            written = true;
        }
    }
}
