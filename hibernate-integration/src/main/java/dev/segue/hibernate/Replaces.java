package dev.segue.hibernate;

import dev.segue.change.Conversion;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.hibernate.annotations.AttributeBinderType;

/**
 * The attribute replaces a column. The attribute is mapped to the column that comes; this names the one that goes.
 *
 * <pre>{@code
 * @Column(name = "full_name", nullable = false)
 * @Replaces(change = "customer-full-name", column = "name")
 * String fullName;
 * }</pre>
 *
 * <pre>{@code
 * @Column(name = "credit_cents", nullable = false)
 * @Replaces(change = "customer-credit-cents", column = "credit", conversion = EurosToCents.class)
 * long creditCents;
 * }</pre>
 *
 * <p>When the change is over, delete the annotation: what is left is the plain mapping.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.METHOD})
@AttributeBinderType(binder = ReplacesBinder.class)
public @interface Replaces {

    /** The id of the change, unique in the database: {@code customer-full-name}. Configuration and journal use it. */
    String change();

    /** The old column, exactly as the database has its name. */
    String[] column();

    /**
     * How a value of the old column becomes the attribute's, and back. It has a constructor without parameters. Without a
     * conversion the column only gets another name.
     */
    @SuppressWarnings("rawtypes")
    Class<? extends Conversion> conversion() default Conversion.class;
}
