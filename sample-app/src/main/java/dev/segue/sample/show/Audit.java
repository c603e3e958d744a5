package dev.segue.sample.show;

import dev.segue.sample.fleet.Person;
import dev.segue.sample.fleet.ShopDatabase;
import dev.segue.sample.fleet.ShownChange;
import dev.segue.sample.fleet.StoppedException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Looks at the table itself, by plain JDBC: not through the shop, not through Segue. */
final class Audit {

    /**
     * What the table says against the ledger.
     *
     * @param rows in the table
     * @param lost one line for each customer that is not what it must be
     */
    record Findings(int rows, List<String> lost) {}

    private final ShopDatabase database;

    Audit(ShopDatabase database) {
        this.database = database;
    }

    /** Enters every customer of a table that has not been changed yet. */
    void openLedger(Ledger ledger) {
        read(ShownChange.NAME.oldColumn(), ShownChange.PHONE.oldColumn()).forEach(ledger::found);
    }

    /**
     * @throws StoppedException if the table is there and has no old columns any more
     */
    void requireBeforeTheShow() {
        Set<String> columns = columns();
        for (ShownChange change : List.of(ShownChange.NAME, ShownChange.PHONE)) {
            if (!columns.isEmpty() && !columns.contains(change.oldColumn())) {
                throw new StoppedException("This database has been through the show: customer." + change.oldColumn()
                        + " is gone for good. Give an empty database.");
            }
        }
    }

    boolean isContracted(ShownChange change) {
        Set<String> columns = columns();
        return columns.contains(change.newColumn()) && !columns.contains(change.oldColumn());
    }

    /** How many rows have different values in the old and the new column, while both are there. */
    long disagreeing(ShownChange change) {
        String condition = database.url().startsWith("jdbc:mysql:")
                ? "not (cast(%s as binary) <=> cast(%s as binary))"
                : "%s is distinct from %s";
        String sql =
                "select count(*) from customer where " + condition.formatted(change.oldColumn(), change.newColumn());
        return ask(sql, rows -> {
            rows.next();
            return rows.getLong(1);
        });
    }

    /** Compares every row with the ledger, written or not. The traffic has ended. */
    Findings compare(Ledger ledger) {
        Set<String> columns = columns();
        Map<Long, Person> found = read(current(ShownChange.NAME, columns), current(ShownChange.PHONE, columns));
        List<String> lost = new ArrayList<>();
        ledger.entries().forEach((id, entry) -> {
            Person person = found.get(id);
            if (person == null || !entry.allows(person)) {
                lost.add("customer " + id + " is " + (person == null ? "not there" : person) + ", right is " + entry);
            }
        });
        long unknown = found.keySet().stream()
                .filter(id -> !ledger.entries().containsKey(id))
                .count();
        if (unknown > ledger.unknownCreations()) {
            lost.add(unknown + " customers are there that nobody made; at most " + ledger.unknownCreations()
                    + " could be, of requests whose answer was lost");
        }
        return new Findings(found.size(), lost);
    }

    /** The old column holds the value in every phase until it is dropped: nodes write it, and in the end the guard. */
    private static String current(ShownChange change, Set<String> columns) {
        return columns.contains(change.oldColumn()) ? change.oldColumn() : change.newColumn();
    }

    private Map<Long, Person> read(String nameColumn, String phoneColumn) {
        return ask("select id, " + nameColumn + ", " + phoneColumn + " from customer", rows -> {
            Map<Long, Person> people = new HashMap<>();
            while (rows.next()) {
                people.put(rows.getLong(1), new Person(String.valueOf(rows.getString(2)), rows.getString(3)));
            }
            return people;
        });
    }

    private Set<String> columns() {
        try (Connection connection = database.connect();
                ResultSet found = connection
                        .getMetaData()
                        .getColumns(connection.getCatalog(), connection.getSchema(), "customer", null)) {
            Set<String> names = new HashSet<>();
            while (found.next()) {
                names.add(found.getString("COLUMN_NAME").toLowerCase(Locale.ROOT));
            }
            return names;
        } catch (SQLException e) {
            throw new StoppedException("Cannot read the columns of customer: " + e.getMessage());
        }
    }

    private interface Reading<T> {
        T read(ResultSet rows) throws SQLException;
    }

    private <T> T ask(String sql, Reading<T> reading) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return reading.read(rows);
        } catch (SQLException e) {
            throw new StoppedException("The audit cannot ask " + sql + ": " + e.getMessage());
        }
    }
}
