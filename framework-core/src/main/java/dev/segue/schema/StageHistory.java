package dev.segue.schema;

import dev.segue.change.ColumnChange;
import dev.segue.database.Database;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jspecify.annotations.Nullable;

/**
 * What has been done to the schema for one change, in a Flyway history of its own. Flyway's histories go one way, and
 * stages are reverted and tried again; so every run is a new version, {@code 3 enforce apply}, and only runs that came to
 * their end stay in it.
 */
final class StageHistory {

    /** What a run does. */
    @FunctionalInterface
    interface Run {
        void run() throws SQLException, InterruptedException;
    }

    private final DataSource direct;
    private final Database database;

    StageHistory(DataSource direct, Database database) {
        this.direct = direct;
        this.database = database;
    }

    /** Does the run under Flyway's lock of this history, and records it. */
    void record(ColumnChange change, String description, Run run) throws SQLException, InterruptedException {
        String table = Names.history(change);
        while (true) {
            Flyway before = configure(table).load();
            MigrationInfo[] known = before.info().all();
            if (Arrays.stream(known).anyMatch(info -> info.getState().isFailed())) {
                // A process was killed, or a run has failed, where Flyway could not take its row back.
                before.repair();
            }
            int next = 1
                    + Arrays.stream(known)
                            .map(MigrationInfo::getVersion)
                            .filter(Objects::nonNull)
                            .mapToInt(version -> Integer.parseInt(version.getVersion()))
                            .max()
                            .orElse(0);
            Migration migration = new Migration(next, description, run);
            try {
                configure(table).javaMigrations(migration).load().migrate();
            } catch (FlywayException e) {
                migration.rethrow(e);
            }
            if (migration.ran) {
                return;
            }
            // Another node has taken the version in the meantime.
        }
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

    private static final class Migration implements JavaMigration {

        private final int version;
        private final String description;
        private final Run run;
        private boolean ran;
        private @Nullable Exception failure;

        Migration(int version, String description, Run run) {
            this.version = version;
            this.description = description;
            this.run = run;
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
            return false;
        }

        @Override
        public void migrate(Context context) throws Exception {
            ran = true;
            try {
                run.run();
            } catch (SQLException | InterruptedException | RuntimeException e) {
                failure = e;
                throw e;
            }
        }

        /** Flyway wraps what a migration throws; the caller wants to know what happened. */
        private void rethrow(FlywayException wrapper) throws SQLException, InterruptedException {
            if (failure instanceof SQLException e) {
                throw e;
            }
            if (failure instanceof InterruptedException e) {
                throw e;
            }
            if (failure instanceof RuntimeException e) {
                throw e;
            }
            throw wrapper;
        }
    }
}
