package dev.segue.hibernate.matrix;

import dev.segue.hibernate.matrix.Keys.Numbered;
import dev.segue.hibernate.matrix.Shape.Trait;
import jakarta.persistence.Access;
import jakarta.persistence.AccessType;
import jakarta.persistence.AttributeOverride;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Inheritance;
import jakarta.persistence.InheritanceType;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.MappedSuperclass;
import jakarta.persistence.PrePersist;
import jakarta.persistence.PreUpdate;
import jakarta.persistence.SecondaryTable;
import jakarta.persistence.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.hibernate.annotations.DynamicInsert;
import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.NaturalId;
import org.hibernate.annotations.SoftDelete;
import org.jspecify.annotations.Nullable;

/** Entities with an attribute that lies in two columns. */
final class Groups {

    private static final Values DIGITS = Values.of(
                    Digits.class,
                    "bigint",
                    "bigint",
                    new Digits(1, 2),
                    new Digits(3, 4),
                    new Digits(50, 6),
                    new Digits(700, 8))
            .with(Values.Trait.EQUAL);

    static final List<Shape> SHAPES = List.of(
            Shape.of("group", Whole.class, "amount")
                    .of(DIGITS)
                    .table("whole", "id bigint PRIMARY KEY, version int NOT NULL, %row, %amount")
                    .with(Trait.NUMBERED, Trait.VERSIONED),
            Shape.of("group of a superclass", Heir.class, "amount", Ancestor.class)
                    .of(DIGITS)
                    .table("heir"),
            Shape.of("group in a single table", Leaf.class, "amount", Tree.class)
                    .of(DIGITS)
                    .table("tree", "id bigint PRIMARY KEY, dtype varchar(31), %row, %amount"),
            Shape.of("group, dynamic update", Mobile.class, "amount").of(DIGITS).table("mobile"),
            Shape.of("group, set by a callback", Counted.class, "amount")
                    .of(DIGITS)
                    .table("counted"),
            Shape.of("group by getter", Asked.class, "amount").of(DIGITS).table("asked"),
            Shape.of("group beside a key of two parts", Pew.class, "amount", Keys.OfTwoParts.Place.class)
                    .of(DIGITS)
                    .table("pew", Keys.OF_TWO_PARTS)
                    .plainly(),
            Shape.of("group beside a key by class", Square.class, "amount")
                    .of(DIGITS)
                    .table("square", Keys.BY_CLASS)
                    .plainly(),
            Shape.of("group beside a uuid key", Ring.class, "amount")
                    .of(DIGITS)
                    .table("ring", Keys.UUID_KEY)
                    .plainly(),
            Shape.of("group beside a text key", Town.class, "amount")
                    .of(DIGITS)
                    .table("town", Keys.TEXT_KEY)
                    .plainly(),
            Shape.of("group beside a generated key", Happening.class, "amount")
                    .of(DIGITS)
                    .table("happening", Keys.GENERATED)
                    .with(Trait.GENERATED),
            Shape.of("group, dynamic insert, soft delete", Rare.class, "amount")
                    .of(DIGITS)
                    .table("rare", "id bigint PRIMARY KEY, deleted %boolean, %row, %amount"),
            Shape.of("group, immutable", Truth.class, "amount")
                    .of(DIGITS)
                    .table("truth")
                    .with(Trait.NUMBERED, Trait.IMMUTABLE),
            Shape.of("group, joined root", Trunk.class, "amount", Twig.class)
                    .of(DIGITS)
                    .table("trunk")
                    .table("twig", "id bigint PRIMARY KEY"),
            Shape.of("group, joined leaf", Branch.class, "amount", Root.class)
                    .of(DIGITS)
                    .table("root", "id bigint PRIMARY KEY, %row")
                    .table("branch", "id bigint PRIMARY KEY, %amount"),
            Shape.of("group, table per class", Lorry.class, "amount", Waggon.class)
                    .of(DIGITS)
                    .table("lorry")
                    .table("waggon"),
            Shape.of("group in a secondary table", Resident.class, "amount")
                    .of(DIGITS)
                    .table("resident", "id bigint PRIMARY KEY, %row")
                    .table("register", "id bigint PRIMARY KEY, %amount"),
            Shape.of("group, embedded", Box.class, "inner.amount", Box.Inner.class)
                    .of(DIGITS)
                    .table("box"),
            Shape.of("group in a collection", Shelf.class, "inners.amount", Box.Inner.class)
                    .of(DIGITS)
                    .table("shelf", "id bigint PRIMARY KEY, %row")
                    .table("shelf_inner", "shelf_id bigint, %amount"),
            Shape.of("group in the key", Coded.class, "id.amount", Coded.Code.class)
                    .of(DIGITS)
                    .table("coded")
                    .plainly(),
            Shape.of("group, the key", OnlyDigits.class, "amount")
                    .of(DIGITS)
                    .table("only_digits")
                    .plainly(),
            Shape.of("group, natural id", Named.class, "amount").of(DIGITS).table("named"),
            Shape.of("group, not insertable", Late.class, "amount").of(DIGITS).table("late"),
            Shape.of("group, not updatable", Once.class, "amount").of(DIGITS).table("once"));

