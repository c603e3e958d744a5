package dev.segue.watch;

import dev.segue.change.Column;
import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Side;
import dev.segue.watch.Words.Word;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds the columns of changes in the text of a statement.
 *
 * <p>A column is named where its name stands in a statement that also has the name of its table, unless it stands behind
 * the name or alias of another table, is only given as a name to something else, or is a function. Where that is not
 * clear the column counts as named: rather once too often than a drop under a statement that is still run. Statements
 * that change the schema name none. Immutable.
 */
final class NamedColumns {

    /** A side of a change whose columns a statement names. */
    record Named(String change, Side side) {}

    private static final Set<String> SCHEMA = Set.of(
            "alter",
            "create",
            "drop",
            "comment",
            "analyze",
            "vacuum",
            "grant",
            "revoke",
            "set",
            "show",
            "explain",
            "lock",
            "reindex",
            "cluster",
            "reset",
            "begin",
            "start",
            "commit",
            "rollback",
            "savepoint",
            "release",
            "truncate",
            "refresh",
            "optimize",
            "rename",
            "describe",
            "desc",
            "flush");

    /** After these comes a table. */
    private static final Set<String> BEFORE_TABLE = Set.of("from", "join", "update", "into", "only", "using", "copy");

    /** These may follow a table and are no alias. */
    private static final Set<String> AFTER_TABLE = Set.of(
            "where",
            "set",
            "on",
            "join",
            "inner",
            "left",
            "right",
            "full",
            "cross",
            "natural",
            "using",
            "group",
            "order",
            "limit",
            "values",
            "value",
            "select",
            "for",
            "union",
            "having",
            "returning",
            "default",
            "partition",
            "use",
            "ignore",
            "force",
            "straight_join",
            "window",
            "offset",
            "fetch",
            "intersect",
            "except",
            "with",
            "tablesample",
            "overriding",
            "when",
            "lateral",
            "to",
            "lock",
            "outer",
            "and",
            "or",
            "then",
            "end",
            "else",
            "from");

    /** These may stand before a column in an expression. */
    private static final Set<String> OF_EXPRESSION = Set.of(
            "not", "case", "between", "like", "ilike", "is", "in", "distinct", "all", "by", "div", "mod", "xor", "any");

    private final List<ColumnChange> changes;
    private final Database database;

    NamedColumns(List<ColumnChange> changes, Database database) {
        this.changes = List.copyOf(changes);
        this.database = database;
    }

    /** The sides of changes that can be missing and whose columns the statement names. */
    Set<Named> in(List<Word> words) {
        Set<Named> named = new HashSet<>();
        if (words.isEmpty() || SCHEMA.contains(words.get(0).text().toLowerCase(Locale.ROOT))) {
            return named;
        }
        for (ColumnChange change : changes) {
            for (Site site : change.sites()) {
                // What a new attribute is computed from stays.
                if (change.kind() != Kind.INTRODUCE && names(words, site, site.oldColumns())) {
                    named.add(new Named(change.id(), Side.OLD));
                }
                if (names(words, site, site.newColumns())) {
                    named.add(new Named(change.id(), Side.NEW));
                }
            }
        }
        return named;
    }

    /** The sides whose columns are selected under the name of one of the other side. */
    Set<Named> disguised(List<Word> words) {
        Set<Named> found = new HashSet<>();
        for (ColumnChange change : changes) {
            for (Site site : change.sites()) {
                if (isDisguised(words, site.oldColumns(), site.newColumns())) {
                    found.add(new Named(change.id(), Side.OLD));
                }
                if (isDisguised(words, site.newColumns(), site.oldColumns())) {
                    found.add(new Named(change.id(), Side.NEW));
                }
            }
        }
        return found;
    }

    /** Whether the change puts columns in the place of others in one of these tables. */
    boolean areOf(Named named, List<String> tables) {
        return changes.stream()
                .filter(change ->
                        change.id().equals(named.change()) && change.kind().comparesSides())
                .flatMap(change -> change.sites().stream())
                .anyMatch(site -> tables.stream()
                        .map(table ->
                                table.substring(table.lastIndexOf('.') + 1).replaceAll("[\"`]", ""))
                        .anyMatch(site.table().name()::equalsIgnoreCase));
    }

    /** Whether the statement selects whatever columns a table has. */
    static boolean selectsAll(List<Word> words) {
        for (int i = 1; i < words.size(); i++) {
            Word before = words.get(i - 1);
            if (words.get(i).isSign('*') && (before.isSign('.') || before.isSign(',') || before.is("select"))) {
                return true;
            }
        }
        return false;
    }

    private boolean isDisguised(List<Word> words, List<Column> columns, List<Column> others) {
        for (int i = 1; i < words.size(); i++) {
            Word before = words.get(i - 1);
            boolean given = before.is("as")
                    || before.isSign(')')
                    || (before.isName() && !isKeyword(before) && !isOfExpression(before));
            if (given
                    && meansOne(words.get(i), others)
                    && itemBefore(words, i).anyMatch(word -> meansOne(word, columns))) {
                return true;
            }
        }
        return false;
    }

    /** The words of the expression that ends before this word, backwards. */
    private static Stream<Word> itemBefore(List<Word> words, int end) {
        List<Word> item = new ArrayList<>();
        int depth = 0;
        for (int i = end - 1; i >= 0; i--) {
            Word word = words.get(i);
            depth += word.isSign(')') ? 1 : word.isSign('(') ? -1 : 0;
            if (depth < 0 || (depth == 0 && (word.isSign(',') || word.is("select")))) {
                break;
            }
            item.add(word);
        }
        return item.stream();
    }

