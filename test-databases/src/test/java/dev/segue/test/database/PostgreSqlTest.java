package dev.segue.test.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class PostgreSqlTest {

    private final DatabaseServer server = DatabaseServers.shared(Engine.POSTGRESQL);

    @Test
    void dropsADatabaseInSpiteOfAPreparedTransaction() {
        TestDatabase database = server.createDatabase();
        database.execute("create table t (id int)", "begin", "insert into t values (1)", "prepare transaction 'left'");

        database.close();

        assertThatThrownBy(database::connect).isInstanceOf(SQLException.class);
    }

    @Test
    void logsWhatLogicalDecodingNeeds() {
        try (TestDatabase database = server.createDatabase()) {
            assertThat(database.value("show wal_level", String.class)).isEqualTo("logical");
        }
    }

    @Test
    void foldsTheCaseOfAllLetters() {
        try (TestDatabase database = server.createDatabase()) {
            assertThat(database.value("select upper('größe é')", String.class)).startsWith("GRÖ");
        }
    }
}
