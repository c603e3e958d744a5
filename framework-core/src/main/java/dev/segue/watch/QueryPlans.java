package dev.segue.watch;

import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.watch.QueryPlan.State;
import dev.segue.watch.Words.Word;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;

/**
 * Finds the statements of an application that would lose their index by reading the new columns: those that nodes run to
 * find or sort rows by old columns are explained as they are and with the new columns in their place.
 *
 * <p>At most the fifty most frequent are looked at, and for a few seconds at most; what is left then, and what cannot be
 * explained, is said to be unchecked. Nothing is run, and no value is in any text. Thread-safe.
 */
public final class QueryPlans {

    private static final Duration LONGEST = Duration.ofSeconds(5);

    /** What stands for values where a database explains nothing without; of one of these types most columns are. */
    private static final List<String> EXAMPLES = List.of("'1'", "'2000-01-01'");

    private final DataSource direct;
    private final Database database;
    private final Duration longest;
    private final QueryLog queries;

    public QueryPlans(DataSource direct, Database database) {
        this(direct, database, LONGEST);
    }

    /** @param longest how much time one look may take */
    QueryPlans(DataSource direct, Database database, Duration longest) {
        this.direct = direct;
        this.database = database;
        this.longest = longest;
        this.queries = new QueryLog(direct, database);
    }

    /** What would become of the statements that were run in the last days, by whichever node. */
    public List<QueryPlan> look(ColumnChange change) throws SQLException {
        List<QueryLog.Query> found = queries.read(change.id());
        List<QueryPlan> plans = new ArrayList<>();
        if (found.isEmpty()) {
            return plans;
        }
        long until = System.nanoTime() + longest.toNanos();
        try (Connection connection = direct.getConnection()) {
            Look look = new Look(change, new Explain(connection, database));
            for (QueryLog.Query query : found) {
                Verdict verdict = System.nanoTime() - until < 0
                        ? look.at(query.statement())
                        : new Verdict(State.UNCHECKED, "has not been explained: there was no time for it");
                plans.add(new QueryPlan(
                        query.key(),
                        query.statement(),
                        query.node(),
                        query.caller(),
                        query.runs(),
                        verdict.state(),
                        verdict.why(),
                        query.waivedBy()));
            }
        }
        return plans;
    }

    private record Verdict(State state, String why) {}

    /** One look at the statements of a change. */
    private final class Look {

        private final QueryForms forms;
        private final Explain explain;
        private final Set<String> before;
        private final Set<String> after;
        private final String oldColumns;
        private final String newColumns;

        Look(ColumnChange change, Explain explain) throws SQLException {
            this.forms = new QueryForms(change, database);
            this.explain = explain;
            this.before = explain.indexes(change, Site::oldColumns);
            this.after = explain.indexes(change, Site::newColumns);
            Site site = change.sites().get(0);
            this.oldColumns = QueryForms.told(site.oldColumns());
            this.newColumns = QueryForms.told(site.newColumns());
        }

        Verdict at(String statement) {
            List<Word> words = Words.of(statement.replace("?, ...", "?, ?"), database);
            try {
                Explain.Access now = explain(words);
                if (!now.isBy(before)) {
                    return new Verdict(State.KEEPS, "is served by no index with " + oldColumns + " in it");
                }
                Optional<List<Word>> next = forms.inNew(words);
                if (next.isEmpty()) {
                    return new Verdict(
                            State.UNCHECKED,
                            "cannot be explained with %s in the place of %s: they are not one for one"
                                    .formatted(newColumns, oldColumns));
                }
                if (explain(next.get()).isBy(after)) {
                    return new Verdict(State.KEEPS, "is served by an index with " + newColumns + " in it as well");
                }
                return new Verdict(
                        State.LOSES,
                        "is served by index %s, and with %s in the place of %s by none"
                                .formatted(by(now), newColumns, oldColumns));
            } catch (SQLException e) {
                return new Verdict(State.UNCHECKED, "cannot be explained: " + firstLine(e));
            }
        }

        private String by(Explain.Access now) {
            return now.indexes().stream()
                    .filter(before::contains)
                    .sorted()
                    .reduce((left, right) -> left + ", " + right)
                    .orElse("on a unique key");
        }

        private Explain.Access explain(List<Word> words) throws SQLException {
            SQLException first = null;
            for (String value : database == Database.MYSQL ? EXAMPLES : List.of("")) {
                try {
                    return explain.explain(
                            forms.explainable(words, value), forms.aliases(words), QueryForms.sorts(words));
                } catch (SQLException e) {
                    if (first == null) {
                        first = e;
                    } else {
                        first.addSuppressed(e);
                    }
                }
            }
            throw Objects.requireNonNull(first);
        }
    }

    private static String firstLine(SQLException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
