package dev.segue.hibernate;

import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Side;
import org.hibernate.mapping.BasicValue;
import org.hibernate.mapping.Column;
import org.hibernate.mapping.Formula;
import org.hibernate.mapping.Property;
import org.hibernate.type.BasicType;
import org.hibernate.type.CustomType;
import org.hibernate.type.StandardBasicTypes;
import org.jspecify.annotations.Nullable;

/**
 * Maps one attribute that replaces a column for one phase.
 *
 * <ol>
 *   <li>The attribute itself goes to the column that the phase reads.
 *   <li>If the phase writes the other column too, that one becomes a <em>twin</em>: a property that nobody sees, which
 *       is written with the attribute's value, never read, and never a reason for an UPDATE.
 *   <li>In {@code shadow-read} the comparison of the two columns is selected as well, and reported.
 * </ol>
 *
 * <p>The old column of a conversion is read and written in the attribute's values: through an expression if the
 * conversion can be said in SQL, else by a type that converts.
 */
final class PhaseMapping {

    private final MappedAttribute attribute;
    private final Mark mark;
    private final Column column;
    private final String before;

    PhaseMapping(MappedAttribute attribute, Mark mark) {
        this.attribute = attribute;
        this.mark = mark;
        this.column = attribute.column;
        this.before = mark.columns().get(0);
    }

    void map(Phase phase) {
        if (mark.conversion() == null) {
            mapRename(phase);
        } else {
            mapConversion(phase, conversion());
        }
    }

    private void mapRename(Phase phase) {
        // Taken literally, so it is quoted.
        String oldColumn = "`" + before + "`";
        String newColumn = column.getQuotedName();
        boolean readsOld = phase.reads() == Side.OLD;
        if (readsOld) {
            column.setName(oldColumn);
            attribute.table.columnRenamed(column);
        }
        if (phase.writesBoth()) {
            addTwin(copy(readsOld ? newColumn : oldColumn), attribute.type());
        }
        if (phase == Phase.SHADOW_READ) {
            addComparison(difference(oldColumn, newColumn), heard());
        }
    }

    private void mapConversion(Phase phase, AttributeConversion conversion) {
        String newColumn = column.getQuotedName();
        OldColumn old = OldColumn.of(attribute.context, conversion, column, before, isEmbedded(), phase);
        if (phase.reads() == Side.OLD) {
            // The value has been resolved, and what is resolved keeps its type.
            attribute.removeColumn();
            attribute.table.addColumn(old.column());
            attribute.property.setValue(attribute.value(old.column(), old.type()));
            if (phase.writesBoth()) {
                addTwin(copy(newColumn), conversion.newType());
            }
        } else if (phase.writesBoth()) {
            addTwin(old.column(), old.type());
        }
        if (phase == Phase.SHADOW_READ) {
            addComparison(conversion, old);
        }
        Conversions.Mapped mapped =
                new Conversions.Mapped(attribute.entity.getEntityName(), attribute.path(), conversion, phase);
        Settings.conversions(attribute.context).add(mapped);
        if (phase.reads() == Side.OLD) {
            addSurvival(mapped);
        }
    }

    /** Whether the old value survives, read beside the attribute. */
    private void addSurvival(Conversions.Mapped mapped) {
        String name = Twins.BEFORE_PREFIX + String.join("_", mapped.path());
        Column old =
                attribute.selected(mark.change(), mapped.phase(), MappedForm.TABLE + attribute.database.quote(before));
        BasicType<Boolean> survival = new CustomType<>(
                new SurvivalType(mapped.conversion().oldType(), mapped.conversion()::survives), attribute.types);
        HiddenAccess access = Settings.conversions(attribute.context).unproven().access(mapped);
        attribute.addToEntity(attribute.read(name, attribute.readValue(old, survival), access));
    }

    private boolean isEmbedded() {
        return attribute.owner() != null;
    }

    private AttributeConversion conversion() {
        return AttributeConversion.of(
                mark,
                attribute.where(),
                new AttributeConversion.Columns(before, attribute.columnName()),
                attribute.type(),
                attribute.types,
                attribute.database);
    }

    /** A column that is defined like the attribute's. */
    private Column copy(String name) {
        Column copy = new Column(name);
        copy.setLength(column.getLength());
        copy.setPrecision(column.getPrecision());
        copy.setScale(column.getScale());
        copy.setSqlType(column.getSqlType());
        return copy;
    }

    private void addTwin(Column twin, BasicType<@Nullable Object> type) {
        twin.setNullable(true);
        attribute.table.addColumn(twin);
        // Bound exactly as the attribute would be in its column, converters and all.
        BasicType<@Nullable Object> bound = new CustomType<>(new TwinType<>(type), attribute.types);
        Property property = attribute.hidden(Twins.PREFIX + attribute.property.getName(), attribute.value(twin, bound));
        property.setSelectable(false);
        property.setPropertyAccessStrategy(new TwinAccess(attribute.property));
        if (attribute.entity.useDynamicUpdate() && !isEmbedded()) {
            String name = attribute.property.getName();
            property.setValueGeneratorCreator(creation -> new TwinGenerator(name));
        }
        attribute.add(property);
    }

    /** Of two columns of one type. */
    private BasicValue difference(String oldColumn, String newColumn) {
        BasicValue comparison = new BasicValue(attribute.context, attribute.table);
        comparison.setTypeName(StandardBasicTypes.INTEGER.getName());
        comparison.addFormula(new Formula(MappedForm.differs(attribute.database, oldColumn, newColumn)));
        return comparison;
    }

    /** In the database if it can convert; else the new column is read, and {@link ShadowComparison} compares. */
    private void addComparison(AttributeConversion conversion, OldColumn old) {
        String name = attribute.columnName();
        // Another column to Hibernate, since it is read in another way; the table has it already.
        Column compared = new Column("`" + name + "`");
        if (old.form() == null) {
            addComparison(attribute.value(compared, conversion.newType()), HiddenAccess.UNHEARD);
        } else {
            compared.setCustomRead(old.form().differs(attribute.database.quote(name)));
            addComparison(
                    attribute.value(
                            compared, attribute.types.getBasicTypeRegistry().resolve(StandardBasicTypes.INTEGER)),
                    heard());
        }
    }

    private HiddenAccess heard() {
        return HiddenAccess.ofComparison(mark.change(), attribute.entity, Settings.shadowReads(attribute.context));
    }

    /** In the entity: in an embedded object it would be a value where all others are null, and that object none. */
    private void addComparison(BasicValue comparison, HiddenAccess access) {
        String name = Twins.SHADOW_PREFIX + String.join("_", attribute.path());
        attribute.addToEntity(attribute.read(name, comparison, access));
    }
}
