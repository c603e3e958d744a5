package dev.segue.schema;

import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Stage;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import javax.sql.DataSource;

/** Makes the statements of each stage from the change and the catalog as it is now. Changes nothing. */
public final class StagePlans {

    private final DataSource direct;
    private final Database database;
    private final Dialect dialect;

    /** @param direct connections that go to the database itself, not through the application's pool or a proxy */
    public StagePlans(DataSource direct, Database database) {
        this.direct = direct;
        this.database = database;
        this.dialect = Dialect.of(database);
    }

    /**
     * The statements of a stage, and what holds it; none if this kind of change has no such stage.
     *
     * @param guarded whether the change has a guard
     * @throws IllegalStateException if a table of the change is gone
     */
    public StagePlan plan(ColumnChange change, Stage stage, boolean guarded) throws SQLException {
        List<Step> apply = new ArrayList<>();
        List<Step> revert = new ArrayList<>();
        List<Hold> holds = new ArrayList<>();
        try (Connection connection = direct.getConnection()) {
            Map<String, Hold.Waiver> waived = new Notes(connection, database).waived(change.id());
            for (Site site : change.sites()) {
                Place place = place(connection, change, site);
                if (change.kind().has(stage)) {
                    add(connection, place, stage, guarded, apply, revert);
                    holds.addAll(new Holds(connection, dialect.tables(), place, waived).of(stage, guarded));
                }
            }
        }
        return new StagePlan(stage, apply, revert, holds);
    }

    /**
     * The statements that install one direction of the guard.
     *
     * @param mode in place of any other one
     */
    List<Step> guard(ColumnChange change, Side filled, GuardMode mode) throws SQLException {
        return steps(change, (place, registry) -> dialect.guards().install(place, filled, mode, registry));
    }

    /** The statements that remove one direction of the guard. */
    List<Step> unguard(ColumnChange change, Side filled) throws SQLException {
        return steps(change, (place, registry) -> dialect.guards().remove(place, filled));
    }

    /** The statements that hide the old columns before they are dropped, or show them again; none where that cannot be. */
    List<Step> dryRun(ColumnChange change, boolean hide) throws SQLException {
        List<Step> steps = new ArrayList<>();
        try (Connection connection = direct.getConnection()) {
            String registry = dialect.guards().registry(connection);
            for (Site site : change.sites()) {
                Place place = place(connection, change, site);
                Set<String> hidden = new Notes(connection, database).hidden(change.id(), site.table());
                steps.addAll(
                        hide
                                ? dialect.stages().hide(place, registry)
                                : dialect.stages().show(place, hidden, registry));
            }
        }
        return steps;
    }

    private List<Step> steps(ColumnChange change, BiFunction<Place, String, List<Step>> ofSite) throws SQLException {
        List<Step> steps = new ArrayList<>();
        try (Connection connection = direct.getConnection()) {
            String registry = dialect.guards().registry(connection);
            for (Site site : change.sites()) {
                steps.addAll(ofSite.apply(place(connection, change, site), registry));
            }
        }
        return steps;
    }

    /** With what a guard begins: a conversion that exists only in Java cannot be filled in by the database. */
    static GuardMode firstMode(Site site) {
        return site.isSql() ? GuardMode.FILLS : GuardMode.RECORDS;
    }

    private Place place(Connection connection, ColumnChange change, Site site) throws SQLException {
        CatalogTable table = dialect.tables()
                .read(connection, site.table())
                .orElseThrow(() -> new IllegalStateException(
                        "Table " + site.table() + " of change '" + change.id() + "' is gone."));
        return new Place(
                change,
                site,
                table,
                Place.isVerbatim(change, site)
                        ? dialect.tables()
                                .renamed(
                                        connection,
                                        table,
                                        site.oldColumns().get(0).name(),
                                        site.newColumns().get(0).name())
                        : Map.of());
    }

    private void add(
            Connection connection, Place place, Stage stage, boolean guarded, List<Step> apply, List<Step> revert)
            throws SQLException {
        Dialect.Stages stages = dialect.stages();
        String registry = dialect.guards().registry(connection);
        // Only a guard in SQL form gives an omitted column its value.
        boolean filled = guarded && place.site().isSql();
        // Else the new columns are all there is.
        boolean whole = !place.isContracted();
        switch (stage) {
            case EXPAND -> {
                apply.addAll(stages.expand(place));
                if (whole) {
                    revert.addAll(stages.abandon(place));
                }
            }
            case GUARD -> {
                if (guarded && whole) {
                    apply.addAll(guard(connection, place, firstMode(place.site())));
                }
                revert.addAll(unguarded(place));
            }
            case ENFORCE -> {
                apply.addAll(stages.enforce(place));
                revert.addAll(stages.loosen(place));
            }
            case RELAX -> {
                if (place.kind() == Kind.INTRODUCE && filled) {
                    apply.addAll(guard(connection, place, GuardMode.FILLS_INSERTS));
                    revert.addAll(guard(connection, place, GuardMode.FILLS));
                } else if (place.kind() != Kind.INTRODUCE && whole) {
                    apply.addAll(stages.relax(place, filled, registry));
                    revert.addAll(stages.tighten(place, filled, registry));
                }
            }
            case CONTRACT -> apply.addAll(place.going().isEmpty() ? unguarded(place) : stages.contract(place));
        }
    }

    private List<Step> guard(Connection connection, Place place, GuardMode mode) throws SQLException {
        return dialect.guards().install(place, Side.NEW, mode, dialect.guards().registry(connection));
    }

    private List<Step> unguarded(Place place) {
        return Arrays.stream(Side.values())
                .flatMap(side -> dialect.guards().remove(place, side).stream())
                .toList();
    }
}
