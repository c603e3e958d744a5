package dev.segue.schema;

import dev.segue.change.Column;
import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.change.SqlForm;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import dev.segue.lifecycle.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One site of a change next to what the catalog has there now.
 *
 * @param renamed how what hangs on the old column would read if that had the new one's name, by what it is; empty if the
 *     new column does not hold the very values of the old one
 */
record Place(ColumnChange change, Site site, CatalogTable table, Map<String, String> renamed) {

    /** How the options of a key look that any type can have: {@code  DESC NULLS LAST}. */
    private static final String ORDER = "( DESC)?( NULLS (FIRST|LAST))?";

    /**
     * The index over the old column, and the name of the one that carries it over.
     *
     * @param text its definition if it is more than its keys
     */
    record Carried(
            CatalogTable.Index index,
            String successor,
            List<CatalogTable.Key> keys,
            @Nullable String text) {

        String definition(Database database) {
            return text == null ? CatalogTable.Key.quoted(database, keys) : text;
        }
    }

    /** What else hangs on the old column, and name and definition of what carries it over. */
    record CarriedPart(CatalogTable.Attachment part, String successor, String definition) {}

    TableName name() {
        return table.name();
    }

    Kind kind() {
        return change.kind();
    }

    /** Whether one column takes the place of one other: only then it is clear where an index on it belongs. */
    boolean isOneToOne() {
        return kind() == Kind.REPLACE
                && site.oldColumns().size() == 1
                && site.newColumns().size() == 1;
    }

    /** Whether the new column holds the very values of the old one, in the same type. */
    static boolean isVerbatim(ColumnChange change, Site site) {
        return change.kind() == Kind.REPLACE
                && site.oldColumns().size() == 1
                && site.form().equals(SqlForm.SAME)
                && site.oldColumns()
                        .get(0)
                        .type()
                        .equals(site.newColumns().get(0).type());
    }

    boolean isVerbatim() {
        return isVerbatim(change, site);
    }

    /** The one old column. */
    Column before() {
        return site.oldColumns().get(0);
    }

    /** The one new column. */
    Column after() {
        return site.newColumns().get(0);
    }

    /** The columns that are dropped in the end; the sources of a new column stay. */
    List<Column> going() {
        return kind() == Kind.INTRODUCE ? List.of() : site.oldColumns();
    }

    /** Whether the columns that go are gone. */
    boolean isContracted() {
        return !going().isEmpty() && going().stream().noneMatch(column -> table.has(column.name()));
    }

    /** The new columns that become NOT NULL. */
    List<Column> mandatory() {
        return site.newColumns().stream().filter(Column::mandatory).toList();
    }

    boolean hasDefault(Column column) {
        return table.column(column.name()).map(col -> col.initial() != null).orElse(false);
    }

    /** What is said of the old column outside of its definition. */
    CatalogTable.Extras extras(Column column) {
        return table.column(column.name()).map(CatalogTable.Col::extras).orElse(CatalogTable.Extras.NONE);
    }

    /**
     * The default that the new column gets when the old one goes, as an expression; none if there is none, or if it
     * cannot be said.
     */
    Optional<String> initial(Database database) {
        if (!isOneToOne() || hasDefault(after())) {
            return Optional.empty();
        }
        Optional<CatalogTable.Col> old = table.column(before().name());
        Optional<String> initial = old.map(CatalogTable.Col::initial);
        if (initial.isEmpty() || isVerbatim()) {
            return initial;
        }
        if (!old.get().constant() || !(site.form() instanceof SqlForm form)) {
            return Optional.empty();
        }
        String value = database == Database.POSTGRESQL
                ? "((%s)::%s)".formatted(initial.get(), before().type())
                : "(" + initial.get() + ")";
        return Optional.of(SqlForm.fill(form.toNew().get(0), placeholder -> value));
    }

    /**
     * The retired columns that get a default, and it: what a row holds that was not given a value. A column that holds
     * NULL then needs none.
     */
    Map<Column, String> fills() {
        Map<Column, String> fills = new LinkedHashMap<>();
        if (kind() == Kind.RETIRE && site.form() instanceof SqlForm form) {
            for (int i = 0; i < site.oldColumns().size(); i++) {
                if (!isNull(form.toOld().get(i))) {
                    fills.put(site.oldColumns().get(i), form.toOld().get(i));
                }
            }
        }
        return fills;
    }

    /** The columns that go and cannot be left out as they are: NOT NULL without a default, and none to come. */
    List<Column> notOmittable() {
        return going().stream()
                .filter(column -> column.mandatory() && !hasDefault(column))
                .filter(column -> !fills().containsKey(column))
                .toList();
    }

    static boolean isNull(String expression) {
        return expression.strip().equalsIgnoreCase("NULL");
    }

