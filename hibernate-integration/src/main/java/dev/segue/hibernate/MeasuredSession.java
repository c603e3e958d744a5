package dev.segue.hibernate;

import dev.segue.watch.Measures;
import org.hibernate.SessionEventListener;

/** Measures what a session does. */
final class MeasuredSession implements SessionEventListener {

    private static final long serialVersionUID = 1L;

    private final transient Measures.Session session;

    MeasuredSession(Measures.Session session) {
        this.session = session;
    }

    @Override
    public void jdbcExecuteStatementStart() {
        session.begins();
    }

    @Override
    public void jdbcExecuteStatementEnd() {
        session.ends();
    }

    @Override
    public void jdbcExecuteBatchStart() {
        session.begins();
    }

    @Override
    public void jdbcExecuteBatchEnd() {
        session.ends();
    }

    @Override
    public void transactionCompletion(boolean successful) {
        session.completed(successful);
    }

    @Override
    public void end() {
        session.close();
    }
}
