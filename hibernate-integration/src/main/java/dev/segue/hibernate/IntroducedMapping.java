package dev.segue.hibernate;

import dev.segue.change.SqlForm;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Side;
import java.util.ArrayList;
import java.util.List;
import org.hibernate.dialect.Dialect;
import org.hibernate.mapping.Column;
import org.hibernate.type.BasicType;
import org.hibernate.type.StandardBasicTypes;
import org.jspecify.annotations.Nullable;

/**
 * Maps a new attribute until it is set freely.
 *
 * <ol>
 *   <li>Where the old side is read, it is read as what it is computed from: by an expression, or in Java.
 *   <li>If its column exists, it is written, with what {@link IntroducedValues} says.
 *   <li>In {@code shadow-read} both are compared.
 * </ol>
 */
final class IntroducedMapping {

    private final MappedAttribute attribute;
    private final InitialValue initial;
    private final String name;

    IntroducedMapping(MappedAttribute attribute, Mark mark) {
        this.attribute = attribute;
        this.name = attribute.columnName();
        this.initial = InitialValue.of(mark, attribute.where(), attribute.type(), attribute.types, attribute.database);
    }

    void map(Phase phase) {
        if (phase == Phase.NEW_ONLY) {
            return;
        }
        // It is filled in after Hibernate has looked.
        attribute.property.setOptional(true);
        attribute.column.setNullable(true);
        if (phase.reads() == Side.OLD) {
            read(phase);
        }
        if (phase == Phase.SHADOW_READ) {
            compare();
        }
        Settings.conversions(attribute.context)
                .addIntroduced(new IntroducedAttribute(
                        attribute.entity.getEntityName(), attribute.property.getName(), initial, sources(), phase));
    }

    private List<SourceAttribute> sources() {
        Dialect dialect = attribute.context.getMetadataCollector().getDatabase().getDialect();
        List<SourceAttribute> sources = new ArrayList<>();
        for (int i = 0; i < initial.sources().size(); i++) {
            sources.add(SourceAttribute.of(
                    SourceAttribute.pathTo(initial.sources().get(i), attribute.entity, attribute.names()),
                    initial.before().types().get(i),
                    dialect));
        }
        return sources;
    }

    private void read(Phase phase) {
        Column computed = attribute.computed(name, expression());
        computed.setSqlTypeCode(initial.newType().getJdbcType().getDdlTypeCode());
        BasicType<@Nullable Object> type = initial.sql().isPresent()
                ? initial.newType()
                : new AsAttribute(new ComputedType(initial, phase.id()), initial.newType(), attribute.types);
        attribute.removeColumn();
        if (phase.writes(Side.NEW)) {
            attribute.table.addColumn(computed);
            attribute.property.setValue(attribute.value(computed, type));
        } else {
            attribute.property.setValue(attribute.readValue(computed, type));
            attribute.property.setInsertable(false);
            attribute.property.setUpdatable(false);
        }
        Column selected = attribute.selected(initial.change(), phase, "0");
        attribute.addToEntity(attribute.read(
                Twins.BEFORE_PREFIX + attribute.property.getName(),
                attribute.readValue(selected, integer()),
                HiddenAccess.UNHEARD));
    }

    private BasicType<?> integer() {
        return attribute.types.getBasicTypeRegistry().resolve(StandardBasicTypes.INTEGER);
    }

    private String expression() {
        return initial.sql()
                .map(form -> MappedForm.Target.of(attribute.context, initial.newType(), attribute.column)
                        .converted(filled(form)))
                .orElseGet(() -> MappedForm.saidAnew(
                        initial.sources().isEmpty()
                                ? "0"
                                : qualified(initial.sources().get(0)),
                        1 + Settings.conversions(attribute.context).introduced().size()));
    }

    private String filled(String form) {
        return SqlForm.fill(
                form,
                placeholder -> qualified(
                        initial.sources().contains(placeholder)
                                ? placeholder
                                : initial.sources().get(0)));
    }

    private String qualified(String column) {
        return MappedForm.TABLE + attribute.database.quote(column);
    }

    private void compare() {
        String shadow = Twins.SHADOW_PREFIX + attribute.property.getName();
        String own = qualified(name);
        HiddenAccess access = initial.sql().isPresent()
                ? HiddenAccess.ofComparison(initial.change(), attribute.entity, Settings.shadowReads(attribute.context))
                : HiddenAccess.UNHEARD;
        BasicType<?> type = initial.sql().isPresent() ? integer() : initial.newType();
        String read = initial.sql().isPresent() ? MappedForm.differs(attribute.database, expression(), own) : own;
        attribute.addToEntity(
                attribute.read(shadow, attribute.readValue(attribute.computed(shadow, read), type), access));
    }
}
