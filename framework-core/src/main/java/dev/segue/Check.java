package dev.segue;

import dev.segue.backfill.Passes;
import dev.segue.change.ColumnChange;
import dev.segue.change.Declaration;
import dev.segue.change.Problem;
import dev.segue.database.Database;
import dev.segue.fleet.Registry;
import dev.segue.schema.Catalog;
import dev.segue.schema.Privileges;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds everything that can be wrong before anything is changed, and tells all of it at once. */
final class Check {

    private static final Logger log = LoggerFactory.getLogger(Check.class);

    private Check() {}

    /** @throws StartRefusedException with every mistake found, those that are known included */
    static Segue.Checked of(
            SegueSettings settings,
            List<Declaration> declared,
            List<Problem> known,
            DataSource direct,
            DataSource owner)
            throws SQLException {
        List<Problem> problems = new ArrayList<>(known);
        problems.addAll(settings.problems());
        Map<String, List<Declaration>> byChange = declared.stream()
                .collect(Collectors.groupingBy(Declaration::change, TreeMap::new, Collectors.toList()));
        List<String> ended = ended(settings, byChange.keySet(), direct, problems);
        problems.addAll(Overlaps.in(declared));
        refusePooler(direct, owner, problems);
        try (Connection connection = owner.getConnection()) {
            Database database = Database.of(connection);
            Catalog catalog = new Catalog(connection, database);
            List<ColumnChange> changes = new ArrayList<>();
            for (Map.Entry<String, List<Declaration>> change : byChange.entrySet()) {
                catalog.resolve(change.getKey(), change.getValue(), problems).ifPresent(changes::add);
            }
            changes.forEach(change -> problems.addAll(Passes.problems(change, database)));
            problems.addAll(new Privileges(owner, direct, database)
                    .problems(changes, settings.schema().external()));
            if (!problems.isEmpty()) {
                throw new StartRefusedException(problems);
            }
            Map<String, List<String>> attributes = new TreeMap<>();
            byChange.forEach((change, all) -> attributes.put(
                    change, all.stream().map(Declaration::attribute).distinct().toList()));
            return new Segue.Checked(settings, changes, attributes, ended, direct, owner, database);
        }
    }

    /** The changes that are configured, declared by nobody, and over; one that is not over is a mistake. */
    private static List<String> ended(
            SegueSettings settings, Set<String> declared, DataSource direct, List<Problem> problems)
            throws SQLException {
        List<String> ended = new ArrayList<>();
        for (String configured : settings.changes().keySet()) {
            if (!declared.contains(configured) && Registry.isOver(direct, configured)) {
                log.info(
                        "Change {} is over and no entity declares it any more: delete segue.changes.{} from the"
                                + " configuration.",
                        configured,
                        configured);
                ended.add(configured);
            } else if (!declared.contains(configured)) {
                problems.add(new Problem(
                        "segue.changes." + configured,
                        configured,
                        "No entity declares a change of this id.",
                        declared.isEmpty()
                                ? "Annotate the attribute that replaces the column, or remove the property."
                                : "Use one of " + declared + ", or remove the property if the change is over."));
            }
        }
        return ended;
    }

    /** Whoever answers for a session here must be one. */
    private static void refusePooler(DataSource direct, DataSource owner, List<Problem> problems) throws SQLException {
        try (Connection connection = direct.getConnection()) {
            if (Database.of(connection) != Database.POSTGRESQL) {
                return;
            }
        }
        Pooler.before(direct, "segue.direct-url", "").ifPresent(problems::add);
        if (problems.isEmpty() && owner != direct) {
            Pooler.before(owner, "segue.schema", "").ifPresent(problems::add);
        }
    }
}
