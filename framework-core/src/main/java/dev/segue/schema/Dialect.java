package dev.segue.schema;

import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import dev.segue.lifecycle.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How one database says what a stage, a guard and a barrier need: small classes, each with its SQL whole. */
record Dialect(Tables tables, Stages stages, Guards guards, Transactions transactions, Execution execution) {

    static Dialect of(Database database) {
        return switch (database) {
            case POSTGRESQL ->
                new Dialect(
                        new PostgresTables(),
                        new PostgresStages(),
                        new PostgresGuards(),
                        new PostgresTransactions(),
                        new PostgresExecution());
            case MYSQL ->
                new Dialect(
                        new MysqlTables(),
                        new MysqlStages(),
                        new MysqlGuards(),
                        new MysqlTransactions(),
                        new MysqlExecution());
        };
    }

    /** Reads the catalog. */
    interface Tables {

        /** The table or view of that name. */
        Optional<CatalogTable> read(Connection connection, TableName name) throws SQLException;

        /**
         * How what hangs on a column would read if that had another name: the definitions of indexes that are more than
         * their keys, and of attachments, by what they are. Those for which the database finds no answer are missing.
         */
        Map<String, String> renamed(Connection connection, CatalogTable table, String before, String after)
                throws SQLException;

        /** What would break if the column went. Indexes and attachments are not meant. */
        List<Dependent> dependents(Connection connection, CatalogTable table, String column) throws SQLException;

        /**
         * Makes, or makes anew, a temporary table {@link Trial#TABLE} of the session's own.
         *
         * @param like the table whose collation it has
         * @param columns their definitions
         * @return its columns, as they would look in the catalog
         */
        List<CatalogTable.Col> trial(Connection connection, CatalogTable like, List<String> columns)
                throws SQLException;

        /** Whether the default of a column is the value of this expression. */
        boolean sameValue(Connection connection, CatalogTable.Col column, String expression) throws SQLException;

        /** The tables that the database locks as well when a stage takes this one for itself. */
        List<TableName> lockedAlong(Connection connection, TableName table) throws SQLException;
    }

    /**
     * @param what it is, in words
     * @param certain whether the database says so; else it is a text that names table and column
     */
    record Dependent(String what, boolean certain) {}

    /** The statements of the stages for one site, but for the guard. */
    interface Stages {

        List<Step> expand(Place place);

        List<Step> abandon(Place place);

        List<Step> enforce(Place place);

        List<Step> loosen(Place place);

        /**
         * Not where a column is introduced: there it is the guard that lets go.
         *
         * @param filled whether the guard fills an omitted old column by itself
         * @param registry the schema with Segue's tables, where it notes what it takes NOT NULL from
         */
        List<Step> relax(Place place, boolean filled, String registry);

        List<Step> tighten(Place place, boolean filled, String registry);

        List<Step> contract(Place place);

        /**
         * Hides the columns that go from those who do not name them. Nothing where the database cannot.
         *
         * @param registry the schema with Segue's tables, where it notes what it hides
         */
        List<Step> hide(Place place, String registry);

        /** @param hidden the columns that are noted; if there are none, the plan is the one for all that hiding would take */
        List<Step> show(Place place, Set<String> hidden, String registry);
    }

    /** The triggers. Those of each side and mode are a set of their own, by their names. */
    interface Guards {

        /**
         * Installs the triggers of that mode, and only then removes those of another mode.
         *
         * @param registry the schema with Segue's tables
         */
        List<Step> install(Place place, Side filled, GuardMode mode, String registry);

        /** Removes the triggers of that direction, whatever their mode. */
        List<Step> remove(Place place, Side filled);

        /** Whether every trigger of that direction and mode is there and fires. */
        boolean stands(Connection connection, ColumnChange change, Site site, Side filled, GuardMode mode)
                throws SQLException;

        /** The connection's own schema. */
        String registry(Connection connection) throws SQLException;
    }

    /** What kind of lock on a table. */
    enum Holding {
        /** Whatever its holder does there. */
        ANY,
        /** As those have who lock rows of it, to write them or to keep others from it. */
        ROWS,
        /** As those have who write it. */
        WRITES
    }

    /** The transactions of others, by a text that no later transaction has; its value names it for people. */
    interface Transactions {

        /** Those that hold a lock on the table. */
        Map<String, String> onTable(Connection connection, TableName table, Holding holding) throws SQLException;

        Map<String, String> everywhere(Connection connection) throws SQLException;

        /** Whether this session is shown the transactions of others at all. */
        boolean visible(Connection connection) throws SQLException;
    }

    /** One attempt at a step. */
    interface Execution {

        void attempt(javax.sql.DataSource direct, Step step, LockPatience patience, Intent intent) throws SQLException;
    }
}
