package dev.segue.hibernate;

import dev.segue.change.Conversion;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.hibernate.annotations.AttributeBinderType;

/**
 * The attribute has a column that no other one comes before. Until {@code new-only} its value is computed, from other
 * columns of the row or as a constant; from then on it is a column like any other.
 *
 * <pre>{@code
 * @Column(name = "tier", nullable = false)
 * @Enumerated(EnumType.STRING)
 * @Introduces(change = "customer-tier", from = "country", initial = TierOfCountry.class)
 * Tier tier;
 * }</pre>
 *
 * <p>Before {@code new-only} an entity may leave the attribute null, as it was loaded, or at the computed value; another
 * value is refused, because a node that still computes it could not read it back. When a source is changed the attribute
 * follows with the flush. A bulk statement that assigns a source is refused while the new column is written and computed.
 *
 * <p>Stands on a plain attribute of an entity in one table, not in an embedded object; each source column is mapped by one
 * plain attribute of the same entity. When the change is over, delete the annotation.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.METHOD})
@AttributeBinderType(binder = IntroducesBinder.class)
public @interface Introduces {

    /** The id of the change, unique in the database: {@code customer-tier}. Configuration and journal use it. */
    String change();

    /** The columns that the value comes from, exactly as the database has their names; none if it is a constant. */
    String[] from() default {};

    /**
     * How the value is computed: {@code toNew} of the source's value, of a record with a component for each source in
     * their order, or of null if there is no source. {@code toOld} is never called. It has a constructor without
     * parameters. In phases that do not read the new column, queries on the attribute need its SQL form.
     */
    @SuppressWarnings("rawtypes")
    Class<? extends Conversion> initial();
}
