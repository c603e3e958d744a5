package dev.segue.test.kit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.change.Conversion;
import dev.segue.change.SqlForm;
import dev.segue.database.Database;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a trial finds. */
@EachDatabase
class ConversionTrialTest {

    private final TestDatabase database;

    ConversionTrialTest(Engine engine) {
        database = DatabaseServers.shared(engine).createDatabase();
    }

    @AfterEach
    void close() {
        database.close();
    }

    record Parts(String first, String last) {}

    /** Cuts a text behind its first character, which has to be there. */
    private record Cut(List<String> sqlToNew, String sqlToOld, UnaryOperator<String> loss)
            implements Conversion<String, Parts> {

        static final List<String> RIGHT = List.of("substr({old}, 1, 1)", "substr({old}, 2)");
        static final String BACK = "concat({first_part}, {last_part})";

        @Override
        @SuppressWarnings("NullAway")
        public Parts toNew(@Nullable String text) {
            if (text == null) {
                return null;
            }
            // A character of the database may be two of Java's.
            int end = text.offsetByCodePoints(0, 1);
            return new Parts(text.substring(0, end), loss.apply(text.substring(end)));
        }

        @Override
        @SuppressWarnings("NullAway")
        public String toOld(@Nullable Parts parts) {
            return parts == null ? null : parts.first() + parts.last();
        }

        @Override
        public Optional<SqlForm> sql(Database database) {
            return Optional.of(new SqlForm(sqlToNew, List.of(sqlToOld)));
        }
    }

    private static Stream<String> texts() {
        return Made.texts(7, 200, 30).filter(text -> !text.isEmpty());
    }

    private void run(Conversion<String, Parts> conversion, Stream<String> values) throws Exception {
        ConversionTrial.of(conversion)
                .from("whole", "varchar(80)")
                .to("first_part", "varchar(80)")
                .to("last_part", "varchar(80)")
                .run(database, values);
    }

    @Test
    void aConversionThatIsRightPasses() throws Exception {
        run(new Cut(Cut.RIGHT, Cut.BACK, UnaryOperator.identity()), texts());
    }

    @Test
    void aValueThatDoesNotComeBackIsNamed() {
        assertThatThrownBy(() -> run(new Cut(Cut.RIGHT, Cut.BACK, String::strip), Stream.of("ab", "a b")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("with 2 values: 1")
                .hasMessageContaining("'a b' becomes Parts[first=a, last=b], and that becomes 'ab'");
    }

    @Test
    void aValueThatDoesNotConvertIsNamed() {
        assertThatThrownBy(() -> run(new Cut(Cut.RIGHT, Cut.BACK, UnaryOperator.identity()), Stream.of("ab", "")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("'' does not convert: java.lang.IndexOutOfBoundsException");
    }

    @Test
    void sqlThatSaysSomethingElseIsFoundOnTheWayToTheNewSide() {
        List<String> other = List.of("substr({old}, 1, 1)", "trim(substr({old}, 2))");

        assertThatThrownBy(() -> run(new Cut(other, Cut.BACK, UnaryOperator.identity()), Stream.of("ab", "a b")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("with 2 values: 1")
                .hasMessageContaining("'a b': SQL and Java do not agree on the way to the new side");
    }

    @Test
    void sqlThatSaysSomethingElseIsFoundOnTheWayToTheOldSide() {
        assertThatThrownBy(() -> run(
                        new Cut(Cut.RIGHT, "concat({first_part}, ' ', {last_part})", UnaryOperator.identity()),
                        Stream.of("ab")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("on the way to the old side");
    }

    @Test
    void nullIsTriedWhereTheColumnMayHoldIt() throws Exception {
        List<String> noNull = List.of("coalesce(substr({old}, 1, 1), '')", "substr({old}, 2)");

        assertThatThrownBy(() -> ConversionTrial.of(new Cut(noNull, Cut.BACK, UnaryOperator.identity()))
                        .from("whole", "varchar(80)")
                        .to("first_part", "varchar(80)")
                        .to("last_part", "varchar(80)")
                        .nullable()
                        .run(database, Stream.of("ab")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("null: SQL and Java do not agree");
    }
}
