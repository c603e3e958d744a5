package dev.segue.schema;

import dev.segue.change.Column;
import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Stage;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.api.FlywayException;

/**
 * Runs the stages of a change, so that the application is never kept waiting for longer than one lock timeout.
 *
 * <p>Steps that scan for long come first and outside Flyway, so that its lock is not held meanwhile; what remains is run
 * as a migration. A stage may be killed anywhere and run again: each step asks the catalog what is left to do.
 *
 * <p>Thread-safe; that only one node runs a stage at a time is the caller's business.
 */
public final class StageRunner {

    private final DataSource direct;
    private final SchemaDialect dialect;
    private final StepRunner steps;
    private final StageHistory history;

    public StageRunner(DataSource direct, Database database, LockPatience patience) {
        this.direct = direct;
        this.dialect = SchemaDialect.of(database);
        this.steps = new StepRunner(direct, database, patience);
        this.history = new StageHistory(direct, database);
    }

    /**
     * The statements of a stage as they would run now, for review.
     *
     * @param guarded whether the change has a guard
     */
    public List<String> plan(ColumnChange change, Stage stage, boolean guarded) throws SQLException {
        List<Step> all = new ArrayList<>();
        if (stage == Stage.GUARD) {
            try (Connection connection = direct.getConnection()) {
                for (Site site : change.sites()) {
                    all.addAll(dialect.installGuard(connection, change, site, Side.NEW));
                }
            }
        } else {
            all.addAll(apply(change, stage, guarded));
        }
        return all.stream().flatMap(step -> step.sql().stream()).toList();
    }

    /**
     * Applies a stage.
     *
     * @throws StageHeldException if something stands in its way
     */
    public void apply(ColumnChange change, Stage stage, boolean guarded, Intent intent)
            throws SQLException, InterruptedException {
        if (stage == Stage.CONTRACT) {
            refuseDependents(change);
        }
        run(change, stage.id() + " apply", apply(change, stage, guarded), intent);
    }

    /** Reverts a stage. */
    public void revert(ColumnChange change, Stage stage, boolean guarded, Intent intent)
            throws SQLException, InterruptedException {
        List<Step> all = new ArrayList<>();
        for (Site site : change.sites()) {
            all.addAll(dialect.revert(change, site, stage, indexes(site), guarded));
        }
        run(change, stage.id() + " revert", all, intent);
    }

    /** Installs the triggers that bring a side up to date for those who write only the other one. */
    public void guard(ColumnChange change, Side filled, Intent intent) throws SQLException, InterruptedException {
        List<Step> all = new ArrayList<>();
        try (Connection connection = direct.getConnection()) {
            for (Site site : change.sites()) {
                all.addAll(dialect.installGuard(connection, change, site, filled));
            }
        }
        for (Step step : all) {
            steps.run(step, intent);
        }
    }

    /** Removes these triggers. */
    public void unguard(ColumnChange change, Side filled, Intent intent) throws SQLException, InterruptedException {
        for (Site site : change.sites()) {
            for (Step step : dialect.removeGuard(change, site, filled)) {
                steps.run(step, intent);
            }
        }
    }

    private List<Step> apply(ColumnChange change, Stage stage, boolean guarded) throws SQLException {
        List<Step> all = new ArrayList<>();
        for (Site site : change.sites()) {
            all.addAll(dialect.apply(change, site, stage, indexes(site), guarded));
        }
        return all;
    }

    private void run(ColumnChange change, String description, List<Step> all, Intent intent)
            throws SQLException, InterruptedException {
        int outside = 0;
        for (int i = 0; i < all.size(); i++) {
            outside = all.get(i).scans() ? i + 1 : outside;
        }
        for (Step step : all.subList(0, outside)) {
            steps.run(step, intent);
        }
        List<Step> inside = all.subList(outside, all.size());
        try {
            history.run(change, description, () -> {
                for (Step step : inside) {
                    steps.run(step, intent);
                }
            });
        } catch (FlywayException e) {
            throw unwrapped(e);
        }
    }

    private static RuntimeException unwrapped(FlywayException e) throws SQLException, InterruptedException {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof InterruptedException interrupted) {
                throw interrupted;
            }
            if (cause instanceof SQLException failed) {
                throw failed;
            }
            if (cause instanceof StageHeldException held) {
                return held;
            }
        }
        return e;
    }

    /** The plain indexes of the old column; once it is gone there is none. */
    private List<CarriedIndex> indexes(Site site) throws SQLException {
        try (Connection connection = direct.getConnection()) {
            Optional<CatalogTable> table = dialect.read(connection, site.table());
            return table.map(CatalogTable::indexes).orElse(List.of()).stream()
                    .filter(index ->
                            site.oldColumns().stream().map(Column::name).anyMatch(index::has))
                    .toList();
        }
    }

    private void refuseDependents(ColumnChange change) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = direct.getConnection()) {
            for (Site site : change.sites()) {
                for (Column column : site.oldColumns()) {
                    for (String dependent : dialect.dependents(connection, change, site, column)) {
                        found.add(dependent + " depends on " + site.table() + "." + column.name());
                    }
                }
            }
        }
        if (!found.isEmpty()) {
            throw new StageHeldException(
                    String.join("; ", found),
                    "change or drop what depends on the old column; it then goes on by itself");
        }
    }
}
