package dev.segue.test.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;

/**
 * The data directory of a PostgreSQL standby, copied from its running primary by hand: the embedded binaries come without
 * {@code pg_basebackup}.
 *
 * @param primary where it is copied from
 * @param name of the standby, as the primary shows it
 */
record StandbyCopy(Login primary, String name) {

    /** The primary's own: its log, which the standby gets over the line, and what is said of the running process. */
    private static final Set<String> NOT_COPIED =
            Set.of("pg_wal", "pg_replslot", "postmaster.pid", "postmaster.opts", "epg-lock");

    void into(Path data) throws SQLException, IOException {
        // A backup ends with the session that began it.
        try (Connection connection = primary.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("select pg_create_physical_replication_slot('" + name + "', true)");
            // Version 15 has given them new names.
            boolean isNew = connection.getMetaData().getDatabaseMajorVersion() >= 15;
            statement.execute(
                    isNew
                            ? "select pg_backup_start('" + name + "', true)"
                            : "select pg_start_backup('" + name + "', true, false)");
            try (ResultSet source = statement.executeQuery("show data_directory")) {
                source.next();
                // The server goes on working; what becomes of a file is in its log.
                Directories.copy(Path.of(source.getString(1)), data, NOT_COPIED, true);
            }
            String stop = isNew ? "pg_backup_stop(" : "pg_stop_backup(exclusive => false, ";
            try (ResultSet stopped =
                    statement.executeQuery("select labelfile from " + stop + "wait_for_archive => false)")) {
                stopped.next();
                Files.writeString(data.resolve("backup_label"), stopped.getString(1));
            }
        }
        Files.createDirectories(data.resolve("pg_wal/archive_status"));
        Files.createDirectories(data.resolve("pg_replslot"));
        Files.createFile(data.resolve("standby.signal"));
        Files.writeString(data.resolve("postgresql.auto.conf"), """
                primary_conninfo = 'host=%s port=%d user=%s application_name=%s'
                primary_slot_name = '%s'
                """.formatted(
                        primary.host(), primary.port(), primary.username(), name, name));
    }
}