    private Groups() {}

    @Entity(name = "Whole")
    public static class Whole extends Numbered {

        @Version
        public int version;

        @Evolving(Digits.class)
        @Embedded
        public @Nullable Digits amount;
    }

    @MappedSuperclass
    public abstract static class Ancestor extends Numbered {

        @Evolving(Digits.class)
        @Embedded
        public @Nullable Digits amount;
    }

    @Entity(name = "Heir")
    public static class Heir extends Ancestor {}

    @Entity(name = "Tree")
    @Inheritance(strategy = InheritanceType.SINGLE_TABLE)
    public abstract static class Tree extends Numbered {}

    @Entity(name = "Leaf")
    public static class Leaf extends Tree {

        @Evolving(Digits.class)
        @Embedded
        public @Nullable Digits amount;
    }

    @Entity(name = "Mobile")
    @DynamicUpdate
    public static class Mobile extends Numbered {

        @Evolving(Digits.class)
        @Embedded
        public @Nullable Digits amount;
    }

    @Entity(name = "Root")
    @Inheritance(strategy = InheritanceType.JOINED)
    public static class Root extends Numbered {}

    @Entity(name = "Branch")
    public static class Branch extends Root {

        @Evolving(Digits.class)
        @Embedded
        public @Nullable Digits amount;
    }

    /** What a callback sets is written in the same statement, set anew or changed where it is. */
    @Entity(name = "Counted")
    public static class Counted extends Numbered {

        @Evolving(Digits.class)
        @Embedded
        public @Nullable Digits amount;

        @PrePersist
        void created() {
            amount = amount != null && amount.tens() == 50 ? new Digits(7, 7) : amount;
        }

        @PreUpdate
        void changed() {
            if (amount != null) {
                amount.rest = (amount.rest() + 1) % 10;
            }
        }
    }

    @Entity(name = "Asked")
    @Access(AccessType.PROPERTY)
    public static class Asked extends Numbered {

        private @Nullable Digits amount;

        @Evolving(Digits.class)
        @Embedded
        public @Nullable Digits getAmount() {
            return amount;
        }

        public void setAmount(@Nullable Digits amount) {
            this.amount = amount;
        }
    }

    @Entity(name = "Pew")
    public static class Pew extends Keys.OfTwoParts {

        @Evolving(Digits.class)
        @Embedded
        public @Nullable Digits amount;
    }

    @Entity(name = "Square")
    public static class Square extends Keys.ByClass {

        @Evolving(Digits.class)
        @Embedded
        public @Nullable Digits amount;
    }

    @Entity(name = "Ring")
    public static class Ring extends Keys.OfUuid {

        @Evolving(Digits.class)
        @Embedded
        public @Nullable Digits amount;
    }

    @Entity(name = "Town")
    public static class Town extends Keys.OfText {

        @Evolving(Digits.class)
        @Embedded
        public @Nullable Digits amount;
    }

