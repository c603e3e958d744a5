package dev.segue;

import com.mysql.cj.jdbc.MysqlDataSource;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A user of a test's database who may do nothing at first. */
final class Account implements AutoCloseable {

    private static final String PASSWORD = "secret";

    private final TestDatabase database;
    private final String name;

    private Account(TestDatabase database, String name) {
        this.database = database;
        this.name = name;
    }

    static Account of(TestDatabase database, String name) {
        String full = name + "_" + database.name();
        database.execute(
                database.engine() == Engine.POSTGRESQL
                        ? "CREATE ROLE " + full + " LOGIN PASSWORD '" + PASSWORD + "'"
                        : "CREATE USER " + full + " IDENTIFIED BY '" + PASSWORD + "'");
        return new Account(database, full);
    }

    String name() {
        return name;
    }

    void grant(String rights) {
        database.execute("GRANT " + rights + " TO " + name);
    }

    void revoke(String rights) {
        database.execute("REVOKE " + rights + " FROM " + name);
    }

    DataSource dataSource() {
        if (database.engine() == Engine.POSTGRESQL) {
            PGSimpleDataSource own = new PGSimpleDataSource();
            own.setUrl(database.url());
            own.setUser(name);
            own.setPassword(PASSWORD);
            return own;
        }
        MysqlDataSource own = new MysqlDataSource();
        own.setUrl(database.url());
        own.setUser(name);
        own.setPassword(PASSWORD);
        return own;
    }

    /** After its database. */
    @Override
    public void close() {
        try (TestDatabase other = dev.segue.test.database.DatabaseServers.shared(database.engine())
                .createDatabase()) {
            other.execute(database.engine() == Engine.POSTGRESQL ? "DROP ROLE " + name : "DROP USER " + name);
        }
    }
}
