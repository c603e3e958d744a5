package dev.segue.hibernate;

import dev.segue.change.Conversion;
import jakarta.persistence.Column;
import jakarta.persistence.DiscriminatorColumn;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OrderBy;
import jakarta.persistence.Table;
import java.util.ArrayList;
import java.util.List;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/** Attributes that cannot come or go, each for one reason that its name says. */
@SuppressWarnings("unused")
final class MistakenComingsAndGoings {

    private MistakenComingsAndGoings() {}

    @Entity(name = "RetiredPrimitive")
    @Table(name = "customer")
    public static class RetiredPrimitive {

        @Id
        public long id;

        @Retires(change = "customer-nick")
        public int nick;
    }

    @Entity(name = "SortedByRetired")
    @Table(name = "customer")
    public static class SortedByRetired {

        @Id
        public long id;

        @Column(name = "name")
        @Retires(change = "customer-name")
        public @Nullable String call;

        @ManyToOne
        @JoinColumn(name = "nick")
        public @Nullable SortedByRetired parent;

        @OneToMany(mappedBy = "parent")
        @OrderBy("call")
        public List<SortedByRetired> children = new ArrayList<>();
    }

    @Entity(name = "RetiredIdentifier")
    @Table(name = "customer")
    public static class RetiredIdentifier {

        @Id
        @Retires(change = "customer-nick")
        public long id;
    }

    @Entity(name = "RetiredAndReplaced")
    @Table(name = "customer")
    public static class RetiredAndReplaced {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        @Retires(change = "customer-nick")
        public @Nullable String fullName;
    }

    public static final class Shouted implements Conversion<String, String> {

        @Override
        public String toNew(String old) {
            return old;
        }

        @Override
        public String toOld(String current) {
            return current;
        }
    }

    public static final class Fresh implements Conversion<Integer, Integer> {

        @Override
        public Integer toNew(Integer old) {
            return 0;
        }

        @Override
        public Integer toOld(Integer current) {
            return current;
        }
    }

    public record Names(String name, String nick) {}

    public static final class OfNames implements Conversion<Names, String> {

        @Override
        public String toNew(Names old) {
            return old.name();
        }

        @Override
        public Names toOld(String current) {
            throw new UnsupportedOperationException();
        }
    }

    @Entity(name = "IntroducedPrimitive")
    @Table(name = "customer")
    public static class IntroducedPrimitive {

        @Id
        public long id;

        @Introduces(change = "customer-score", initial = Fresh.class)
        public int score;
    }

    @Entity(name = "IntroducedFromUnmapped")
    @Table(name = "customer")
    public static class IntroducedFromUnmapped {

        @Id
        public long id;

        @Introduces(change = "customer-shout", from = "nick", initial = Shouted.class)
        public @Nullable String shout;
    }

    @Entity(name = "IntroducedFromChanged")
    @Table(name = "customer")
    public static class IntroducedFromChanged {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;

        @Introduces(change = "customer-shout", from = "full_name", initial = Shouted.class)
        public @Nullable String shout;
    }

    @Entity(name = "IntroducedFromReadOnly")
    @Table(name = "customer")
    public static class IntroducedFromReadOnly {

        @Id
        public long id;

        @Column(updatable = false)
        public @Nullable String name;

        @Introduces(change = "customer-shout", from = "name", initial = Shouted.class)
        public @Nullable String shout;
    }

    @Entity(name = "IntroducedFromTwo")
    @Table(name = "customer")
    public static class IntroducedFromTwo {

        @Id
        public long id;

        public @Nullable String name;
        public @Nullable String nick;

        @Introduces(
                change = "customer-shout",
                from = {"name", "nick"},
                initial = OfNames.class)
        public @Nullable String shout;
    }

    @Entity(name = "IntroducedByColumn")
    @Table(name = "customer")
    @DynamicUpdate
    public static class IntroducedByColumn {

        @Id
        public long id;

        public @Nullable String name;
        public @Nullable String nick;

        @Introduces(
                change = "customer-shout",
                from = {"name", "nick"},
                initial = OfNames.class)
        public @Nullable String shout;
    }

    @Entity(name = "IntroducedFromNoRecord")
    @Table(name = "customer")
    public static class IntroducedFromNoRecord {

        @Id
        public long id;

        public @Nullable String name;
        public @Nullable String nick;

        @Introduces(
                change = "customer-shout",
                from = {"name", "nick"},
                initial = Shouted.class)
        public @Nullable String shout;
    }

    @Entity(name = "IntroducedBySubclass")
    @Table(name = "customer")
    @DiscriminatorColumn(name = "nick")
    public static class IntroducedBySubclass {

        @Id
        public long id;

        public @Nullable String name;
    }

    @Entity(name = "Introducing")
    public static class Introducing extends IntroducedBySubclass {

        @Introduces(change = "customer-shout", from = "name", initial = Shouted.class)
        public @Nullable String shout;
    }

    @Entity(name = "IntroducedBesideAnother")
    @Table(name = "customer")
    public static class IntroducedBesideAnother {

        @Id
        public long id;

        public @Nullable String name;

        @Introduces(change = "customer-shout", from = "name", initial = Shouted.class)
        public @Nullable String shout;
    }

    @Embeddable
    public static class Shouting {

        @Introduces(change = "customer-shout", initial = Fresh.class)
        public @Nullable Integer loud;

        public @Nullable String nick;
    }

    @Entity(name = "IntroducedInEmbedded")
    @Table(name = "customer")
    public static class IntroducedInEmbedded {

        @Id
        public long id;

        @Embedded
        public Shouting shouting = new Shouting();
    }
}
