package dev.segue.hibernate;

import org.hibernate.binder.AttributeBinder;
import org.hibernate.boot.spi.MetadataBuildingContext;
import org.hibernate.mapping.PersistentClass;
import org.hibernate.mapping.Property;
import org.jspecify.annotations.Nullable;

/** Hibernate calls it when the attribute is mapped and no type has been resolved yet. */
public final class IntroducesBinder implements AttributeBinder<Introduces> {

    @Override
    public void bind(
            Introduces annotation,
            MetadataBuildingContext context,
            @Nullable PersistentClass entity,
            Property property) {
        MarkBinding.bind(Mark.of(annotation), context, entity, property);
    }
}
