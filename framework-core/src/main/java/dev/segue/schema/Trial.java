package dev.segue.schema;

import dev.segue.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import java.util.Optional;

/**
 * Tries out what a declaration says, types and expressions, in a temporary table that only this session sees. The
 * database itself is asked, because nobody else knows how it calls a type and what it does with an expression.
 *
 * <p>Leaves nothing behind. On PostgreSQL all of it is rolled back; MySQL commits no open transaction for it.
 */
final class Trial implements AutoCloseable {

    static final String TABLE = "segue_trial";

    /** A step of a trial. */
    @FunctionalInterface
    interface Step {
        void run() throws SQLException;
    }

    private final Connection connection;
    private final Database database;
    private final Dialect.Tables tables;
    private final CatalogTable like;
    private final boolean autoCommit;
    private final Savepoint start;

    Trial(Connection connection, Database database, CatalogTable like) throws SQLException {
        this.connection = connection;
        this.database = database;
        this.tables = Dialect.of(database).tables();
        this.like = like;
        this.autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(false);
        this.start = connection.setSavepoint();
    }

    /** Makes the table anew. */
    List<CatalogTable.Col> table(List<String> columns) throws SQLException {
        return tables.trial(connection, like, columns);
    }

    /**
     * Runs a step by itself.
     *
     * @return what the database says against it, or nothing if it went well
     */
    Optional<String> attempt(Step step) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            step.run();
            return Optional.empty();
        } catch (SQLException e) {
            connection.rollback(before);
            return Optional.of(
                    String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    Optional<String> attempt(String sql) throws SQLException {
        return attempt(() -> new Query(connection).run(sql));
    }

    /** On PostgreSQL a trigger finds functions and types without their schema only if they come with the database. */
    void asInATrigger() throws SQLException {
        if (database == Database.POSTGRESQL) {
            new Query(connection).run("SET LOCAL search_path = pg_catalog, pg_temp");
        }
    }

    /** Whether a condition over the table's one row is true. */
    boolean isTrue(String condition) throws SQLException {
        return new Query(connection).isTrue("SELECT COALESCE((" + condition + "), FALSE) FROM " + TABLE + " AS t");
    }

    @Override
    public void close() throws SQLException {
        connection.rollback(start);
        if (database == Database.MYSQL) {
            new Query(connection).run("DROP TEMPORARY TABLE IF EXISTS " + TABLE);
        }
        connection.setAutoCommit(autoCommit);
    }
}
