package dev.segue.fleet;

import dev.segue.database.Database;
import java.util.Locale;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** Makes the registry's tables and brings them up to date, by a Flyway of its own. Safe when several nodes start. */
public final class RegistryTables {

    static final String HISTORY = "segue_schema_history";

    private RegistryTables() {}

    /** Creates or upgrades the tables in the connection's own schema. */
    public static void migrate(DataSource direct, Database database) {
        Flyway.configure()
                .dataSource(direct)
                .locations("classpath:dev/segue/fleet/" + database.name().toLowerCase(Locale.ROOT))
                .table(HISTORY)
                // The schema is the application's and has its tables already.
                .baselineOnMigrate(true)
                .baselineVersion("0")
                // A newer version of the framework may have been here; its tables still serve this one.
                .ignoreMigrationPatterns("*:future")
                .configuration(
                        database == Database.POSTGRESQL
                                ? Map.of("flyway.postgresql.transactional.lock", "false")
                                : Map.of())
                .load()
                .migrate();
    }
}
