package dev.segue.hibernate;

import dev.segue.change.SqlForm;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Side;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.hibernate.boot.spi.MetadataBuildingContext;
import org.hibernate.mapping.Column;
import org.hibernate.mapping.PersistentClass;
import org.hibernate.mapping.Property;
import org.hibernate.type.BasicType;
import org.hibernate.type.CustomType;
import org.hibernate.type.StandardBasicTypes;
import org.jspecify.annotations.Nullable;

/**
 * Maps an attribute that lies in several columns, or takes the place of several, for one phase.
 *
 * <ol>
 *   <li>Where the old side is read, each part of the attribute is read as what it is converted to; where its own column
 *       exists, it is written to that all the same.
 *   <li>Each old column that is written is a property that nobody sees, bound from the whole attribute. In {@code
 *       old-only} nothing else is written, so it also tells Hibernate that the attribute has changed; {@link
 *       GroupValues} helps.
 *   <li>In {@code shadow-read} the parts are compared with their own columns.
 * </ol>
 */
final class GroupMapping {

    private final MetadataBuildingContext context;
    private final PersistentClass entity;
    private final Property attribute;
    private final List<MappedAttribute> parts;
    private final GroupConversion conversion;

    GroupMapping(MetadataBuildingContext context, PersistentClass entity, Property attribute, Mark mark) {
        this.context = context;
        this.entity = entity;
        this.attribute = attribute;
        this.parts = Parts.declared(attribute).stream()
                .map(part -> new MappedAttribute(context, entity, part))
                .toList();
        this.conversion = GroupConversion.of(
                mark,
                entity.getEntityName() + "." + attribute.getName(),
                attribute,
                parts.stream().map(MappedAttribute::columnName).toList(),
                parts.get(0).types,
                parts.get(0).database);
    }

    void map(Phase phase) {
        List<String> own = parts.stream().map(MappedAttribute::columnName).toList();
        if (phase.reads() == Side.OLD) {
            for (int i = 0; i < parts.size(); i++) {
                readOld(i, phase);
            }
        }
        if (phase.writes(Side.OLD)) {
            for (int i = 0; i < conversion.columns().size(); i++) {
                writeOld(i, phase);
            }
        }
        if (phase == Phase.SHADOW_READ) {
            compare(own);
        }
        GroupedAttribute grouped = new GroupedAttribute(
                entity.getEntityName(),
                attribute.getName(),
                parts.stream().map(MappedAttribute::path).toList(),
                conversion,
                phase);
        Settings.conversions(context).addGrouped(grouped);
        if (phase.reads() == Side.OLD) {
            addSurvival(grouped);
        }
    }

    private void readOld(int i, Phase phase) {
        MappedAttribute part = parts.get(i);
        Column computed = part.computed(part.columnName(), expression(i));
        BasicType<@Nullable Object> type = conversion.after().types().get(i);
        computed.setSqlTypeCode(type.getJdbcType().getDdlTypeCode());
        BasicType<@Nullable Object> read = conversion.sql().isPresent()
                ? type
                : new AsAttribute(new PartType(conversion, i, phase.id()), type, part.types);
        part.removeColumn();
        if (phase.writes(Side.NEW)) {
            part.table.addColumn(computed);
            part.property.setValue(part.value(computed, read));
        } else {
            part.property.setValue(part.readValue(computed, read));
            part.property.setInsertable(false);
            part.property.setUpdatable(false);
        }
    }

    /** The part's value, out of the old columns; without an SQL form the old column itself. */
    private String expression(int i) {
        MappedAttribute part = parts.get(i);
        return conversion
                .sql()
                .map(form -> MappedForm.Target.of(
                                context, conversion.after().types().get(i), part.column)
                        .converted(filled(form.toNew().get(i))))
                .orElseGet(
                        () -> MappedForm.saidAnew(qualified(conversion.columns().get(0)), i));
    }

    private String filled(String expression) {
        List<String> columns = conversion.columns();
        return SqlForm.fill(
                expression, placeholder -> qualified(columns.contains(placeholder) ? placeholder : columns.get(0)));
    }

    private String qualified(String column) {
        return MappedForm.TABLE + parts.get(0).database.quote(column);
    }

