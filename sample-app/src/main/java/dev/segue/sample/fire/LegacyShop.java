package dev.segue.sample.fire;

import dev.segue.sample.fleet.Person;
import dev.segue.sample.fleet.RequestLog;
import dev.segue.sample.fleet.ShopDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The application as it was written years ago, by plain JDBC: it knows the old columns and nothing of any change. Its
 * requests are told to the same log as those of the shop. For one thread.
 */
final class LegacyShop implements AutoCloseable {

    private static final String COLUMNS = Attribute.NAME.change().oldColumn() + ", "
            + Attribute.PHONE.change().oldColumn();
    private static final String ASSIGNMENTS = Attribute.NAME.change().oldColumn() + " = ?, "
            + Attribute.PHONE.change().oldColumn() + " = ?";

    private interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    private final ShopDatabase database;
    private final RequestLog requests;
    private @Nullable Connection kept;

    LegacyShop(ShopDatabase database, RequestLog requests) {
        this.database = database;
        this.requests = requests;
    }

    /** Writes all these customers by one statement; how many there were. */
    Optional<Integer> update(Collection<Long> ids, Person person) {
        String sql = "update customer set " + ASSIGNMENTS + " where id in ("
                + String.join(", ", Collections.nCopies(ids.size(), "?")) + ")";
        return ask(sql + " " + ids, connection -> {
            try (PreparedStatement update = connection.prepareStatement(sql)) {
                bind(update, person);
                int index = 3;
                for (long id : ids) {
                    update.setLong(index++, id);
                }
                return update.executeUpdate();
            }
        });
    }

    /** Makes a customer; its key. */
    Optional<Long> insert(Person person) {
        String sql = "insert into customer (" + COLUMNS
                + ", city, created_at, version) values (?, ?, 'York', current_timestamp, 0)";
        return ask(sql, connection -> {
            try (PreparedStatement insert = connection.prepareStatement(sql, new String[] {"id"})) {
                bind(insert, person);
                insert.executeUpdate();
                try (ResultSet keys = insert.getGeneratedKeys()) {
                    keys.next();
                    return keys.getLong(1);
                }
            }
        });
    }

    Optional<Person> read(long id) {
        return ask("select of " + id, connection -> {
            try (Statement select = connection.createStatement();
                    ResultSet row = select.executeQuery("select " + COLUMNS + " from customer where id = " + id)) {
                row.next();
                return new Person(String.valueOf(row.getString(1)), row.getString(2));
            }
        });
    }

    private static void bind(PreparedStatement statement, Person person) throws SQLException {
        statement.setString(1, person.fullName());
        statement.setString(2, person.phoneNumber());
    }

    private <T> Optional<T> ask(String what, Work<T> work) {
        long began = System.nanoTime();
        try {
            Connection connection = kept;
            if (connection == null) {
                connection = database.connect();
                kept = connection;
            }
            return Optional.of(work.run(connection));
        } catch (SQLException e) {
            close();
            requests.failed(Optional.empty(), began, "legacy " + what + ": " + e);
            return Optional.empty();
        } finally {
            requests.answered(System.nanoTime() - began);
        }
    }

    @Override
    public void close() {
        Connection connection = kept;
        kept = null;
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                // It is gone already, which is what was wanted.
            }
        }
    }
}
