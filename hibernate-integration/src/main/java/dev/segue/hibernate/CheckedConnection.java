package dev.segue.hibernate;

import dev.segue.fleet.Permit;
import dev.segue.watch.StatementWatch;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A connection whose commits need a permit. This is the last place before the database, after every flush and every
 * callback, and an exception from here reaches the caller; Hibernate's own hook before completion only logs it.
 *
 * <p>Outside a transaction each statement commits by itself. A query is checked after it has read; a statement that
 * writes is made a transaction of its own, so that there is something left to roll back.
 */
final class CheckedConnection implements InvocationHandler {

    private final Connection connection;
    private final Permit permit;
    private final Introduction introduction;
    private final FirstLocks firstLocks;
    private final DataSource others;
    private final @Nullable StatementWatch watch;
    private boolean introduced;
    private @Nullable Runnable end;

    /** Makes sure that the server knows by what the session goes. */
    interface Introduction {

        /** Whether it has to be made: it runs statements. */
        boolean isDue() throws SQLException;

        void make() throws SQLException;
    }

    private CheckedConnection(
            Connection connection,
            Permit permit,
            Introduction introduction,
            FirstLocks firstLocks,
            DataSource others,
            @Nullable StatementWatch watch) {
        this.connection = connection;
        this.permit = permit;
        this.introduction = introduction;
        this.firstLocks = firstLocks;
        this.others = others;
        this.watch = watch;
    }

    /**
     * @param introduction is made before the first statement and no sooner: a lazy data source chooses the server by then
     * @param others where another connection to the same database comes from
     * @param watch hears of the statements, or null
     */
    static Connection of(
            Connection connection,
            Permit permit,
            Introduction introduction,
            FirstLocks firstLocks,
            DataSource others,
            @Nullable StatementWatch watch) {
        return Delegates.proxy(
                Connection.class, new CheckedConnection(connection, permit, introduction, firstLocks, others, watch));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        switch (method.getName()) {
            case "commit" -> {
                confirm();
                connection.commit();
                end();
                return null;
            }
            case "rollback", "setAutoCommit", "close", "abort" -> {
                Object nothing = Delegates.call(connection, method, arguments);
                if (arguments == null || !(arguments[0] instanceof Savepoint)) {
                    end();
                }
                return nothing;
            }
            case "createStatement", "prepareStatement", "prepareCall" -> {
                begin();
                tell(arguments);
                Object statement = Delegates.call(connection, method, arguments);
                if (watch != null && method.getName().equals("createStatement") && statement != null) {
                    statement = told((Statement) statement);
                }
                return connection.getAutoCommit() && statement != null ? alone((Statement) statement) : statement;
            }
            case "unwrap" -> {
                Class<?> type = (Class<?>) java.util.Objects.requireNonNull(arguments)[0];
                return type.isInstance(connection) ? connection : connection.unwrap(type);
            }
            case "equals" -> {
                return arguments != null && proxy == arguments[0];
            }
            case "hashCode" -> {
                return System.identityHashCode(proxy);
            }
            case "toString" -> {
                return connection + ", checked";
            }
            default -> {
                return Delegates.call(connection, method, arguments);
            }
        }
    }

    private void tell(Object @Nullable [] arguments) {
        if (watch != null && arguments != null && arguments.length > 0 && arguments[0] instanceof String sql) {
            watch.runsBeside(sql, Callers::ofConnection);
        }
    }

    /** A statement that is given its text when it is run. */
    private Statement told(Statement statement) {
        return Delegates.proxy(Statement.class, (proxy, method, arguments) -> {
            if (method.getName().startsWith("execute") || method.getName().equals("addBatch")) {
                tell(arguments);
            }
            return Delegates.call(statement, method, arguments);
        });
    }

    private void begin() throws SQLException {
        if (!introduced) {
            if (introduction.isDue()) {
                introduce();
            }
            introduced = true;
        }
        if (end == null && !connection.getAutoCommit()) {
            end = firstLocks.begin(connection);
        }
    }

    /**
     * Leaves no lock. MySQL tries a statement again by itself that gets into a deadlock with a schema change, but only if its
     * transaction has none yet, and to have read a table is one. What has been set in the transaction so far stays.
     */
    private void introduce() throws SQLException {
        if (connection.getAutoCommit()) {
            introduction.make();
            return;
        }
        // As plain statements: MySQL's driver takes its own savepoints for writes, and refuses them where only reads
        // are allowed.
        try (Statement statement = connection.createStatement()) {
            statement.execute("SAVEPOINT segue_asked");
            introduction.make();
            statement.execute("ROLLBACK TO SAVEPOINT segue_asked");
            statement.execute("RELEASE SAVEPOINT segue_asked");
        }
    }

    private void end() {
        Runnable last = end;
        end = null;
        if (last != null) {
            last.run();
        }
    }

    private void confirm() throws SQLException {
        try {
            ask();
        } catch (SQLException e) {
            try {
                connection.rollback();
                end();
            } catch (SQLException alsoFailed) {
                e.addSuppressed(alsoFailed);
            }
            throw e;
        }
    }

    /**
     * PostgreSQL locks no row in a read-only transaction. Such a one has nothing to commit, and what it has read was
     * right if the node still stands afterwards; so the registry may be asked on another connection.
     */
    private void ask() throws SQLException {
        if (permit.isFresh()) {
            return;
        }
        if (connection.isReadOnly()) {
            try (Connection other = others.getConnection()) {
                permit.confirm(other);
            }
        } else {
            permit.confirm(connection);
        }
    }

    private Statement alone(Statement statement) {
        Class<? super Statement> type = statement instanceof CallableStatement
                ? asSuper(CallableStatement.class)
                : statement instanceof PreparedStatement ? asSuper(PreparedStatement.class) : Statement.class;
        return Delegates.proxy(type, (proxy, method, arguments) -> {
            String name = method.getName();
            if (!name.startsWith("execute") || !connection.getAutoCommit()) {
                return Delegates.call(statement, method, arguments);
            }
            if (name.equals("executeQuery")) {
                Object result = Delegates.call(statement, method, arguments);
                ask();
                return result;
            }
            return inTransaction(statement, method, arguments);
        });
    }

    @SuppressWarnings("unchecked")
    private static Class<? super Statement> asSuper(Class<? extends Statement> type) {
        return (Class<? super Statement>) (Class<?>) type;
    }

    private @Nullable Object inTransaction(Statement statement, Method method, Object @Nullable [] arguments)
            throws Throwable {
        connection.setAutoCommit(false);
        try {
            Object result = Delegates.call(statement, method, arguments);
            confirm();
            connection.commit();
            return result;
        } catch (Throwable e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }
}
