package dev.segue.schema;

import dev.segue.change.Column;
import dev.segue.change.ColumnChange;
import dev.segue.change.Problem;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * What the two users may do: the one that changes the schema, and the application's own, which also works on the rows.
 * Each missing right is a problem with the statement that gives it. Changes nothing.
 */
public final class Privileges {

    /** Where the user that changes the schema is named. */
    static final String OWNER = "segue.schema.user";

    /** Where the application's user is named. */
    static final String APPLICATION = "spring.datasource.username";

    /**
     * A table of a change.
     *
     * @param read the columns that are there and that Segue reads
     * @param written those of them that it writes
     */
    record Touched(TableName name, Set<String> read, Set<String> written) {}

    private final DataSource owner;
    private final DataSource application;
    private final Database database;

    /**
     * @param owner connections of the user that changes the schema
     * @param application connections of the application's user; may be the same
     */
    public Privileges(DataSource owner, DataSource application, Database database) {
        this.owner = owner;
        this.application = application;
        this.database = database;
    }

    /** @param external whether somebody else changes the schema, so that nobody here has to */
    public List<Problem> problems(List<ColumnChange> changes, boolean external) throws SQLException {
        try (Connection schema = owner.getConnection();
                Connection rows = application.getConnection()) {
            List<Touched> tables = tables(schema, changes);
            return switch (database) {
                case POSTGRESQL -> new PostgresPrivileges(schema, rows, tables).problems(external);
                case MYSQL -> new MysqlPrivileges(schema, rows, tables).problems(external);
            };
        }
    }

    private List<Touched> tables(Connection connection, List<ColumnChange> changes) throws SQLException {
        Map<TableName, Touched> touched = new LinkedHashMap<>();
        for (ColumnChange change : changes) {
            for (Site site : change.sites()) {
                CatalogTable table = Dialect.of(database)
                        .tables()
                        .read(connection, site.table())
                        .orElseThrow(() -> new IllegalStateException("Table " + site.table() + " is gone."));
                Touched one = touched.computeIfAbsent(
                        table.name(), name -> new Touched(name, new LinkedHashSet<>(), new LinkedHashSet<>()));
                Stream.concat(site.oldColumns().stream(), site.newColumns().stream())
                        .map(Column::name)
                        .filter(table::has)
                        .forEach(one.written()::add);
                one.read().addAll(one.written());
                site.key().forEach(key -> one.read().add(key.name()));
            }
        }
        return List.copyOf(touched.values());
    }
}
