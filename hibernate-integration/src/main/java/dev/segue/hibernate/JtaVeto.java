package dev.segue.hibernate;

import dev.segue.fleet.Permit;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.SystemException;
import jakarta.transaction.Transaction;
import jakarta.transaction.TransactionManager;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.hibernate.TransactionException;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.engine.transaction.jta.platform.spi.JtaPlatform;
import org.hibernate.resource.transaction.spi.TransactionCoordinatorBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The check before commit where the commit belongs to JTA. Nobody calls {@link Connection#commit} there, so the permit
 * is asked for before completion.
 *
 * <p>Each session registers after Hibernate's own synchronization, which flushes: so the check comes after the flush.
 * The rows of the registry are locked through a connection of the same data source, which JTA makes part of the same
 * transaction. The data source must be one whose connections JTA enlists.
 */
final class JtaVeto {

    private final JtaPlatform platform;
    private final Permit permit;
    private final DataSource dataSource;

    private JtaVeto(JtaPlatform platform, Permit permit, DataSource dataSource) {
        this.platform = platform;
        this.permit = permit;
        this.dataSource = dataSource;
    }

    /** The veto for the sessions of a factory, or null if their transactions are those of their connections. */
    static @Nullable JtaVeto in(SessionFactoryImplementor factory, Permit permit, DataSource dataSource) {
        var services = factory.getServiceRegistry();
        return services.requireService(TransactionCoordinatorBuilder.class).isJta()
                ? new JtaVeto(services.requireService(JtaPlatform.class), permit, dataSource)
                : null;
    }

    /** @param join runs when the session joins a transaction; what it returns runs when that has ended */
    OfSession session(Supplier<Runnable> join) {
        return new OfSession(join);
    }

    /** What stands for the transaction of the calling thread; null if it is in none, or in one that cannot be told. */
    @Nullable
    Object transaction() {
        try {
            TransactionManager manager = platform.retrieveTransactionManager();
            Transaction transaction = manager == null ? null : manager.getTransaction();
            return transaction == null ? null : platform.getTransactionIdentifier(transaction);
        } catch (SystemException e) {
            throw unknown(e);
        }
    }

    private static TransactionException unknown(SystemException e) {
        return new TransactionException("The state of the global transaction is not known.", e);
    }

    private void confirm() {
        if (permit.isFresh()) {
            return;
        }
        try (Connection connection = dataSource.getConnection()) {
            permit.confirm(connection);
        } catch (SQLException e) {
            throw new TransactionException("The transaction is rolled back: " + e.getMessage(), e);
        }
    }

    private void rollBack(RuntimeException reason) {
        try {
            TransactionManager manager = platform.retrieveTransactionManager();
            if (manager != null) {
                manager.setRollbackOnly();
            }
        } catch (SystemException | RuntimeException e) {
            reason.addSuppressed(e);
        }
    }

    /** Registers once in each transaction that the session works in. */
    final class OfSession {

        private final Supplier<Runnable> join;
        private volatile boolean registered;

        private OfSession(Supplier<Runnable> join) {
            this.join = join;
        }

        /** Whether the calling thread is in a global transaction; the check is registered in it then. */
        boolean joinsTransaction() {
            try {
                int status = platform.getCurrentStatus();
                // One that is marked for rollback takes no synchronization and needs none.
                if (!registered && status == Status.STATUS_ACTIVE) {
                    platform.registerSynchronization(new Check(join.get()));
                    registered = true;
                }
                return status != Status.STATUS_NO_TRANSACTION;
            } catch (SystemException e) {
                throw unknown(e);
            }
        }

        private final class Check implements Synchronization {

            private final Runnable end;

            private Check(Runnable end) {
                this.end = end;
            }

            @Override
            public void beforeCompletion() {
                try {
                    confirm();
                } catch (RuntimeException e) {
                    // Not every transaction manager takes an exception for a veto.
                    rollBack(e);
                    throw e;
                }
            }

            @Override
            public void afterCompletion(int status) {
                registered = false;
                end.run();
            }
        }
    }
}
