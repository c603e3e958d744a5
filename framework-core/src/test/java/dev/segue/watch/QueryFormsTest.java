package dev.segue.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.change.Column;
import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.change.SqlForm;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import dev.segue.lifecycle.Kind;
import dev.segue.watch.Words.Word;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which statements depend on the indexes of an old column, and what nodes run in their place that read the new one. */
class QueryFormsTest {

    private static QueryForms forms(Database database, String... next) {
        Site site = new Site(
                TableName.of("customer"),
                List.of(new Column("id", "bigint", true)),
                List.of(new Column("name", "text", true)),
                List.of(next).stream()
                        .map(name -> new Column(name, "text", true))
                        .toList(),
                SqlForm.SAME);
        return new QueryForms(new ColumnChange("c", Kind.REPLACE, List.of(site)), database);
    }

    private static List<Word> words(String sql) {
        return Words.of(sql, Database.POSTGRESQL);
    }

    private static boolean filters(String sql) {
        return forms(Database.POSTGRESQL, "full_name").filters(words(sql));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select c.id from customer c where c.name=?",
                "select c.id from customer c where c.id in (select x.id from customer x where x.name like ?)",
                "select c.id from customer c order by c.name",
                "select max(c.id) from customer c group by c.name",
                "select o.id from orders o join customer c on c.name=o.buyer",
                "update customer set note=? where name=?",
                "delete from customer where name=?",
            })
    void whatFindsOrSortsRowsByTheColumnCounts(String sql) {
        assertThat(filters(sql)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select c.id,c.name from customer c where c.id=?",
                "insert into customer (id,name) values (?,?)",
                "update customer set name=?,full_name=? where id=?",
                "select o.id from orders o join customer c on c.id=o.customer where o.name=?",
            })
    void whatOnlyReadsOrWritesItDoesNot(String sql) {
        assertThat(filters(sql)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "select c.name from customer c where c.name=? | select c.\"full_name\" from customer c where c.\"full_name\"=$1",
                "select o.name from orders o, customer c where o.id=? order by c.name | select o.name from orders o, customer c where o.id=$1 order by c.\"full_name\"",
                "update customer set name=?,full_name=? where name=? | update customer set name=$1,full_name=$2 where \"full_name\"=$3",
            })
    void theNewColumnTakesThePlaceOfTheOldOneAndOfNothingElse(String before, String after) {
        QueryForms forms = forms(Database.POSTGRESQL, "full_name");
        assertThat(forms.inNew(words(before)).map(words -> forms.explainable(words, "")))
                .contains(after);
    }

    @Test
    void whereColumnsAreNotOneForOneNobodyKnowsTheNewForm() {
        Optional<List<Word>> next = forms(Database.POSTGRESQL, "first_name", "last_name")
                .inNew(words("select c.id from customer c where c.name=?"));
        assertThat(next).isEmpty();
    }

    @Test
    void whatCountsRowsIsANumberWhereValuesAreExamples() {
        QueryForms forms = forms(Database.MYSQL, "full_name");
        List<Word> words =
                Words.of("select c.id from customer c where c.name=? order by c.id limit ?,?", Database.MYSQL);
        assertThat(forms.explainable(words, "'1'"))
                .isEqualTo("select c.id from customer c where c.name='1' order by c.id limit 1,1");
    }
}
