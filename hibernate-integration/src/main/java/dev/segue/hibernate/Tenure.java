package dev.segue.hibernate;

import dev.segue.fleet.Layout;
import dev.segue.fleet.OpenSession;
import dev.segue.fleet.Permit;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.hibernate.SessionEventListener;
import org.hibernate.engine.spi.SessionFactoryImplementor;
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
    private final AtomicInteger open = new AtomicInteger();
    private final Set<OpenSession> sessions = ConcurrentHashMap.newKeySet();

    Tenure(Layout layout, Permit permit, SessionFactoryImplementor factory, DataSource dataSource) {
        this.layout = layout;
        this.permit = permit;
        this.factory = factory;
        this.veto = JtaVeto.in(factory, permit, dataSource);
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

    void exit() {
        open.decrementAndGet();
    }

    boolean isOccupied() {
        return open.get() > 0;
    }

    List<OpenSession> sessions() {
        return List.copyOf(sessions);
    }

    /** Follows a session that has been counted until it ends. */
    Listener listener() {
        OpenSession session = new OpenSession(Thread.currentThread(), Instant.now(), layout);
        sessions.add(session);
        return new Listener(session, veto == null ? null : veto.session());
    }

    /** Hears of the end of a session, and of the moments in which it takes a connection. */
    final class Listener implements SessionEventListener {

        private static final long serialVersionUID = 1L;

        private final transient OpenSession session;
        private final transient JtaVeto.@Nullable OfSession veto;
        private boolean ended;

        private Listener(OpenSession session, JtaVeto.@Nullable OfSession veto) {
            this.session = session;
            this.veto = veto;
            joinsTransaction();
        }

        @Override
        public void jdbcConnectionAcquisitionStart() {
            // A global transaction is not committed by its connections.
            PermitConnections.asksNow(joinsTransaction() ? null : permit);
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
                sessions.remove(session);
                exit();
            }
        }
    }
}
