package dev.segue.watch;

import dev.segue.change.Column;
import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.watch.Words.Kind;
import dev.segue.watch.Words.Word;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The form of a statement that nodes run when they read the new columns, from the one that they run when they read the old
 * ones, as far as that is one column for another. Immutable.
 */
final class QueryForms {

    /** What comes after these finds or sorts rows. */
    private static final Set<String> CLAUSES = Set.of("where", "on", "order", "group", "having");

    private final ColumnChange change;
    private final Database database;
    private final NamedColumns columns;

    QueryForms(ColumnChange change, Database database) {
        this.change = change;
        this.database = database;
        this.columns = new NamedColumns(List.of(change), database);
    }

    /** Whether it finds or sorts rows by an old column of the change. */
    boolean filters(List<Word> words) {
        int clauses = clauses(words);
        return change.kind().convertsBack()
                && !words.get(0).is("insert")
                && change.sites().stream()
                        .flatMap(site -> columns.positions(words, site, site.oldColumns()).stream())
                        .anyMatch(position -> position > clauses);
    }

    private static int clauses(List<Word> words) {
        int i = 0;
        while (i < words.size() && CLAUSES.stream().noneMatch(words.get(i)::is)) {
            i++;
        }
        return i;
    }

    /** Whether rows are sorted or grouped. */
    static boolean sorts(List<Word> words) {
        return words.stream().anyMatch(word -> word.is("order") || word.is("group"));
    }

    /** The statement with the new columns in the place of the old ones; empty if they are not one for one. */
    Optional<List<Word>> inNew(List<Word> words) {
        // What is set in both columns, is.
        int from = words.get(0).is("update") ? clauses(words) : 0;
        Map<Integer, String> replaced = new HashMap<>();
        for (Site site : change.sites()) {
            List<Integer> positions = columns.positions(words, site, site.oldColumns());
            boolean single = site.oldColumns().size() == 1 && site.newColumns().size() == 1;
            if (!positions.isEmpty() && !single) {
                return Optional.empty();
            }
            for (int position : positions) {
                replaced.put(position, site.newColumns().get(0).name());
            }
        }
        List<Word> next = new ArrayList<>(words);
        replaced.forEach((position, name) -> {
            if (position > from || from == 0) {
                next.set(
                        position,
                        new Word(Kind.QUOTED, name, words.get(position).apart()));
            }
        });
        return Optional.of(next);
    }

    /** What stands for the tables of the change in the statement, in lower case. */
    Set<String> aliases(List<Word> words) {
        Set<String> aliases = new HashSet<>();
        for (Site site : change.sites()) {
            aliases.addAll(columns.aliases(words, site));
        }
        return aliases;
    }

    /** The columns of one side, as people write them. */
    static String told(List<Column> columns) {
        return String.join(", ", columns.stream().map(Column::name).toList());
    }

    /** The statement as this database explains it: {@link Words#withoutValues} has left no values in it. */
    String explainable(List<Word> words, String value) {
        StringBuilder text = new StringBuilder();
        int parameters = 0;
        boolean counts = false;
        for (Word word : words) {
            if (word.apart() && text.length() > 0) {
                text.append(' ');
            }
            if (word.kind() == Kind.VALUE) {
                parameters++;
                text.append(
                        switch (database) {
                            case POSTGRESQL -> "$" + parameters;
                            case MYSQL -> counts ? "1" : value;
                        });
                continue;
            }
            counts = word.is("limit") || word.is("offset") || word.is("first") || (counts && word.isSign(','));
            text.append(word.kind() == Kind.QUOTED ? database.quote(word.text()) : word.text());
        }
        return text.toString();
    }
}
