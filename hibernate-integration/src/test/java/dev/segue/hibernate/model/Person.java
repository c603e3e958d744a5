package dev.segue.hibernate.model;

import dev.segue.change.Conversion;
import dev.segue.change.SqlForm;
import dev.segue.database.Database;
import dev.segue.hibernate.Replaces;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.UniqueConstraint;
import jakarta.persistence.Version;
import java.util.List;
import java.util.Optional;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/** One column becomes two, in SQL and only in Java; two become one; two become two others. */
@Entity(name = "Person")
@Table(name = "person", uniqueConstraints = @UniqueConstraint(columnNames = {"first_name", "width"}))
public class Person {

    @Id
    public long id;

    @Version
    public int version;

    @Embedded
    @Replaces(change = "person-name", column = "display_name", conversion = NameParts.class)
    public @Nullable Name name;

    @Embedded
    @Replaces(change = "person-size", column = "measure", conversion = SizeOfMeasure.class)
    public @Nullable Size size;

    @Column(name = "address", length = 60)
    @Replaces(
            change = "person-address",
            column = {"street", "town"},
            conversion = OneLine.class)
    public @Nullable String address;

    @Embedded
    @Replaces(
            change = "person-span",
            column = {"start_at", "duration"},
            conversion = SpanOfDuration.class)
    public @Nullable Span span;

    public @Nullable String note;

    public Person() {}

    public Person(long id, String first, String last) {
        this.id = id;
        this.name = new Name(first, last);
        this.size = new Size(3, 4);
        this.address = "Main, Rome";
        this.span = new Span(10, 15);
    }

    /** Its attributes are not in the order of the alphabet. */
    @Embeddable
    public static class Name {

        @Column(name = "last_name", length = 40)
        public @Nullable String last;

        @Column(name = "first_name", length = 40)
        public @Nullable String first;

        public Name() {}

        public Name(String first, String last) {
            this.first = first;
            this.last = last;
        }
    }

    @Embeddable
    public record Size(int width, int height) {}

    @Embeddable
    public record Span(
            @Column(name = "since") int since,
            @Column(name = "till") int till) {}

    /** First and last name; what comes after them is lost. */
    public static final class NameParts implements Conversion<String, Name> {

        @Override
        @SuppressWarnings({"NullAway", "StringSplitter"})
        public Name toNew(@Nullable String old) {
            if (old == null) {
                return null;
            }
            String[] words = old.split(" ", -1);
            return new Name(words[0], words[1]);
        }

        @Override
        @SuppressWarnings("NullAway")
        public String toOld(@Nullable Name current) {
            return current == null ? null : current.first + " " + current.last;
        }

        @Override
        public Optional<SqlForm> sql(Database database) {
            return Optional.of(
                    database == Database.POSTGRESQL
                            ? new SqlForm(
                                    List.of("split_part({old}, ' ', 2)", "split_part({old}, ' ', 1)"),
                                    List.of("{first_name} || ' ' || {last_name}"))
                            : new SqlForm(
                                    List.of(
                                            "substring_index(substring_index({old}, ' ', 2), ' ', -1)",
                                            "substring_index({old}, ' ', 1)"),
                                    List.of("concat({first_name}, ' ', {last_name})")));
        }
    }

    public static final class SizeOfMeasure implements Conversion<String, Size> {

        @Override
        @SuppressWarnings({"NullAway", "StringSplitter"})
        public Size toNew(@Nullable String old) {
            if (old == null) {
                return null;
            }
            String[] numbers = old.split("x", -1);
            return new Size(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
        }

        @Override
        @SuppressWarnings("NullAway")
        public String toOld(@Nullable Size current) {
            return current == null ? null : current.width() + "x" + current.height();
        }
    }

    public record Address(String street, String town) {}

    public static final class OneLine implements Conversion<Address, String> {

        @Override
        @SuppressWarnings("NullAway")
        public String toNew(@Nullable Address old) {
            return old == null ? null : old.street() + ", " + old.town();
        }

        @Override
        @SuppressWarnings("NullAway")
        public Address toOld(@Nullable String current) {
            if (current == null) {
                return null;
            }
            int comma = current.indexOf(", ");
            return new Address(current.substring(0, comma), current.substring(comma + 2));
        }

        @Override
        public Optional<SqlForm> sql(Database database) {
            return Optional.of(
                    database == Database.POSTGRESQL
                            ? new SqlForm(
                                    List.of("{street} || ', ' || {town}"),
                                    List.of("split_part({address}, ', ', 1)", "split_part({address}, ', ', 2)"))
                            : new SqlForm(
                                    List.of("concat({street}, ', ', {town})"),
                                    List.of(
                                            "substring_index({address}, ', ', 1)",
                                            "substring_index({address}, ', ', -1)")));
        }
    }

    public record Duration(int start, int length) {}

    public static final class SpanOfDuration implements Conversion<Duration, Span> {

        @Override
        @SuppressWarnings("NullAway")
        public Span toNew(@Nullable Duration old) {
            return old == null ? null : new Span(old.start(), old.start() + old.length());
        }

        @Override
        @SuppressWarnings("NullAway")
        public Duration toOld(@Nullable Span current) {
            return current == null ? null : new Duration(current.since(), current.till() - current.since());
        }

        @Override
        public Optional<SqlForm> sql(Database database) {
            return Optional.of(new SqlForm(
                    List.of("{start_at}", "{start_at} + {duration}"), List.of("{since}", "{till} - {since}")));
        }
    }

    /** Updated column by column. */
    @Entity(name = "Visitor")
    @Table(name = "visitor")
    @DynamicUpdate
    public static class Visitor {

        @Id
        public long id;

        @Embedded
        @Replaces(change = "visitor-name", column = "display_name", conversion = NameParts.class)
        public @Nullable Name name;

        public @Nullable String note;
    }
}
