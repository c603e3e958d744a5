package dev.segue.test.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@EachDatabase
class DatabasesTest {

    private final DatabaseServer server;

    DatabasesTest(Engine engine) {
        this.server = DatabaseServers.shared(engine);
    }

    @Test
    void areIsolatedFromEachOther() {
        try (TestDatabase one = server.createDatabase();
                TestDatabase other = server.createDatabase()) {
            one.execute("create table t (id int primary key)", "insert into t values (1)");
            other.execute("create table t (id int primary key)");

            assertThat(one.value("select count(*) from t", Long.class)).isEqualTo(1);
            assertThat(other.value("select count(*) from t", Long.class)).isZero();
        }
    }

    @Test
    void areReachedByTheirUrlAndAccount() throws SQLException {
        try (TestDatabase database = server.createDatabase();
                Connection connection =
                        DriverManager.getConnection(database.url(), database.username(), database.password())) {
            assertThat(connection.getCatalog()).isEqualTo(database.name());
        }
    }

    @Test
    void giveValuesAlikeOnBothEngines() {
        try (TestDatabase database = server.createDatabase()) {
            database.execute(
                    "create table t (id bigint primary key, n int, name varchar(20))",
                    "insert into t values (1, 7, 'größer'), (2, null, null)");

            assertThat(database.value("select n from t where id = ?", Integer.class, 1))
                    .isEqualTo(7);
            assertThat(database.value("select n from t where id = ?", Long.class, 1))
                    .isEqualTo(7);
            assertThat(database.value("select id from t where n is null", Integer.class))
                    .isEqualTo(2);
            assertThat(database.value("select id from t where n is null", String.class))
                    .isEqualTo("2");
            assertThat(database.value("select name from t where id = 2", String.class))
                    .isNull();
            assertThat(database.rows("select id, name from t where id < ? order by id", 2))
                    .isEqualTo(List.of(Map.of("id", 1L, "name", "größer")));
        }
    }

    @Test
    void nameTheStatementThatFailed() {
        try (TestDatabase database = server.createDatabase()) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> database.execute("select 1", "select * from nowhere"))
                    .withMessageContaining("select * from nowhere")
                    .withCauseInstanceOf(SQLException.class);
            assertThatIllegalStateException()
                    .isThrownBy(() -> database.value("select 1 where 1 = 0", Integer.class))
                    .withMessageContaining("One row expected, none found");
        }
    }

    @Test
    void goWithTheConnectionsThatAreLeft() throws SQLException {
        TestDatabase database = server.createDatabase();
        database.execute("create table t (id int primary key)");
        try (Connection left = database.connect();
                Statement statement = left.createStatement()) {
            left.setAutoCommit(false);
            statement.execute("insert into t values (1)");

            database.close();

            assertThatThrownBy(() -> statement.execute("select 1")).isInstanceOf(SQLException.class);
        }
        assertThatThrownBy(database::connect).isInstanceOf(SQLException.class);
        database.close();
    }
}
