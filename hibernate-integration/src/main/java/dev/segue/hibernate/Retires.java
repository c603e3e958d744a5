package dev.segue.hibernate;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.hibernate.annotations.AttributeBinderType;

/**
 * The attribute's column goes, and nothing takes its place: the application no longer cares for the value.
 *
 * <pre>{@code
 * @Column(name = "fax")
 * @Retires(change = "customer-fax")
 * String fax;
 * }</pre>
 *
 * <p>In {@code old-only} the attribute is what it was. In {@code new-only} no statement names its column: the attribute is
 * null in what is loaded, and what it is set to is not kept. An update leaves the column of the row alone, so that the
 * way back finds the values of before. A query may select the attribute; one that compares, sorts or computes with it,
 * or assigns it, is refused, because it would act on values that are no longer there.
 *
 * <p>When the change is over, delete the attribute.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.METHOD})
@AttributeBinderType(binder = RetiresBinder.class)
public @interface Retires {

    /** The id of the change, unique in the database: {@code customer-fax}. Configuration and journal use it. */
    String change();

    /** What the column holds in rows that are inserted without it, as an SQL constant: {@code 'none'}. */
    String fill() default "NULL";
}