    /** The indexes that are built again by Segue; not those that somebody else has built over the new column already. */
    List<Carried> carried() {
        if (!isOneToOne()) {
            return List.of();
        }
        return table.indexesOn(before().name()).stream()
                .filter(this::isCarried)
                .map(this::carriedAs)
                .filter(carried -> twin(carried)
                        .map(twin -> twin.name().equals(carried.successor()))
                        .orElse(true))
                .toList();
    }

    private Carried carriedAs(CatalogTable.Index index) {
        List<CatalogTable.Key> keys = index.keysWith(before().name(), after().name());
        String text = index.plain() ? null : renamed.get(index.what());
        String simple = Names.successor(index.name(), before().name(), after().name());
        boolean taken = table.indexes().stream()
                .anyMatch(other -> other.name().equals(simple) && !index.isLike(other, keys, text));
        return new Carried(index, taken ? Names.other(index.name(), after().name()) : simple, keys, text);
    }

    /** The index that is to the new column what another one is to the old column. */
    private Optional<CatalogTable.Index> twin(Carried carried) {
        return table.indexes().stream()
                .filter(other -> other.valid() && carried.index().hasSameConstraint(other))
                .filter(other -> carried.index().isLike(other, carried.keys(), carried.text()))
                .findFirst();
    }

    /** Whether an index says the same of the new column as of the old one, and can be built without stopping anybody. */
    boolean isCarried(CatalogTable.Index index) {
        if (!isOneToOne() || index.never() != null) {
            return false;
        }
        if (!index.plain()) {
            return renamed.containsKey(index.what());
        }
        return before().type().equals(after().type())
                || index.keys().stream()
                        .filter(key -> key.column().equals(before().name()))
                        .allMatch(key -> key.options().matches(ORDER));
    }

    /** The other things that are made again by Segue. */
    List<CarriedPart> carriedParts() {
        if (!isOneToOne()) {
            return List.of();
        }
        return table.attachmentsOn(before().name()).stream()
                .filter(this::isCarried)
                .map(this::carriedAs)
                .filter(carried -> twin(carried)
                        .map(twin -> twin.name().equals(carried.successor())
                                || twin.kind() == CatalogTable.Attachment.Kind.HISTOGRAM)
                        .orElse(true))
                .toList();
    }

    private CarriedPart carriedAs(CatalogTable.Attachment part) {
        String definition = Objects.requireNonNull(renamed.get(part.what()));
        if (part.kind() == CatalogTable.Attachment.Kind.HISTOGRAM) {
            return new CarriedPart(part, part.name(), definition);
        }
        if (part.owner() != null) {
            // Which names that table has for its own constraints is not known here.
            return new CarriedPart(part, Names.other(part.name(), after().name()), definition);
        }
        String simple = Names.successor(part.name(), before().name(), after().name());
        boolean taken = table.attachments().stream()
                .anyMatch(other -> other.name().equals(simple) && !isLike(other, part, definition));
        return new CarriedPart(part, taken ? Names.other(part.name(), after().name()) : simple, definition);
    }

    private Optional<CatalogTable.Attachment> twin(CarriedPart carried) {
        return table.attachments().stream()
                .filter(other -> other.definition().equals(carried.definition()))
                .filter(other -> isLike(other, carried.part(), carried.definition()))
                .findFirst();
    }

    /** Also one that is not valid yet. */
    private boolean isLike(CatalogTable.Attachment other, CatalogTable.Attachment part, String definition) {
        return other.kind() == part.kind()
                && Objects.equals(other.owner(), part.owner())
                // What names no column says nothing of where it belongs.
                && (other.kind() != CatalogTable.Attachment.Kind.HISTOGRAM || other.isOn(after().name()))
                && (other.definition().equals(definition)
                        || other.definition().equals(definition + CatalogTable.Attachment.NOT_VALID));
    }

    /** The foreign keys of other tables that refer to the old column, and have a successor. */
    List<CatalogTable.Attachment> references() {
        return going().stream()
                .flatMap(column -> table.attachmentsOn(column.name()).stream())
                .filter(part -> part.kind() == CatalogTable.Attachment.Kind.REFERENCE && isCarried(part))
                .toList();
    }

    boolean isCarried(CatalogTable.Attachment attachment) {
        return isOneToOne() && attachment.never() == null && renamed.containsKey(attachment.what());
    }

    /** What is carried over and has no counterpart on the new column, in words. */
    List<String> withoutCounterpart() {
        if (!isOneToOne()) {
            return List.of();
        }
        List<String> missing = new ArrayList<>();
        table.indexesOn(before().name()).stream()
                .filter(this::isCarried)
                .filter(index -> twin(carriedAs(index)).isEmpty())
                .forEach(index -> missing.add(index.what()));
        table.attachmentsOn(before().name()).stream()
                .filter(this::isCarried)
                .filter(part -> twin(carriedAs(part)).isEmpty())
                .forEach(part -> missing.add(part.what()));
        return missing;
    }
}
