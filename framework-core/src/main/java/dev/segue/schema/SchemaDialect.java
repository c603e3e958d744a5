package dev.segue.schema;

import dev.segue.change.Column;
import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Stage;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How one database says what a stage, a guard and a barrier need. One implementation each, with its SQL whole. */
interface SchemaDialect {

    static SchemaDialect of(Database database) {
        return switch (database) {
            case POSTGRESQL -> new PostgresDialect();
            case MYSQL -> new MySqlDialect();
        };
    }

    /** The table of that name; empty if there is no such base table. */
    Optional<CatalogTable> read(Connection connection, TableName table) throws SQLException;

    /** The steps of a stage of one site; none if there is nothing to do on this database. */
    List<Step> apply(ColumnChange change, Site site, Stage stage, List<CarriedIndex> indexes, boolean guarded);

    List<Step> revert(ColumnChange change, Site site, Stage stage, List<CarriedIndex> indexes, boolean guarded);

    /** The triggers that bring a side up to date for those who write only the other one. */
    List<Step> installGuard(Connection connection, ColumnChange change, Site site, Side filled) throws SQLException;

    List<Step> removeGuard(ColumnChange change, Site site, Side filled);

    /** What would break if the column went, in words: views, triggers of others, and the like. */
    List<String> dependents(Connection connection, ColumnChange change, Site site, Column column) throws SQLException;

    /** Limits how long the next statements of the session wait for a lock. */
    void limitLockWait(Connection connection, Duration timeout) throws SQLException;

    void unlimitLockWait(Connection connection) throws SQLException;

    /** Whether DDL is part of a transaction. */
    boolean transactionalDdl();

    /**
     * The transactions, apart from the asking one, that have written the table and are not over. The same transaction
     * has the same text each time; another one never has.
     *
     * @param all whether every transaction that is open counts, whatever it has done
     */
    Set<String> writers(Connection connection, TableName table, boolean all) throws SQLException;
}
