package dev.segue.schema;

import dev.segue.change.ColumnChange;
import dev.segue.database.Database;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Stage;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Everything that is done to the schema for a change, from its beginning to its end and back, as it would run now. */
final class Review {

    /** @param held why it may not be done as things are, also what has been waived */
    record Planned(Act act, List<Step> steps, List<Hold> held) {}

    private static final String NO_DRY_RUN =
            "no dry run on this database: taking a privilege on one column would take SELECT * from its user as well";

    private final DataSource direct;
    private final Database database;
    private final StagePlans plans;

    Review(DataSource direct, Database database, StagePlans plans) {
        this.direct = direct;
        this.database = database;
        this.plans = plans;
    }

    /** @param guarded whether the change has a guard */
    List<Planned> all(ColumnChange change, boolean guarded) throws SQLException {
        List<Planned> all = new ArrayList<>();
        for (Stage stage : Stage.values()) {
            boolean none = stage == Stage.GUARD && !guarded;
            if (change.kind().has(stage) && !none) {
                if (stage == Stage.CONTRACT && change.kind() != Kind.INTRODUCE) {
                    all.add(planned(Act.dryRun(true), plans.dryRun(change, true)));
                    all.add(planned(Act.dryRun(false), plans.dryRun(change, false)));
                }
                StagePlan plan = plans.plan(change, stage, guarded);
                all.add(new Planned(Act.of(stage, true), plan.apply(), plan.held()));
                if (stage != Stage.CONTRACT) {
                    all.add(new Planned(Act.of(stage, false), plan.revert(), List.of()));
                }
                if (stage == Stage.GUARD) {
                    all.addAll(switches(change));
                }
            }
        }
        return all;
    }

    private List<Planned> switches(ColumnChange change) throws SQLException {
        List<Planned> switches = new ArrayList<>();
        if (!change.isSql()) {
            switches.add(planned(Act.switched(true), plans.guard(change, Side.NEW, GuardMode.REFUSES)));
            switches.add(planned(Act.switched(false), plans.guard(change, Side.NEW, GuardMode.RECORDS)));
        }
        if (change.kind().convertsBack()) {
            GuardMode mode = StagePlans.firstMode(change.sites().get(0));
            switches.add(planned(Act.GUARD_BACK, plans.guard(change, Side.OLD, mode)));
        }
        return switches;
    }

    private static Planned planned(Act act, List<Step> steps) {
        return new Planned(act, steps, List.of());
    }

    ChangePlan plan(ColumnChange change, boolean guarded) throws SQLException {
        try (Connection connection = direct.getConnection()) {
            OwnSchema own = OwnSchema.of(connection, database, change);
            List<ChangePlan.Part> parts = new ArrayList<>();
            for (Planned planned : all(change, guarded)) {
                parts.add(new ChangePlan.Part(
                        Scripts.file(planned.act(), database),
                        text(change, planned, own),
                        planned.steps().isEmpty()));
            }
            return new ChangePlan(change.id(), parts);
        }
    }

    private String text(ColumnChange change, Planned planned, OwnSchema own) {
        ScriptText text = new ScriptText(database)
                .comment(Scripts.file(planned.act(), database) + " of change " + change.id())
                .comment(change.definition());
        planned.held().forEach(hold -> text.comment(hold.toString()));
        if (planned.steps().isEmpty()) {
            text.comment(
                    planned.act().equals(Act.dryRun(true)) && database == Database.POSTGRESQL
                            ? NO_DRY_RUN
                            : "nothing to do on this database");
        }
        planned.steps().forEach(step -> text.explained(step, own));
        return text.toString();
    }
}
