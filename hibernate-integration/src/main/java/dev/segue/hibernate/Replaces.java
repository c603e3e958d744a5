package dev.segue.hibernate;

import dev.segue.change.Conversion;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.hibernate.annotations.AttributeBinderType;

/**
 * The attribute replaces a column, or several. It is mapped to what comes; this names what goes.
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
 * <pre>{@code
 * @Embedded
 * @Replaces(change = "customer-name-parts", column = "display_name", conversion = NameParts.class)
 * PersonName name;
 * }</pre>
 *
 * <p>An embedded object is a class or a record of plain attributes; if it is null its columns are all NULL. The columns
 * of its SQL form are in the order in which it declares its attributes. While the old side is written, a bulk statement
 * that assigns an attribute of several columns is refused, and so is one with an expression that only Java can convert.
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

    /** The old column, or several for a conversion from a record, exactly as the database has their names. */
    String[] column();

    /**
     * How a value of the old column becomes the attribute's, and back; that of several columns is a record with a
     * component for each, in their order. It has a constructor without parameters. Without a conversion the column only
     * gets another name. Several old columns need a conversion with an SQL form.
     */
    @SuppressWarnings("rawtypes")
    Class<? extends Conversion> conversion() default Conversion.class;
}
