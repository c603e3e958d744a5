package dev.segue.fleet;

import dev.segue.database.Database;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;

/** Makes the registry's tables and brings them up to date, by a Flyway of its own. Safe when several nodes start. */
public final class RegistryTables {

    static final String HISTORY = "segue_schema_history";

    /** The version of the last script. */
    static final String LAST = "1";

    private RegistryTables() {}

    /** Creates or upgrades the tables in the connection's own schema. */
    public static void migrate(DataSource direct, Database database) {
        // Nearly every start finds them as they must be, and Flyway takes hundreds of milliseconds to say so.
        if (!isUpToDate(direct, database)) {
            migrate(flyway(direct, database));
        }
    }

    private static void migrate(Flyway flyway) {
        try {
            flyway.migrate();
        } catch (FlywayException e) {
            // Of nodes that find no history at the same moment one makes it, and Flyway's baseline fails for the
            // others. But only once: then they find a history, and wait for whoever works with it.
            try {
                flyway.migrate();
            } catch (FlywayException again) {
                e.addSuppressed(again);
                throw e;
            }
        }
    }

    /** Only in the schema where Flyway would look: another one on the path may have the registry of somebody else. */
    private static boolean isUpToDate(DataSource direct, Database database) {
        try (Connection connection = direct.getConnection()) {
            String schema = database == Database.POSTGRESQL ? connection.getSchema() : connection.getCatalog();
            if (schema == null) {
                return false;
            }
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT count(*) FROM " + database.quote(schema) + "."
                            + HISTORY + " WHERE version = '" + LAST + "' AND success")) {
                return row.next() && row.getLong(1) > 0;
            }
        } catch (SQLException e) {
            // There is no history yet, or something is wrong, which Flyway says better.
            return false;
        }
    }

    /**
     * What somebody else has to run so that the tables are as this version needs them, history included: then Flyway
     * takes them for its own. Changes nothing.
     *
     * @return the script, or nothing if they are
     */
    public static Optional<String> awaited(DataSource direct, Database database) throws SQLException {
        MigrationInfo[] pending = flyway(direct, database).info().pending();
        if (pending.length == 0) {
            return Optional.empty();
        }
        StringBuilder script = new StringBuilder("-- Segue's own tables\n");
        script.append(database == Database.POSTGRESQL ? "BEGIN;\n" : "");
        try (Connection connection = direct.getConnection()) {
            boolean first = !connection
                    .getMetaData()
                    .getTables(connection.getCatalog(), connection.getSchema(), HISTORY, null)
                    .next();
            script.append(first ? history(database) : "");
        }
        for (MigrationInfo migration : pending) {
            script.append(text(location(database) + "/" + migration.getScript()).strip())
                    .append('\n')
                    .append(record(migration, database));
        }
        return Optional.of(script + (database == Database.POSTGRESQL ? "COMMIT;\n" : ""));
    }

    /**
     * Lets the application's user work with the tables that another one has made. On PostgreSQL only their owner may; on
     * MySQL rights are given for the whole database, by an administrator.
     */
    public static void share(DataSource owner, DataSource application, Database database) throws SQLException {
        if (owner == application || database != Database.POSTGRESQL) {
            return;
        }
        String user;
        try (Connection connection = application.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT current_user")) {
            row.next();
            user = row.getString(1);
        }
        try (Connection connection = owner.getConnection();
                Statement statement = connection.createStatement()) {
            List<String> lacking = new ArrayList<>();
            try (ResultSet row = statement.executeQuery("""
                    SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname)
                    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                    WHERE n.nspname = current_schema() AND c.relkind = 'r' AND starts_with(c.relname, 'segue_')
                    AND NOT starts_with(c.relname, 'segue_schema_history') AND pg_has_role(c.relowner, 'USAGE')
                    AND EXISTS (SELECT 1 FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS right_to (name)
                                WHERE NOT has_table_privilege(%s, c.oid, right_to.name))""".formatted(database.literal(user)))) {
                while (row.next()) {
                    lacking.add(row.getString(1));
                }
            }
            if (!lacking.isEmpty()) {
                statement.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON " + String.join(", ", lacking) + " TO "
                        + database.quote(user));
            }
        }
    }

    private static Flyway flyway(DataSource direct, Database database) {
        return Flyway.configure()
                .dataSource(direct)
                .locations("classpath:" + location(database))
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
                .load();
    }

    private static String location(Database database) {
        return "dev/segue/fleet/" + database.name().toLowerCase(Locale.ROOT);
    }

    private static String text(String resource) {
        try (InputStream in = RegistryTables.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is not there.");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As Flyway makes it. */
    private static String history(Database database) {
        String table = database.quote(HISTORY);
        String moment = database == Database.POSTGRESQL
                ? "timestamp NOT NULL DEFAULT now()"
                : "timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP";
        return """
                CREATE TABLE %1$s (
                    installed_rank integer NOT NULL,
                    version varchar(50),
                    description varchar(200) NOT NULL,
                    type varchar(20) NOT NULL,
                    script varchar(1000) NOT NULL,
                    checksum integer,
                    installed_by varchar(100) NOT NULL,
                    installed_on %2$s,
                    execution_time integer NOT NULL,
                    success %3$s NOT NULL,
                    CONSTRAINT %4$s PRIMARY KEY (installed_rank)
                );
                CREATE INDEX %5$s ON %1$s (success);
                """.formatted(
                        table,
                        moment,
                        database == Database.POSTGRESQL ? "boolean" : "bool",
                        database.quote(HISTORY + "_pk"),
                        database.quote(HISTORY + "_s_idx"));
    }

    private static String record(MigrationInfo migration, Database database) {
        return "INSERT INTO %1$s (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)\n"
                        .formatted(database.quote(HISTORY))
                + "  SELECT COALESCE(MAX(installed_rank), 0) + 1, %s, %s, 'SQL', %s, %s, CURRENT_USER, 0, true FROM %s;\n"
                        .formatted(
                                database.literal(migration.getVersion().getVersion()),
                                database.literal(migration.getDescription()),
                                database.literal(migration.getScript()),
                                migration.getChecksum(),
                                database.quote(HISTORY));
    }
}