    private void writeOld(int i, Phase phase) {
        MappedAttribute any = parts.get(0);
        boolean alone = phase == Phase.OLD_ONLY;
        Column old = new Column("`" + conversion.columns().get(i) + "`");
        old.setNullable(true);
        old.setSqlTypeCode(conversion.before().types().get(i).getJdbcType().getDdlTypeCode());
        any.table.addColumn(old);
        BasicType<@Nullable Object> type = new CustomType<>(new SideType(conversion, i, alone), any.types);
        Property side = any.hidden(Twins.sideName(i, attribute.getName()), any.value(old, type));
        side.setSelectable(false);
        // Where it is what makes the entity dirty, it is what makes the version go up.
        side.setOptimisticLocked(alone && attribute.isOptimisticLocked());
        side.setPropertyAccessStrategy(new TwinAccess(attribute));
        if (entity.useDynamicUpdate() && !alone) {
            String name = attribute.getName();
            side.setValueGeneratorCreator(creation -> new TwinGenerator(name));
        }
        any.addToEntity(side);
    }

    private void compare(List<String> own) {
        MappedAttribute any = parts.get(0);
        if (conversion.sql().isPresent()) {
            List<String> differences = new ArrayList<>();
            for (int i = 0; i < parts.size(); i++) {
                differences.add("(" + MappedForm.differs(any.database, expression(i), qualified(own.get(i))) + ")");
            }
            String name = Twins.SHADOW_PREFIX + attribute.getName();
            add(
                    name,
                    "case when " + String.join(" + ", differences) + " = 0 then 0 else 1 end",
                    integer(),
                    HiddenAccess.ofComparison(conversion.change(), entity, Settings.shadowReads(context)));
            return;
        }
        for (int i = 0; i < parts.size(); i++) {
            add(
                    Twins.shadowName(i, attribute.getName()),
                    qualified(own.get(i)),
                    conversion.after().types().get(i),
                    HiddenAccess.UNHEARD);
        }
    }

    private BasicType<?> integer() {
        return parts.get(0).types.getBasicTypeRegistry().resolve(StandardBasicTypes.INTEGER);
    }

    private void add(String name, String read, BasicType<?> type, HiddenAccess access) {
        add(name, parts.get(0).computed(name, read), type, access);
    }

    private void add(String name, Column read, BasicType<?> type, HiddenAccess access) {
        MappedAttribute any = parts.get(0);
        any.addToEntity(any.read(name, any.readValue(read, type), access));
    }

    /** Whether the old values survive: of one column Java can tell, several come together only in the database. */
    private void addSurvival(GroupedAttribute grouped) {
        String name = Twins.BEFORE_PREFIX + attribute.getName();
        HiddenAccess access = Settings.conversions(context).unproven().access(grouped);
        if (conversion.columns().size() == 1) {
            SurvivalType type = new SurvivalType(
                    conversion.before().types().get(0), old -> conversion.survives(Collections.singletonList(old)));
            add(
                    name,
                    selected(grouped, qualified(conversion.columns().get(0))),
                    new CustomType<>(type, parts.get(0).types),
                    access);
            return;
        }
        List<String> differences = new ArrayList<>();
        List<String> names = parts.stream().map(MappedAttribute::columnName).toList();
        SqlForm form = conversion.sql().orElseThrow();
        for (int i = 0; i < conversion.columns().size(); i++) {
            String back = SqlForm.fill(
                    form.toOld().get(i), placeholder -> expression(Math.max(0, names.indexOf(placeholder))));
            String old = qualified(conversion.columns().get(i));
            differences.add(
                    conversion.before().types().get(i).getJdbcType().isStringLike()
                            ? "(" + MappedForm.differs(parts.get(0).database, back, old) + ")"
                            : "(case when " + back + " = " + old + " or (" + back + " is null and " + old
                                    + " is null) then 0 else 1 end)");
        }
        add(
                name,
                selected(grouped, "case when " + String.join(" + ", differences) + " = 0 then 1 else 0 end"),
                new CustomType<>(SurvivalType.told(integer()), parts.get(0).types),
                access);
    }

    private Column selected(GroupedAttribute grouped, String read) {
        return parts.get(0).selected(conversion.change(), grouped.phase(), read);
    }
}
