package dev.segue.hibernate;

import dev.segue.fleet.Layout;
import dev.segue.fleet.OpenSession;
import dev.segue.fleet.Permit;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.hibernate.SessionEventListener;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.jspecify.annotations.Nullable;

/**
 * The time during which new sessions begin under one layout and one permit. It is over for good when another begins,
 * and drained when its last session has ended. Thread-safe.
 */
final class Tenure {

    private final Layout layout;
    private final Permit permit;
    private final SessionFactoryImplementor factory;
    private final @Nullable JtaVeto veto;
    private final Map<Object, Tenure> transactions;
    private final AtomicInteger open = new AtomicInteger();
    private final Map<SharedSessionContractImplementor, OpenSession> sessions = new ConcurrentHashMap<>();

    /**
     * Sessions that have told of their end and may still be about it. Hibernate tells of it before it has given back the
     * connection, and what is left of that fails in a session whose factory is closed.
     */
    private final Queue<SharedSessionContractImplementor> ending = new ConcurrentLinkedQueue<>();

    private final Map<Thread, SharedSessionContractImplementor> currents = new ConcurrentHashMap<>();

    /** @param transactions the global transactions that run, each with the tenure that its first session began under */
    Tenure(
            Layout layout,
            Permit permit,
            SessionFactoryImplementor factory,
            DataSource dataSource,
            Map<Object, Tenure> transactions) {
        this.layout = layout;
        this.permit = permit;
        this.factory = factory;
        this.veto = JtaVeto.in(factory, permit, dataSource);
        this.transactions = transactions;
    }

    Layout layout() {
        return layout;
    }

    Permit permit() {
        return permit;
    }

    SessionFactoryImplementor factory() {
        return factory;
    }

    /** Counts a session before it is opened, so that nobody who looks in between misses it. */
    void enter() {
        open.incrementAndGet();
    }

    /** Counts one more session if there is one already. */
    boolean enterOccupied() {
        return open.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
    }

    void exit() {
        open.decrementAndGet();
    }

    boolean isOccupied() {
        forgetEnded();
        return open.get() > 0;
    }

    /** Stops counting the sessions that are closed altogether: all that began to end before the first that is not. */
    private void forgetEnded() {
        SharedSessionContractImplementor first = ending.peek();
        while (first != null && !first.isOpenOrWaitingForAutoClose()) {
            if (ending.remove(first)) {
                sessions.remove(first);
                exit();
            }
            first = ending.peek();
        }
    }

    List<OpenSession> sessions() {
        forgetEnded();
        return List.copyOf(sessions.values());
    }

    boolean has(SharedSessionContractImplementor session) {
        return sessions.containsKey(session);
    }

    /**
     * The tenure for a session that the calling thread opens now: this one, unless it is in a global transaction that has
     * begun under another. Under snapshot isolation a later phase would read what that transaction cannot see.
     */
    Tenure ofTransaction() {
        Object transaction = veto == null ? null : veto.transaction();
        return transaction == null ? this : transactions.getOrDefault(transaction, this);
    }

    /** Whether the calling thread has a current session here that is open, and that no global transaction ends. */
    boolean hasCurrent() {
        return currents.containsKey(Thread.currentThread());
    }

    /** The session, if it is one of this tenure, is the current one of the calling thread. */
    void noteCurrent(SharedSessionContractImplementor session) {
        if (veto == null && sessions.containsKey(session)) {
            currents.put(Thread.currentThread(), session);
        }
    }

    /** Follows a session that has been counted until it ends; one that is followed already is not counted again. */
    void follow(SharedSessionContractImplementor session) {
        Listener listener = new Listener(session, veto == null ? null : veto.session(this::pin));
        if (follow(session, listener)) {
            listener.joinsTransaction();
        } else {
            exit();
        }
    }

    /**
     * Follows one that has been counted while it is made. It joins a global transaction no sooner than with its
     * connection: now the check before commit would come before its own flush.
     */
    void followEarly(SharedSessionContractImplementor session) {
        follow(session, new Listener(session, veto == null ? null : veto.session(this::pin)));
    }

    private boolean follow(SharedSessionContractImplementor session, Listener listener) {
        OpenSession opened = new OpenSession(Thread.currentThread(), Instant.now(), layout);
        boolean isNew = sessions.putIfAbsent(session, opened) == null;
        if (isNew) {
            session.getEventListenerManager().addListener(listener);
        }
        return isNew;
    }

    /** Keeps the global transaction of the calling thread under this tenure; what is returned ends that. */
    private Runnable pin() {
        Object transaction = veto == null ? null : veto.transaction();
        if (transaction == null || transactions.putIfAbsent(transaction, this) != null) {
            return () -> {};
        }
        enter();
        return () -> {
            transactions.remove(transaction);
            exit();
        };
    }

    /** Hears of the end of a session, and of the moments in which it takes a connection. */
    final class Listener implements SessionEventListener {

        private static final long serialVersionUID = 1L;

        private final transient SharedSessionContractImplementor session;
        private final transient JtaVeto.@Nullable OfSession veto;
        private boolean ended;

        private Listener(SharedSessionContractImplementor session, JtaVeto.@Nullable OfSession veto) {
            this.session = session;
            this.veto = veto;
        }

        @Override
        public void jdbcConnectionAcquisitionStart() {
            // A global transaction is not committed by its connections.
            PermitConnections.asksNow(joinsTransaction() ? null : Tenure.this);
        }

        private boolean joinsTransaction() {
            return veto != null && veto.joinsTransaction();
        }

        @Override
        public void jdbcConnectionAcquisitionEnd() {
            PermitConnections.asksNow(null);
        }

        @Override
        public void end() {
            if (!ended) {
                ended = true;
                currents.values().remove(session);
                // It is the last of them: those before it are forgotten now, it by the next or by whoever looks.
                ending.add(session);
                forgetEnded();
            }
        }
    }
}