    @Entity(name = "Happening")
    public static class Happening extends Keys.Generated {

        @Evolving(Digits.class)
        @Embedded
        public @Nullable Digits amount;
    }

    @Entity(name = "Rare")
    @DynamicInsert
    @DynamicUpdate
    @SoftDelete
    public static class Rare extends Numbered {

        @Evolving(Digits.class)
        @Embedded
        public @Nullable Digits amount;
    }

    @Entity(name = "Truth")
    @Immutable
    public static class Truth extends Numbered {

        @Evolving(Digits.class)
        @Embedded
        public @Nullable Digits amount;
    }

    @Entity(name = "Trunk")
    @Inheritance(strategy = InheritanceType.JOINED)
    public static class Trunk extends Numbered {

        @Evolving(Digits.class)
        @Embedded
        public @Nullable Digits amount;
    }

    @Entity(name = "Twig")
    public static class Twig extends Trunk {}

    @Entity(name = "Lorry")
    @Inheritance(strategy = InheritanceType.TABLE_PER_CLASS)
    public static class Lorry extends Numbered {

        @Evolving(Digits.class)
        @Embedded
        public @Nullable Digits amount;
    }

    @Entity(name = "Waggon")
    public static class Waggon extends Lorry {}

    @Entity(name = "Resident")
    @SecondaryTable(name = "register")
    public static class Resident extends Numbered {

        @Evolving(Digits.class)
        @Embedded
        @AttributeOverride(name = "tens", column = @Column(name = Kind.NEW, table = "register"))
        @AttributeOverride(name = "rest", column = @Column(name = Kind.NEW_REST, table = "register"))
        public @Nullable Digits amount;
    }

    @Entity(name = "Box")
    public static class Box extends Numbered {

        @Embedded
        public @Nullable Inner inner;

        @Embeddable
        public static class Inner {

            @Evolving(Digits.class)
            @Embedded
            public @Nullable Digits amount;
        }
    }

    @Entity(name = "Shelf")
    public static class Shelf extends Numbered {

        @ElementCollection
        @CollectionTable(name = "shelf_inner", joinColumns = @JoinColumn(name = "shelf_id"))
        public List<Box.Inner> inners = new ArrayList<>();
    }

    @Entity(name = "Coded")
    public static class Coded extends Row {

        @EmbeddedId
        public @Nullable Code id;

        @Override
        void key(int number) {
            id = new Code();
            id.id = number;
        }

        @Embeddable
        public static class Code {

            public long id;

            @Evolving(Digits.class)
            @Embedded
            public @Nullable Digits amount;

            @Override
            public boolean equals(@Nullable Object other) {
                return other instanceof Code code && code.id == id && Objects.equals(code.amount, amount);
            }

            @Override
            public int hashCode() {
                return Objects.hash(id, amount);
            }
        }
    }

    @Entity(name = "OnlyDigits")
    public static class OnlyDigits extends Row {

        @EmbeddedId
        @Evolving(Digits.class)
        public @Nullable Digits amount;

        @Override
        void key(int number) {
            amount = new Digits(number, number);
        }
    }

    @Entity(name = "Named")
    public static class Named extends Numbered {

        @Evolving(Digits.class)
        @Embedded
        @NaturalId(mutable = true)
        public @Nullable Digits amount;
    }

    @Entity(name = "Late")
    public static class Late extends Numbered {

        @Evolving(Digits.class)
        @Embedded
        @AttributeOverride(name = "tens", column = @Column(name = Kind.NEW, insertable = false))
        @AttributeOverride(name = "rest", column = @Column(name = Kind.NEW_REST, insertable = false))
        public @Nullable Digits amount;
    }

    @Entity(name = "Once")
    public static class Once extends Numbered {

        @Evolving(Digits.class)
        @Embedded
        @AttributeOverride(name = "tens", column = @Column(name = Kind.NEW, updatable = false))
        @AttributeOverride(name = "rest", column = @Column(name = Kind.NEW_REST, updatable = false))
        public @Nullable Digits amount;
    }
}
