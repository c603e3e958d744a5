package dev.segue.hibernate;

import dev.segue.change.Conversion;
import dev.segue.change.SqlForm;
import dev.segue.database.Database;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Conversions that cannot be made or trusted, and entities that use them, each for one reason that its name says. */
@SuppressWarnings("unused")
final class MistakenConversions {

    private MistakenConversions() {}

    /** Length of a name. */
    public abstract static class Lengths<O> implements Conversion<O, Long> {

        @Override
        public Long toNew(O old) {
            return 0L;
        }

        @Override
        @SuppressWarnings("NullAway")
        public O toOld(Long current) {
            return null;
        }
    }

    public static class Fitting extends Lengths<String> {}

    public static final class Open<T> extends Lengths<T> {}

    public static final class OfObjects extends Lengths<Findings> {}

    public static final class OfInstants extends Lengths<java.time.Instant> {}

    public static final class OfTimes extends Lengths<java.time.LocalDateTime> {}

    public abstract static class NotMade extends Lengths<String> {}

    public static final class WithPrivateConstructor extends Lengths<String> {

        private WithPrivateConstructor() {}
    }

    public static final class WithParameter extends Lengths<String> {

        public WithParameter(String parameter) {}
    }

    public static final class Throwing extends Lengths<String> {

        public Throwing() {
            throw new IllegalStateException("no such thing");
        }
    }

    public static final class WithTwoExpressions extends Fitting {

        @Override
        public Optional<SqlForm> sql(Database database) {
            return Optional.of(new SqlForm(List.of("{old}", "{old}"), List.of("{new}")));
        }
    }

    public static final class WithUnknownPlaceholder extends Fitting {

        @Override
        public Optional<SqlForm> sql(Database database) {
            return Optional.of(SqlForm.of("length({nick})", "{new}"));
        }
    }

    public static final class WithQuestionMark extends Fitting {

        @Override
        public Optional<SqlForm> sql(Database database) {
            return Optional.of(SqlForm.of("{old} ? 'a'", "{new}"));
        }
    }

    /** Empty where there is none, but only in the database. */
    public static final class Filling implements Conversion<String, String> {

        @Override
        public String toNew(String old) {
            return old;
        }

        @Override
        public String toOld(String current) {
            return current;
        }

        @Override
        public Optional<SqlForm> sql(Database database) {
            return Optional.of(SqlForm.of("coalesce({old}, '')", "{new}"));
        }
    }

    @Entity(name = "ByFilling")
    @Table(name = "customer")
    public static class ByFilling {

        @Id
        public long id;

        @Column(name = "full_name", length = 200)
        @Replaces(change = "customer-full-name", column = "name", conversion = Filling.class)
        public @Nullable String fullName;
    }

    /** Two of three, and the database does not know the third. */
    public enum Size {
        SMALL,
        MEDIUM,
        LARGE
    }

    public static final class OfSizes implements Conversion<String, Size> {

        @Override
        @SuppressWarnings("NullAway")
        public Size toNew(String old) {
            return old == null ? null : Size.valueOf(old.toUpperCase(java.util.Locale.ROOT));
        }

        @Override
        @SuppressWarnings("NullAway")
        public String toOld(Size current) {
            return current == null ? null : current.name().toLowerCase(java.util.Locale.ROOT);
        }

        @Override
        public Optional<SqlForm> sql(Database database) {
            return Optional.of(SqlForm.of(
                    "case {old} when 'small' then 'SMALL' when 'medium' then 'MEDIUM' end",
                    "case {new} when 'SMALL' then 'small' when 'MEDIUM' then 'medium' end"));
        }
    }

    @Entity(name = "ByOfSizes")
    @Table(name = "customer")
    public static class ByOfSizes {

        @Id
        public long id;

        @Column(name = "size", columnDefinition = "varchar(10)")
        @Enumerated(EnumType.STRING)
        @Replaces(change = "customer-size", column = "nick", conversion = OfSizes.class)
        public @Nullable Size size;
    }

    @Entity(name = "ByOpen")
    @Table(name = "customer")
    public static class ByOpen {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name", conversion = Open.class)
        public @Nullable Long fullName;
    }

    @Entity(name = "ByOfObjects")
    @Table(name = "customer")
    public static class ByOfObjects {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name", conversion = OfObjects.class)
        public @Nullable Long fullName;
    }

    @Entity(name = "ByOfInstants")
    @Table(name = "customer")
    public static class ByOfInstants {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name", conversion = OfInstants.class)
        public @Nullable Long fullName;
    }

    @Entity(name = "ByOfTimes")
    @Table(name = "customer")
    public static class ByOfTimes {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name", conversion = OfTimes.class)
        public @Nullable Long fullName;
    }

    @Entity(name = "ByNotMade")
    @Table(name = "customer")
    public static class ByNotMade {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name", conversion = NotMade.class)
        public @Nullable Long fullName;
    }

    @Entity(name = "ByWithPrivateConstructor")
    @Table(name = "customer")
    public static class ByWithPrivateConstructor {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name", conversion = WithPrivateConstructor.class)
        public @Nullable Long fullName;
    }

    @Entity(name = "ByWithParameter")
    @Table(name = "customer")
    public static class ByWithParameter {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name", conversion = WithParameter.class)
        public @Nullable Long fullName;
    }

    @Entity(name = "ByThrowing")
    @Table(name = "customer")
    public static class ByThrowing {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name", conversion = Throwing.class)
        public @Nullable Long fullName;
    }

    @Entity(name = "ByWithTwoExpressions")
    @Table(name = "customer")
    public static class ByWithTwoExpressions {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name", conversion = WithTwoExpressions.class)
        public @Nullable Long fullName;
    }

    @Entity(name = "ByWithUnknownPlaceholder")
    @Table(name = "customer")
    public static class ByWithUnknownPlaceholder {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name", conversion = WithUnknownPlaceholder.class)
        public @Nullable Long fullName;
    }

    @Entity(name = "ByWithQuestionMark")
    @Table(name = "customer")
    public static class ByWithQuestionMark {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name", conversion = WithQuestionMark.class)
        public @Nullable Long fullName;
    }

    @Entity(name = "ByAnotherType")
    @Table(name = "customer")
    public static class ByAnotherType {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name", conversion = Fitting.class)
        public @Nullable String fullName;
    }
}
