package dev.segue.hibernate;

import dev.segue.database.TableName;
import dev.segue.fleet.Layout;
import dev.segue.watch.StatementWatch;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Set;
import java.util.function.Supplier;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The application's data source, as the session factories get it: a connection for a session asks the session's permit
 * before it commits.
 *
 * <p>Which session a connection is for is not said to a data source. But a session tells its listeners right before it
 * takes one, on the same thread; there the permit is left for {@link #getConnection} to find.
 */
final class PermitConnections implements DataSource {

    private static final ThreadLocal<Tenure> ASKING = new ThreadLocal<>();
    private static final ThreadLocal<Boolean> BUILDING = ThreadLocal.withInitial(() -> false);

    private final DataSource application;
    private final DataSource direct;
    private final FirstLocks firstLocks;
    /** Of each connection to the database, the layout under which its server was asked. */
    private final ByIdentity<Layout> introduced = new ByIdentity<>();

    private volatile @Nullable StatementWatch watch;

    PermitConnections(DataSource application, DataSource direct, FirstLocks firstLocks) {
        this.application = application;
        this.direct = direct;
        this.firstLocks = firstLocks;
    }

    /** From now on, transactions take their write lock on these tables before anything else. */
    void brace(String change, Set<TableName> tables) {
        firstLocks.on(change, tables);
    }

    /** Tells this watch of the statements that are run on the connections of sessions. */
    void watch(StatementWatch next) {
        watch = next;
    }

    /** The session that takes a connection next, on this thread, is of this tenure; null if none takes one. */
    static void asksNow(@Nullable Tenure tenure) {
        if (tenure == null) {
            ASKING.remove();
        } else {
            ASKING.set(tenure);
        }
    }

    /** Builds a factory on this thread; Hibernate looks at the database meanwhile. */
    static <T> T building(Supplier<T> builder) {
        BUILDING.set(true);
        try {
            return builder.get();
        } finally {
            BUILDING.remove();
        }
    }

    /** Whether this thread builds a factory. */
    static boolean isBuilding() {
        return BUILDING.get();
    }

    /** Whether all transactions that run have done so. */
    boolean isBraced() {
        return firstLocks.areTaken();
    }

    /** The application's own, unchecked. */
    DataSource application() {
        return application;
    }

    @Override
    public Connection getConnection() throws SQLException {
        return BUILDING.get() ? direct.getConnection() : checked(application.getConnection());
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        return checked(application.getConnection(username, password));
    }

    private Connection checked(Connection connection) {
        Tenure tenure = ASKING.get();
        if (tenure == null) {
            return connection;
        }
        return CheckedConnection.of(
                connection, tenure.permit(), new FirstUse(connection, tenure), firstLocks, direct, watch);
    }

    /** A pool gives the same connection again and again; only a new one can lead to another server. */
    private final class FirstUse implements CheckedConnection.Introduction {

        private final Connection connection;
        private final Tenure tenure;

        FirstUse(Connection connection, Tenure tenure) {
            this.connection = connection;
            this.tenure = tenure;
        }

        @Override
        public boolean isDue() throws SQLException {
            return !tenure.layout().equals(introduced.get(connection.unwrap(Connection.class)));
        }

        @Override
        public void make() throws SQLException {
            tenure.permit().introduce(connection, tenure.layout());
            introduced.put(connection.unwrap(Connection.class), tenure.layout());
        }
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return application.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        application.setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        application.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return application.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return application.getParentLogger();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return type.isInstance(application) ? type.cast(application) : application.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(application) || application.isWrapperFor(type);
    }
}
