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

/**
 * Asks the catalog whether what was to be done has been done, whoever has done it: what Segue makes it knows, what a
 * script makes it looks at.
 *
 * <ol>
 *   <li>Each step of the plan has its effect.
 *   <li>New columns have their type, may be left out, and have no default, which would look like a value that was given.
 *   <li>Where columns go, no trigger of the guard is left that names them.
 *   <li>The triggers and functions of the guard say what they should. (But for the WHEN of a PostgreSQL trigger, which
 *       the catalog prints in its own words.)
 * </ol>
 */
final class Proof {

    private final DataSource direct;
    private final Database database;
    private final Dialect dialect;
    private final StagePlans plans;

    Proof(DataSource direct, Database database, StagePlans plans) {
        this.direct = direct;
        this.database = database;
        this.dialect = Dialect.of(database);
        this.plans = plans;
    }

    /** What is not as it should be after an act, in words; empty if it is done. */
    List<String> missing(ColumnChange change, Act act, List<Step> planned) throws SQLException {
        List<Step> steps = new ArrayList<>(planned);
        if (act.is(Stage.CONTRACT, true) || act.is(Stage.EXPAND, false)) {
            for (Side side : Side.values()) {
                steps.addAll(plans.unguard(change, side));
            }
        }
        List<String> missing = new ArrayList<>();
        try (Connection connection = direct.getConnection()) {
            OwnSchema own = OwnSchema.of(connection, database, change);
            for (Step step : steps) {
                if (!isDone(connection, step)) {
                    missing.add("\"" + own.essence(step.sql().get(0)).brief() + "\" has not been done");
                }
            }
            for (Site site : change.sites()) {
                missing.addAll(columns(connection, act, site));
            }
            if (missing.isEmpty()) {
                missing.addAll(GuardText.of(database).differing(connection, change, planned, own));
            }
        }
        return missing;
    }

    /** Those steps of which the catalog does not show that they are done. */
    List<Step> left(List<Step> planned) throws SQLException {
        List<Step> left = new ArrayList<>();
        try (Connection connection = direct.getConnection()) {
            for (Step step : planned) {
                if (step.unless() == null || !isDone(connection, step)) {
                    left.add(step);
                }
            }
        }
        return left;
    }

    private static boolean isDone(Connection connection, Step step) throws SQLException {
        String unless = step.unless();
        return unless == null || !new Query(connection).strings(unless).isEmpty();
    }

    private List<String> columns(Connection connection, Act act, Site site) throws SQLException {
        boolean added = act.is(Stage.EXPAND, true);
        boolean loosened = act.is(Stage.ENFORCE, false);
        if (!added && !loosened) {
            return List.of();
        }
        CatalogTable table = dialect.tables()
                .read(connection, site.table())
                .orElseThrow(() -> new IllegalStateException("Table " + site.table() + " is gone."));
        List<String> missing = new ArrayList<>();
        for (Column wanted : site.newColumns()) {
            Optional<CatalogTable.Col> found = table.column(wanted.name());
            if (found.isEmpty()) {
                continue;
            }
            String name = site.table() + "." + wanted.name();
            Column column = found.get().column();
            if (column.mandatory()) {
                missing.add("column " + name + " may not be left out, as it is NOT NULL");
            }
            if (added && !column.type().equals(wanted.type())) {
                missing.add("column " + name + " has type " + column.type() + " and not " + wanted.type());
            }
            if (added && found.get().initial() != null) {
                missing.add("column " + name + " has a default");
            }
        }
        return missing;
    }
}
