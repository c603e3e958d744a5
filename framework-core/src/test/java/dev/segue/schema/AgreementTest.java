package dev.segue.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.change.Counterpart;
import dev.segue.change.Declaration;
import dev.segue.change.JavaForm;
import dev.segue.change.SqlForm;
import dev.segue.database.TableName;
import dev.segue.lifecycle.Kind;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A conversion that says one thing in SQL and another in Java is refused before anything is changed. */
@EachDatabase
class AgreementTest {

    private static final JavaForm.Converter THE_SAME = values -> values;

    private final Shop shop;

    AgreementTest(Engine engine) {
        this.shop = new Shop(engine);
    }

    @BeforeEach
    void customers() {
        shop.database.execute("CREATE TABLE customer (id bigint PRIMARY KEY, name varchar(40), code varchar(10),"
                + " city varchar(40) NOT NULL, credit numeric(12,2), cents bigint, rate double precision,"
                + " born date, seen timestamp NULL, active boolean)");
    }

    @AfterEach
    void drop() {
        shop.close();
    }

    private static JavaForm.Converter one(UnaryOperator<@Nullable Object> converter) {
        return values -> Collections.singletonList(converter.apply(values.get(0)));
    }

    /** Takes everything but NULL. */
    private static JavaForm.Converter given(UnaryOperator<Object> converter) {
        return one(value -> value == null ? null : converter.apply(value));
    }

    private static Declaration change(
            Kind kind, List<String> before, List<Declaration.NewColumn> after, SqlForm form, Counterpart counterpart) {
        return new Declaration(
                "customer-change",
                "Customer.attribute",
                kind,
                TableName.of("customer"),
                before,
                after,
                form,
                counterpart);
    }

    private static Declaration.NewColumn column(String name, @Nullable String type) {
        return new Declaration.NewColumn(name, type, false);
    }

    private static Counterpart inJava(JavaForm.Converter toNew, JavaForm.Converter toOld) {
        return new Counterpart(JavaForm.lossless(toNew, toOld), List.of(), List.of());
    }

    private static Declaration retype(String before, @Nullable String type, SqlForm form, Counterpart counterpart) {
        return change(Kind.REPLACE, List.of(before), List.of(column("other", type)), form, counterpart);
    }

    private static Declaration cents(SqlForm form) {
        return retype(
                "credit",
                "bigint",
                form,
                inJava(
                        given(euros -> ((BigDecimal) euros).movePointRight(2).longValueExact()),
                        given(cents -> BigDecimal.valueOf(((Number) cents).longValue(), 2))));
    }

    private String toCents() {
        return "cast(round({old} * 100) as " + (shop.postgres() ? "bigint" : "signed") + ")";
    }

    private static Declaration split(List<String> toNew, String toOld) {
        return change(
                Kind.REPLACE,
                List.of("name"),
                List.of(column("first", "varchar(20)"), column("last", "varchar(40)")),
                new SqlForm(toNew, List.of(toOld)),
                inJava(
                        values -> {
                            String name = (String) values.get(0);
                            int space = name == null ? 0 : name.indexOf(' ');
                            return name == null
                                    ? Arrays.asList(null, null)
                                    : List.of(name.substring(0, space), name.substring(space + 1));
                        },
                        values -> Collections.singletonList(
                                values.get(0) == null && values.get(1) == null
                                        ? null
                                        : Objects.requireNonNull(values.get(0))
                                                + " "
                                                + Objects.requireNonNull(values.get(1)))));
    }

    private void refused(Declaration declaration, String... words) throws Exception {
        assertThat(shop.problems(declaration))
                .singleElement()
                .asString()
                .contains("customer-change", "In SQL the conversion says something else than in Java")
                .contains("Let both say the same")
                .contains(words);
    }

    @Test
    void isFoundWhereBothSayTheSame() throws Exception {
        shop.resolve(cents(SqlForm.of(toCents(), "{new} / 100.0")));
        shop.resolve(split(
                shop.postgres()
                        ? List.of("split_part({old}, ' ', 1)", "substr({old}, strpos({old}, ' ') + 1)")
                        : List.of("substring_index({old}, ' ', 1)", "substr({old}, locate(' ', {old}) + 1)"),
                shop.postgres() ? "{first} || ' ' || {last}" : "concat({first}, ' ', {last})"));
        for (String column : List.of("name", "rate", "born", "seen", "active", "cents", "credit")) {
            shop.resolve(retype(column, null, SqlForm.of("{old}", "{new}"), inJava(THE_SAME, THE_SAME)));
        }
        String text = shop.postgres() ? "text" : "char";
        shop.resolve(retype(
                "cents",
                "varchar(20)",
                SqlForm.of(
                        "cast({old} as " + text + ")",
                        "cast({new} as " + (shop.postgres() ? "bigint" : "signed") + ")"),
                inJava(given(Object::toString), given(number -> {
                    if (!String.valueOf(Long.parseLong((String) number)).equals(number)) {
                        throw new IllegalArgumentException("It does not survive.");
                    }
                    return Long.valueOf((String) number);
                }))));
    }

    @Test
    void isMissedAtNull() throws Exception {
        refused(
                retype("name", null, SqlForm.of("coalesce({old}, '')", "{new}"), inJava(THE_SAME, THE_SAME)),
                "toNew makes other = '' of name = NULL, and Java makes other = NULL");
    }

    @Test
    void isNotMissedAtNullWhereTheColumnNeverHoldsIt() throws Exception {
        shop.resolve(retype("city", null, SqlForm.of("coalesce({old}, '')", "{new}"), inJava(THE_SAME, THE_SAME)));
    }

