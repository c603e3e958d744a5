package dev.segue.hibernate.matrix;

import dev.segue.hibernate.matrix.Shape.Trait;
import dev.segue.hibernate.matrix.Types.Numbered;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Inheritance;
import jakarta.persistence.InheritanceType;
import jakarta.persistence.MappedSuperclass;
import jakarta.persistence.Version;
import java.util.List;
import org.hibernate.annotations.DynamicUpdate;
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
            Shape.of("group, joined", Branch.class, "amount", Root.class)
                    .of(DIGITS)
                    .table("root", "id bigint PRIMARY KEY, %row")
                    .table("branch", "id bigint PRIMARY KEY, %amount"));

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
}
