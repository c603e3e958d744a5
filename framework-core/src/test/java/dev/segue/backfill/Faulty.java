package dev.segue.backfill;

import dev.segue.database.Database;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Connections of which one meets with a fault, once: at a certain statement that writes or locks rows of the customers. */
final class Faulty {

    enum Fault {
        CUT_WHILE_WRITING,
        CUT_BEFORE_THE_COMMIT,
        CUT_BEFORE_THE_COMMIT_IS_ANSWERED,
        DEADLOCK,
        LOCK_TIMEOUT,
        STATEMENT_TIMEOUT;

        boolean isCut() {
            return name().startsWith("CUT");
        }

        private SQLException error(Database database) {
            boolean postgres = database == Database.POSTGRESQL;
            return switch (this) {
                case DEADLOCK -> new SQLException(name(), postgres ? "40P01" : "40001", 1213);
                case LOCK_TIMEOUT -> new SQLException(name(), postgres ? "55P03" : "40001", 1205);
                case STATEMENT_TIMEOUT -> new SQLException(name(), postgres ? "57014" : "HY000", 3024);
                default -> new SQLException(name(), "08006");
            };
        }
    }

    private final DataSource real;
    private final Database database;
    private final Fault fault;
    private final AtomicInteger left;

    /** @param writes that go well before */
    Faulty(DataSource real, Database database, Fault fault, int writes) {
        this.real = real;
        this.database = database;
        this.fault = fault;
        this.left = new AtomicInteger(writes);
    }

    DataSource dataSource() {
        return proxy(DataSource.class, (method, arguments) -> {
            Object result = call(real, method, arguments);
            return result instanceof Connection connection ? connection(connection) : result;
        });
    }

    boolean hasHappened() {
        return left.get() < 0;
    }

    private Connection connection(Connection connection) {
        AtomicInteger due = new AtomicInteger();
        return proxy(Connection.class, (method, arguments) -> {
            if (method.getName().equals("commit") && due.get() > 0) {
                due.set(0);
                if (fault == Fault.CUT_BEFORE_THE_COMMIT_IS_ANSWERED) {
                    call(connection, method, arguments);
                }
                throw happens(connection);
            }
            Object result = call(connection, method, arguments);
            return result instanceof PreparedStatement statement && arguments != null
                    ? statement(connection, statement, String.valueOf(arguments[0]), due)
                    : result;
        });
    }

    private PreparedStatement statement(
            Connection connection, PreparedStatement statement, String sql, AtomicInteger due) {
        boolean writes = sql.contains("UPDATE") && sql.contains("customer");
        return proxy(PreparedStatement.class, (method, arguments) -> {
            if (writes && method.getName().startsWith("execute") && left.getAndDecrement() == 0) {
                if (fault == Fault.CUT_BEFORE_THE_COMMIT || fault == Fault.CUT_BEFORE_THE_COMMIT_IS_ANSWERED) {
                    due.set(1);
                } else {
                    throw happens(connection);
                }
            }
            return call(statement, method, arguments);
        });
    }

    private SQLException happens(Connection connection) throws SQLException {
        if (fault.isCut()) {
            connection.abort(Runnable::run);
        } else if (fault == Fault.DEADLOCK && database == Database.MYSQL) {
            // The server takes the whole transaction back.
            connection.rollback();
        }
        return fault.error(database);
    }

    private interface Answer {
        @Nullable
        Object to(Method method, Object @Nullable [] arguments) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                Faulty.class.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> answer.to(method, arguments)));
    }

    private static @Nullable Object call(Object real, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