    private boolean meansOne(Word word, List<Column> columns) {
        return columns.stream().anyMatch(column -> means(word, column.name()));
    }

    /** The columns of a side, as people write them: {@code customer.name}. */
    String columns(Named named) {
        return changes.stream()
                .filter(change -> change.id().equals(named.change()))
                .flatMap(change -> change.sites().stream())
                .flatMap(site -> (named.side() == Side.OLD ? site.oldColumns() : site.newColumns())
                        .stream().map(column -> site.table() + "." + column.name()))
                .reduce((left, right) -> left + ", " + right)
                .orElse("");
    }

    private boolean names(List<Word> words, Site site, List<Column> columns) {
        return !positions(words, site, columns).isEmpty();
    }

    /** Where these columns of the table are named. */
    List<Integer> positions(List<Word> words, Site site, List<Column> columns) {
        String table = site.table().name();
        if (words.stream().noneMatch(word -> means(word, table))) {
            return List.of();
        }
        Set<String> ours = new HashSet<>();
        Set<String> others = new HashSet<>();
        qualifiers(words, table, ours, others);
        others.removeAll(ours);
        List<Integer> positions = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            for (Column column : columns) {
                boolean named = means(words.get(i), column.name()) && isColumn(words, i, others);
                // A table may have the name of its column.
                if (named && !(column.name().equals(table) && follows(words, i, BEFORE_TABLE))) {
                    positions.add(i);
                }
            }
        }
        return positions;
    }

    /** What stands for the table: its name and its aliases. */
    Set<String> aliases(List<Word> words, Site site) {
        Set<String> ours = new HashSet<>();
        qualifiers(words, site.table().name(), ours, new HashSet<>());
        return ours;
    }

    /** What may stand before a dot: our table and its aliases, and those of others. */
    private void qualifiers(List<Word> words, String table, Set<String> ours, Set<String> others) {
        Set<String> derived = derived(words);
        for (int i = 0; i < words.size(); i++) {
            boolean our = means(words.get(i), table);
            boolean other = words.get(i).isName() && !isKeyword(words.get(i)) && follows(words, i, BEFORE_TABLE);
            if (!our && !other) {
                continue;
            }
            int last = i;
            while (at(words, last + 1).isSign('.') && at(words, last + 2).isName()) {
                last += 2;
                our = our || means(words.get(last), table);
            }
            List<String> all = new ArrayList<>(List.of(folded(words.get(last))));
            Word next = at(words, last + 1);
            Word alias = next.is("as") ? at(words, last + 2) : next;
            if (alias.isName() && !isKeyword(alias)) {
                all.add(folded(alias));
            }
            // Columns may come through what is computed from our table.
            if (our || !derived.contains(all.get(0))) {
                (our ? ours : others).addAll(all);
            }
        }
    }

    /** The names of common table expressions. */
    private Set<String> derived(List<Word> words) {
        Set<String> names = new HashSet<>();
        for (int i = 1; i + 1 < words.size(); i++) {
            if (words.get(i).is("as") && words.get(i - 1).isName()) {
                int next = i + 1;
                while (at(words, next).is("not") || at(words, next).is("materialized")) {
                    next++;
                }
                if (at(words, next).isSign('(')) {
                    names.add(folded(words.get(i - 1)));
                }
            }
        }
        return names;
    }

    private boolean isColumn(List<Word> words, int i, Set<String> others) {
        Word before = at(words, i - 1);
        Word after = at(words, i + 1);
        if (before.isSign('.')) {
            Word qualifier = at(words, i - 2);
            return !qualifier.isName() || !others.contains(folded(qualifier));
        }
        boolean function = after.isSign('(') && words.get(i).kind() == Words.Kind.PLAIN;
        return !before.is("as") && !after.isSign('.') && !function;
    }

    private static boolean follows(List<Word> words, int i, Set<String> keywords) {
        Word before = at(words, i - 1);
        return before.kind() == Words.Kind.PLAIN
                && keywords.contains(before.text().toLowerCase(Locale.ROOT));
    }

    private static boolean isOfExpression(Word word) {
        return word.kind() == Words.Kind.PLAIN
                && OF_EXPRESSION.contains(word.text().toLowerCase(Locale.ROOT));
    }

    private static boolean isKeyword(Word word) {
        return word.kind() == Words.Kind.PLAIN
                && AFTER_TABLE.contains(word.text().toLowerCase(Locale.ROOT));
    }

    private static Word at(List<Word> words, int i) {
        return i < 0 || i >= words.size() ? new Word(Words.Kind.SIGN, " ", false) : words.get(i);
    }

    /** Whether the word is this name, which is in the case of the catalog. */
    private boolean means(Word word, String name) {
        if (!word.isName()) {
            return false;
        }
        return switch (database) {
            case POSTGRESQL -> folded(word).equals(name);
            case MYSQL -> word.text().equalsIgnoreCase(name);
        };
    }

    private String folded(Word word) {
        return database == Database.POSTGRESQL && word.kind() == Words.Kind.QUOTED
                ? word.text()
                : word.text().toLowerCase(Locale.ROOT);
    }
}
