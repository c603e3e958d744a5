package dev.segue.test.kit;

import dev.segue.test.database.Engine;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.ClassTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs the tests of a class on two nodes of the application, in every phase of a change and in every pair of
 * neighbouring phases, both ways round, up and back, on a real database.
 *
 * <pre>{@code
 * @SegueTest(application = Shop.class, change = "customer-full-name")
 * class CustomerTest {
 *
 *     @Test
 *     void whatOneNodeWritesTheOtherReads(TwoNodes nodes) {
 *         long id = nodes.one().bean(Customers.class).create("Ann Lee");
 *         assertThat(nodes.other().bean(Customers.class).name(id)).isEqualTo("Ann Lee");
 *     }
 * }
 * }</pre>
 *
 * <p>The database is empty at first and the class's own; the application makes its tables there as it does anywhere (its
 * Flyway, {@code schema.sql}). The two nodes are started once, in {@code old-only}, and walk up to {@code new-only} and
 * back, one after the other. Nothing is dropped. Tests run one after the other and find the rows of those before.
 *
 * <p>Works with any test engine settings but parallel methods within the class.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ClassTemplate
@ExtendWith(SegueTestExtension.class)
public @interface SegueTest {

    /** The application's class, as its {@code main} gives it to {@code SpringApplication}. */
    Class<?> application();

    /** The id of the change that is walked through; other changes stay where the application's configuration has them. */
    String change();

    /** The kind of database. */
    Engine engine() default Engine.POSTGRESQL;

    /**
     * The application's class as it was before the change, with the entities of then: it runs beside the two nodes all the
     * time, without Segue, as the nodes do that are not deployed yet. {@link TwoNodes#before(Class)} has its beans.
     */
    Class<?> before() default void.class;

    /** Whether the nodes also walk back from {@code new-only} to {@code old-only}. */
    boolean wayBack() default true;

    /**
     * More arguments for all nodes: {@code --spring.jpa.hibernate.ddl-auto=validate}. They count more than what this test
     * sets by itself, such as {@code --segue.lease=3s}.
     */
    String[] arguments() default {};
}
