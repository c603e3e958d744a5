package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.change.Declaration;
import dev.segue.change.Problem;
import dev.segue.change.SqlForm;
import dev.segue.database.TableName;
import dev.segue.lifecycle.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class OverlapsTest {

    private static Declaration change(String id, Kind kind, String oldColumn, String newColumn) {
        return new Declaration(
                id,
                "Customer." + newColumn,
                kind,
                TableName.of("customer"),
                List.of(oldColumn),
                List.of(new Declaration.NewColumn(newColumn, null, false)),
                SqlForm.SAME);
    }

    @Test
    void twoNewColumnsMayComeFromOne() {
        assertThat(Overlaps.in(List.of(
                        change("tier", Kind.INTRODUCE, "country", "tier"),
                        change("zone", Kind.INTRODUCE, "country", "zone"))))
                .isEmpty();
    }

    @Test
    void twoChangesMayNotReplaceOneColumn() {
        assertThat(Overlaps.in(List.of(
                        change("full-name", Kind.REPLACE, "name", "full_name"),
                        change("no-name", Kind.RETIRE, "name", "none"))))
                .singleElement()
                .extracting(Problem::value, Problem::where)
                .containsExactly("customer.name", "Customer.full_name, Customer.none");
    }

    @Test
    void aNewColumnMayNotComeFromOneThatAnotherChangeDrops() {
        assertThat(Overlaps.in(List.of(
                        change("tier", Kind.INTRODUCE, "country", "tier"),
                        change("land", Kind.REPLACE, "country", "land"))))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.where()).isEqualTo("Customer.tier");
                    assertThat(problem.message()).contains("[land]");
                });
    }
}
