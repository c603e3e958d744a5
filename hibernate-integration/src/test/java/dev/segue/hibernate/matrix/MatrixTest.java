package dev.segue.hibernate.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * Every way to read and write, over every shape, by every kind of change, in every phase: the application sees, the tables
 * hold and the database is asked what a plain entity would give, or it is refused as refusals.txt says.
 *
 * <p>Every day whatever is no plain replacement of a column is walked over some shapes alone, and started with all;
 * {@code -Dsegue.matrix.full=true} walks through the rest. {@code -Dsegue.matrix.kinds} and {@code -Dsegue.matrix.shapes}
 * are patterns of the names to look at.
 */
@EachDatabase
class MatrixTest {

    private static final List<Kind> KINDS = Stream.of(
                    new Rename(),
                    new RetypeInSql(),
                    new RetypeInJava(),
                    new Split(),
                    new SplitInJava(),
                    new Merge(),
                    new Regroup(),
                    new Introduce(),
                    new Retire())
            .filter(kind -> kind.name().matches(System.getProperty("segue.matrix.kinds", ".*")))
            .toList();

    private final Engine engine;

    MatrixTest(Engine engine) {
        this.engine = engine;
    }

    @TestFactory
    Stream<DynamicNode> everyWayIsRightOrRefused() {
        Refusals refusals = Refusals.read();
        Matrix matrix = new Matrix(engine, KINDS, refusals);
        Stream<DynamicNode> kinds = KINDS.stream()
                .map(kind -> dynamicContainer(
                        kind.name(),
                        matrix.shapes(kind).stream()
                                .map(shape -> dynamicTest(
                                        shape.name(),
                                        () -> assertThat(matrix.wrong(kind, shape))
                                                .isEmpty()))
                                .onClose(() -> matrix.close(kind))));
        Stream<DynamicNode> end = Stream.of(dynamicTest("everything that is listed has been looked at", () -> {
            System.out.println(engine + ": " + matrix.size());
            assertThat(refusals.unused(engine.name())).isEmpty();
        }));
        return Stream.concat(kinds, end).onClose(matrix::close);
    }
}
