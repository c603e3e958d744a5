package dev.segue.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.change.Column;
import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.change.SqlForm;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Side;
import dev.segue.watch.NamedColumns.Named;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which columns the text of a statement names. */
class NamedColumnsTest {

    private static ColumnChange change(Kind kind, String table, String before, String after) {
        Site site = new Site(
                TableName.of(table),
                List.of(new Column("id", "bigint", true)),
                List.of(new Column(before, "text", true)),
                List.of(new Column(after, "text", true)),
                SqlForm.SAME);
        return new ColumnChange("c", kind, List.of(site));
    }

    private static Set<Side> sides(Database database, ColumnChange change, String sql) {
        return new NamedColumns(List.of(change), database)
                .in(Words.of(sql, database)).stream().map(Named::side).collect(Collectors.toSet());
    }

    private static Set<Side> sides(Database database, String sql) {
        return sides(database, change(Kind.REPLACE, "customer", "name", "full_name"), sql);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select name from customer",
                "SELECT C.NAME FROM CUSTOMER C",
                "select c1_0.id,c1_0.name from customer c1_0 where c1_0.id=?",
                "select * from customer as c where c.name like 'x%'",
                "select id from customer order by name",
                "select id from public.customer where public.customer.name = ?",
                "insert into customer (id, name) values (?, ?)",
                "insert into customer(name,id) select ?, ?",
                "update customer set name=? where id=?",
                "update customer c set note=? where name is distinct from note",
                "delete from customer where name in (?,?,?)",
                "select p.id from product p join customer c on c.name = p.name",
                "select p.id from product p, customer where name = p.title",
                "select s.name from (select * from customer) s",
                "with x as (select * from customer) select x.name from x",
                "with name as (select 1) select name from customer",
                "select (c).name from customer c",
                "-- who\nselect /* is */ name from customer",
                "insert into customer (id) values (?) on conflict (id) do update set name = excluded.name",
                "insert into customer (id) values (?) on duplicate key update name = ?",
                "select customer.\nname from customer",
            })
    void aColumnIsNamedHoweverItIsSaid(String sql) {
        for (Database database : Database.values()) {
            assertThat(sides(database, sql)).as("%s: %s", database, sql).containsExactly(Side.OLD);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select note from customer",
                "select name from product",
                "select p.name, c.id from product p join customer c on c.id = p.id",
                "select p.name, c.id from customer c join product as p on c.id = p.id",
                "select product.name from product left join customer on customer.id = product.id",
                "select c.note as name from customer c",
                "select note from customer where note = 'name'",
                "select note from customer where note = 'it''s name'",
                "select note from customer -- by name",
                "select note /* not the name */ from customer",
                "select name(note) from customer",
                "select rename, name_of from customer",
                "alter table customer drop column name",
                "create index x on customer (name)",
                "comment on column customer.name is 'x'",
                "",
            })
    void whatOnlyLooksLikeItIsNot(String sql) {
        for (Database database : Database.values()) {
            assertThat(sides(database, sql)).as("%s: %s", database, sql).isEmpty();
        }
    }

    @Test
    void bothSidesMayBeNamedAtOnce() {
        assertThat(sides(Database.POSTGRESQL, "update customer set name=?, full_name=? where id=?"))
                .containsExactlyInAnyOrder(Side.OLD, Side.NEW);
    }

    @Test
    void namesInQuotesAreTakenLiterally() {
        ColumnChange upper = change(Kind.REPLACE, "Customer", "Name", "FullName");
        assertThat(sides(Database.POSTGRESQL, upper, "select \"Name\" from \"Customer\""))
                .containsExactly(Side.OLD);
        assertThat(sides(Database.POSTGRESQL, upper, "select Name from \"Customer\""))
                .isEmpty();
        assertThat(sides(Database.POSTGRESQL, upper, "select \"Name\" from Customer"))
                .isEmpty();
        assertThat(sides(Database.MYSQL, upper, "select `name` from `Customer`"))
                .containsExactly(Side.OLD);
        ColumnChange odd = change(Kind.REPLACE, "order", "a\"`b", "c");
        assertThat(sides(Database.POSTGRESQL, odd, "select o.\"a\"\"`b\" from \"order\" o"))
                .containsExactly(Side.OLD);
        assertThat(sides(Database.MYSQL, odd, "select o.`a\"``b` from `order` o"))
                .containsExactly(Side.OLD);
    }

    @Test
    void aTableMayHaveTheNameOfItsColumn() {
        ColumnChange status = change(Kind.REPLACE, "status", "status", "state");
        assertThat(sides(Database.POSTGRESQL, status, "select s.id from status s"))
                .isEmpty();
        assertThat(sides(Database.POSTGRESQL, status, "select s.status from status s"))
                .containsExactly(Side.OLD);
    }

    @Test
    void textsInTheWayOfEachDatabaseHideWhatIsInThem() {
        assertThat(sides(Database.POSTGRESQL, "select $$ name $$, $a$ name $a$, E'\\' name' from customer"))
                .isEmpty();
        assertThat(sides(Database.POSTGRESQL, "select 'a\\', name from customer"))
                .containsExactly(Side.OLD);
        assertThat(sides(Database.MYSQL, "select 'a\\' name ' from customer")).isEmpty();
        assertThat(sides(Database.MYSQL, "select note from customer # name")).isEmpty();
        assertThat(sides(Database.POSTGRESQL, "select /* a /* b */ name */ note from customer"))
                .isEmpty();
    }

    @Test
    void whatANewAttributeIsComputedFromStays() {
        ColumnChange introduce = change(Kind.INTRODUCE, "customer", "country", "tier");
        assertThat(sides(Database.POSTGRESQL, introduce, "select country, tier from customer"))
                .containsExactly(Side.NEW);
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void aTextThatIsCutOffIsTakenAsFarAsItGoes(Database database) {
        String whole = "select /* x */ 'a', \"b\", c.name from customer c where c.name in (1, $1, $x$ y $x$) -- end";
        for (int end = 0; end <= whole.length(); end++) {
            assertThat(Words.withoutValues(Words.of(whole.substring(0, end), database), database))
                    .doesNotContain("' ");
        }
    }

    @Test
    void noValueIsKept() {
        String sql =
                "select \"n\".x::text from n where a = 'secret' and b in (17, 18,19) and c = $1 and d = :who -- 4711";
        assertThat(Words.withoutValues(Words.of(sql, Database.POSTGRESQL), Database.POSTGRESQL))
                .isEqualTo("select \"n\".x::text from n where a = ? and b in (?, ...) and c = ? and d = ?");
    }
}