    @Test
    void isMissedAtTheEmptyText() throws Exception {
        refused(
                retype("name", null, SqlForm.of("nullif({old}, '')", "{new}"), inJava(THE_SAME, THE_SAME)),
                "toNew makes other = NULL of name = '', and Java makes other = ''");
    }

    @Test
    void isMissedAtFractionsOnTheWayBack() throws Exception {
        refused(
                cents(SqlForm.of(toCents(), shop.postgres() ? "{new} / 100" : "{new} DIV 100")),
                "toOld makes credit = 0.00 of other = 1, and Java makes credit = 0.01");
    }

    @Test
    void isMissedAtNegativeNumbers() throws Exception {
        refused(
                cents(SqlForm.of("abs(" + toCents() + ")", "{new} / 100.0")),
                "of credit = -1.00, and Java makes other = -100");
    }

    @Test
    void isMissedAtValuesThatOnlyTheOtherSideMakes() throws Exception {
        refused(
                split(
                        shop.postgres()
                                ? List.of("split_part({old}, ' ', 1)", "split_part({old}, ' ', 2)")
                                : List.of("substring_index({old}, ' ', 1)", "substring_index({old}, ' ', -1)"),
                        shop.postgres() ? "{first} || ' ' || {last}" : "concat({first}, ' ', {last})"),
                "of name = 'a b c', and Java makes first = 'a', last = 'b c'");
    }

    @Test
    void isMissedWhereOneOfSeveralColumnsIsNull() throws Exception {
        Counterpart concat = inJava(
                values -> Collections.singletonList(
                        values.get(0) == null && values.get(1) == null
                                ? null
                                : Objects.toString(values.get(0), "") + "/" + Objects.toString(values.get(1), "")),
                values -> {
                    throw new IllegalArgumentException("There is no way back.");
                });
        String joined = shop.postgres() ? "{name} || '/' || {code}" : "concat({name}, '/', {code})";
        refused(
                change(
                        Kind.INTRODUCE,
                        List.of("name", "code"),
                        List.of(column("label", "varchar(60)")),
                        new SqlForm(List.of(joined), List.of()),
                        concat),
                "toNew makes label = NULL of name = NULL, code = 'a', and Java makes label = '/a'");
    }

    @Test
    void isMissedAtAConstant() throws Exception {
        Counterpart seven = inJava(values -> List.of(7), values -> List.of());
        Declaration.NewColumn level = column("level", "int");
        shop.resolve(change(Kind.INTRODUCE, List.of(), List.of(level), new SqlForm(List.of("7"), List.of()), seven));
        refused(
                change(Kind.INTRODUCE, List.of(), List.of(level), new SqlForm(List.of("8"), List.of()), seven),
                "toNew makes level = 8 of nothing, and Java makes level = 7");
    }

    @Test
    void isMissedAtTheValuesThatAreGiven() throws Exception {
        SqlForm form = SqlForm.of(
                "case {old} when 'g' then 'GOLD' else 'SILVER' end", "case {new} when 'GOLD' then 'g' else 's' end");
        JavaForm java = JavaForm.lossless(
                given(code -> Tier.of((String) code).name()), given(name -> Tier.valueOf((String) name).code));
        Object[] names = Arrays.stream(Tier.values()).map(Tier::name).toArray();
        Declaration.NewColumn tier = new Declaration.NewColumn("tier", "varchar(10)", true);

        refused(
                change(
                        Kind.REPLACE,
                        List.of("city"),
                        List.of(tier),
                        form,
                        new Counterpart(java, List.of(), List.of(List.of(names)))),
                "toOld makes city = 's' of tier = 'BRONZE', and Java makes city = 'b'");
    }

    private enum Tier {
        GOLD("g"),
        SILVER("s"),
        BRONZE("b");

        final String code;

        Tier(String code) {
            this.code = code;
        }

        static Tier of(String code) {
            return Arrays.stream(values())
                    .filter(tier -> tier.code.equals(code))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void isMissedWhereACollationFindsTextsEqual() throws Exception {
        Counterpart german = inJava(one(code -> "DE".equals(code) ? 1 : 2), values -> List.of());
        Declaration.NewColumn level = column("level", "int");
        Declaration declaration = change(
                Kind.INTRODUCE,
                List.of("code"),
                List.of(level),
                new SqlForm(List.of("case when {code} = 'DE' then 1 else 2 end"), List.of()),
                german);
        if (shop.postgres()) {
            shop.resolve(declaration);
        } else {
            refused(declaration, "toNew makes level = 1 of code = 'de', and Java makes level = 2");
        }
    }

    @Test
    void doesNotCountWhereJavaOrTheDatabaseHasNoAnswer() throws Exception {
        shop.resolve(retype(
                "name",
                null,
                SqlForm.of("coalesce({old}, '')", "{new}"),
                inJava(one(name -> Objects.requireNonNull(name)), one(name -> Objects.requireNonNull(name)))));
        shop.resolve(retype(
                "cents",
                "int",
                SqlForm.of("{old} * 1", "{new}"),
                inJava(given(number -> ((Number) number).longValue()), THE_SAME)));
    }

    @Test
    void doesNotCountForValuesThatSurviveNowhere() throws Exception {
        shop.resolve(retype(
                "credit",
                "bigint",
                SqlForm.of("ceil({old})", "{new}"),
                inJava(
                        given(euros -> ((BigDecimal) euros).longValue()),
                        given(whole -> new BigDecimal(whole.toString())))));
    }
}
