package dev.segue.hibernate;

import dev.segue.change.Conversion;
import dev.segue.change.SqlForm;
import dev.segue.database.Database;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.SecondaryTable;
import jakarta.persistence.Table;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Attributes that cannot be put together of several columns, or taken apart, each for one reason that its name says. */
@SuppressWarnings("unused")
final class MistakenSplits {

    private MistakenSplits() {}

    @Embeddable
    public static class Two {

        public @Nullable String first;
        public @Nullable String second;
    }

    public static class OfTwo implements Conversion<String, Two> {

        @Override
        public Two toNew(String old) {
            return new Two();
        }

        @Override
        public String toOld(Two current) {
            return String.valueOf(current.first);
        }
    }

    public static final class OfTwoWithOneExpression extends OfTwo {

        @Override
        public Optional<SqlForm> sql(Database database) {
            return Optional.of(SqlForm.of("{old}", "{first}"));
        }
    }

    @Entity(name = "SplitByOneExpression")
    @Table(name = "customer")
    public static class SplitByOneExpression {

        @Id
        public long id;

        @Embedded
        @Replaces(change = "customer-two", column = "name", conversion = OfTwoWithOneExpression.class)
        public @Nullable Two two;
    }

    @Entity(name = "SplitOfAnother")
    @Table(name = "customer")
    public static class SplitOfAnother {

        @Id
        public long id;

        @Embedded
        @Replaces(change = "customer-two", column = "name", conversion = MistakenComingsAndGoings.Shouted.class)
        public @Nullable Two two;
    }

    @Embeddable
    public static class Outer {

        @Embedded
        @Replaces(change = "customer-two", column = "name", conversion = OfTwo.class)
        public @Nullable Two two;
    }

    @Entity(name = "SplitInside")
    @Table(name = "customer")
    public static class SplitInside {

        @Id
        public long id;

        @Embedded
        public @Nullable Outer outer;
    }

    @Embeddable
    public static class WithMore {

        public @Nullable String first;

        @Embedded
        public @Nullable Two more;
    }

    public static final class OfMore implements Conversion<String, WithMore> {

        @Override
        public WithMore toNew(String old) {
            return new WithMore();
        }

        @Override
        public String toOld(WithMore current) {
            return String.valueOf(current.first);
        }
    }

    @Entity(name = "SplitNested")
    @Table(name = "customer")
    public static class SplitNested {

        @Id
        public long id;

        @Embedded
        @Replaces(change = "customer-two", column = "name", conversion = OfMore.class)
        public @Nullable WithMore two;
    }

    @Entity(name = "SplitSpread")
    @Table(name = "customer")
    @SecondaryTable(name = "supplier")
    public static class SplitSpread {

        @Id
        public long id;

        @Embedded
        @Replaces(change = "customer-two", column = "name", conversion = OfTwo.class)
        public @Nullable Two two;
    }

    @Entity(name = "MergedInJava")
    @Table(name = "customer")
    public static class MergedInJava {

        @Id
        public long id;

        @Replaces(
                change = "customer-two",
                column = {"name", "nick"},
                conversion = MistakenComingsAndGoings.OfNames.class)
        public @Nullable String both;
    }
}
