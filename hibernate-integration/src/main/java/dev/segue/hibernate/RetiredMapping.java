package dev.segue.hibernate;

import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Side;
import org.hibernate.mapping.BasicValue;
import org.hibernate.mapping.Formula;

/** Maps an attribute whose column goes: to it, and when its phase names no old column, to nothing. */
final class RetiredMapping {

    private RetiredMapping() {}

    static void map(MappedAttribute attribute, Mark mark, Phase phase) {
        if (phase.names(Side.OLD)) {
            return;
        }
        RetiredType type = new RetiredType(attribute.where(), mark.change(), phase.id(), attribute.type());
        BasicValue nothing = new BasicValue(attribute.context, attribute.table);
        nothing.setTypeName(attribute.register(new AsAttribute(type, attribute.type(), attribute.types)));
        nothing.addFormula(new Formula("null"));
        attribute.removeColumn();
        attribute.property.setValue(nothing);
        attribute.property.setOptional(true);
        attribute.property.setInsertable(false);
        attribute.property.setUpdatable(false);
        Settings.conversions(attribute.context)
                .addRetired(new Conversions.Retired(attribute.entity.getEntityName(), type));
    }
}
