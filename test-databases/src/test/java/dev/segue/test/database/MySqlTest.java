package dev.segue.test.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class MySqlTest {

    private final DatabaseServer server = DatabaseServers.shared(Engine.MYSQL);

    @Test
    void showsMetadataLocks() throws SQLException {
        try (TestDatabase database = server.createDatabase();
                Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("create table t (id int primary key)");
            connection.setAutoCommit(false);
            statement.execute("insert into t values (1)");

            assertThat(database.value(
                            "select lock_type from performance_schema.metadata_locks"
                                    + " where object_schema = ? and object_name = 't'",
                            String.class,
                            database.name()))
                    .isEqualTo("SHARED_WRITE");
        }
    }

    @Test
    void writesABinaryLogWithGtids() {
        try (TestDatabase database = server.createDatabase()) {
            assertThat(database.value("select @@log_bin", Boolean.class)).isTrue();
            assertThat(database.value("select @@gtid_mode", String.class)).isEqualTo("ON");
        }
    }

    @Test
    void keepsAllOfUnicode() {
        try (TestDatabase database = server.createDatabase()) {
            database.execute("create table t (s varchar(10))", "insert into t values ('é😀')");

            assertThat(database.value("select s from t", String.class)).isEqualTo("é😀");
        }
    }
}
