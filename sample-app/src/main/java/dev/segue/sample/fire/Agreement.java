package dev.segue.sample.fire;

import java.sql.SQLException;

/** Looks all the time whether the columns hold what Segue says of them; in a thread of its own. */
final class Agreement {

    private static final long PAUSE_MILLIS = 500;

    private final Inspector inspector;
    private final Tally tally;
    private final Thread thread = new Thread(this::lookOn, "agreement");
    private volatile boolean over;

    private Agreement(Inspector inspector, Tally tally) {
        this.inspector = inspector;
        this.tally = tally;
    }

    static Agreement watch(Inspector inspector, Tally tally) {
        Agreement agreement = new Agreement(inspector, tally);
        agreement.thread.setDaemon(true);
        agreement.thread.start();
        return agreement;
    }

    private void lookOn() {
        try {
            while (!over) {
                Attribute.ALL.forEach(this::look);
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(Attribute attribute) {
        try {
            long rows = inspector.differing(attribute.change());
            if (rows > 0) {
                tally.differ(rows, rows + " rows of " + attribute + ", although both columns are sealed");
            }
        } catch (SQLException e) {
            // The database is away, or a column went in between. The last look, at the end, must succeed.
        }
    }

    void end() throws InterruptedException {
        over = true;
        thread.join();
    }
}
