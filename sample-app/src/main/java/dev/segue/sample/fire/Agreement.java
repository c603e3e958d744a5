package dev.segue.sample.fire;

import java.sql.SQLException;
import java.time.Duration;

/** Looks all the time whether the columns hold what Segue says of them. */
final class Agreement {

    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Inspector inspector;
    private final Tally tally;

    private Agreement(Inspector inspector, Tally tally) {
        this.inspector = inspector;
        this.tally = tally;
    }

    static Lookout watch(Inspector inspector, Tally tally) {
        Agreement agreement = new Agreement(inspector, tally);
        return Lookout.every(PAUSE, "agreement", () -> Attribute.ALL.forEach(agreement::look));
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
}
