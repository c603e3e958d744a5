package dev.segue.hibernate.matrix;

import static dev.segue.hibernate.matrix.Kind.NEW;

import dev.segue.hibernate.matrix.Keys.Numbered;
import dev.segue.hibernate.matrix.Shape.Trait;
import jakarta.persistence.Access;
import jakarta.persistence.AccessType;
import jakarta.persistence.Basic;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.Inheritance;
import jakarta.persistence.InheritanceType;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
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

/** Everywhere in an entity where an attribute may be, and every kind of entity. */
final class Places {

    static final List<Shape> SHAPES = List.of(
            Shape.of("plain", Plain.class, "amount")
                    .table("plain", "id bigint PRIMARY KEY, version int NOT NULL, %row, %amount")
                    .with(Trait.NUMBERED, Trait.VERSIONED),
            Shape.of("superclass of one", Buyer.class, "amount", Trader.class, Seller.class)
                    .table("buyer"),
            Shape.of("superclass of another", Seller.class, "amount", Trader.class, Buyer.class)
                    .table("seller"),
            Shape.of("generic superclass", Generic.class, "amount", Typed.class).table("generic"),
            Shape.of("single table", Card.class, "amount", Payment.class, Cash.class)
                    .table("payment", "id bigint PRIMARY KEY, dtype varchar(31), till varchar(20), %row, %amount"),
            Shape.of("joined root", Letter.class, "amount", Paper.class)
                    .table("paper")
                    .table("letter", "id bigint PRIMARY KEY, stamp varchar(20)"),
            Shape.of("joined leaf", Invoice.class, "amount", Document.class)
                    .table("document", "id bigint PRIMARY KEY, %row")
                    .table("invoice", "id bigint PRIMARY KEY, %amount"),
            Shape.of("table per class", Truck.class, "amount", Vehicle.class)
                    .table("vehicle")
                    .table("truck", "id bigint PRIMARY KEY, axles int, %row, %amount"),
            Shape.of("secondary table", Person.class, "amount")
                    .table("person", "id bigint PRIMARY KEY, %row")
                    .table("profile", "id bigint PRIMARY KEY, %amount"),
            Shape.of("embedded", Customer.class, "money.amount", Money.class).table("customer", Money.COLUMNS),
            Shape.of("embedded twice", Parcel.class, "wallet.money.amount", Wallet.class, Money.class)
                    .table("parcel", Money.COLUMNS),
            Shape.of("embedded in a secondary table", Tenant.class, "rent.amount", Tenant.Rent.class)
                    .table("tenant", "id bigint PRIMARY KEY, %row")
                    .table("rent", "id bigint PRIMARY KEY, currency varchar(3), %amount"),
            Shape.of("embedded record", Order.class, "total.amount", Order.Total.class)
                    .table("orders", Money.COLUMNS),
            Shape.of("element collection", Basket.class, "moneys.amount", Money.class)
                    .table("basket", "id bigint PRIMARY KEY, %row")
                    .table("basket_money", "basket_id bigint, currency varchar(3), %amount"),
            Shape.of("key of two parts", Seat.class, "amount", Keys.OfTwoParts.Place.class)
                    .table("seat", Keys.OF_TWO_PARTS)
                    .plainly(),
            Shape.of("key by class", Cell.class, "amount")
                    .table("cell", Keys.BY_CLASS)
                    .plainly(),
            Shape.of("in the embedded key", Keyed.class, "id.amount", Keyed.Key.class)
                    .table("keyed")
                    .plainly(),
            Shape.of("the key", OnlyKey.class, "amount").table("only_key").plainly(),
            Shape.of("uuid key", Visit.class, "amount")
                    .table("visit", Keys.UUID_KEY)
                    .plainly(),
            Shape.of("text key", Country.class, "amount")
                    .table("country", Keys.TEXT_KEY)
                    .plainly(),
            Shape.of("generated key", Event.class, "amount")
                    .table("event", Keys.GENERATED)
                    .with(Trait.GENERATED),
            Shape.of("association", Child.class, "amount", Plain.class).table("child"),
            Shape.of("version", Revised.class, "amount").table("revised"),
            Shape.of("natural id", Natural.class, "amount").table("natur"),
            Shape.of("dynamic update", Changing.class, "amount").table("changing"),
            Shape.of("dynamic insert, soft delete", Sparse.class, "amount")
                    .table("sparse", "id bigint PRIMARY KEY, deleted %boolean, %row, %amount"),
            Shape.of("dynamic, embedded", Wandering.class, "money.amount", Money.class)
                    .table("wandering", Money.COLUMNS),
            Shape.of("immutable", Fact.class, "amount").table("fact").with(Trait.NUMBERED, Trait.IMMUTABLE),
            Shape.of("lazy", Postponed.class, "amount").table("postponed"),
            Shape.of("not insertable", NotInserted.class, "amount").table("not_inserted"),
            Shape.of("not updatable", NotUpdated.class, "amount").table("not_updated"),
            Shape.of("by getter", Accessed.class, "amount").table("accessed"),
            Shape.of("set by a callback", Called.class, "amount").table("called"));

    private Places() {}

    @Entity(name = "Plain")
    public static class Plain extends Numbered {

        @Version
        public int version;

        @Evolving
        @Column(name = NEW)
        public @Nullable Long amount;
    }

    @MappedSuperclass
    public abstract static class Trader extends Numbered {

        @Evolving
        @Column(name = NEW)
        public @Nullable Long amount;
    }

    @Entity(name = "Buyer")
    public static class Buyer extends Trader {}

    @Entity(name = "Seller")
    public static class Seller extends Trader {}

    @MappedSuperclass
    public abstract static class Typed<T> extends Numbered {

        @Evolving
        @Column(name = NEW)
        public @Nullable T amount;
    }

    @Entity(name = "Generic")
    public static class Generic extends Typed<Long> {}

    @Entity(name = "Payment")
    @Inheritance(strategy = InheritanceType.SINGLE_TABLE)
    public abstract static class Payment extends Numbered {}

    @Entity(name = "Card")
    public static class Card extends Payment {

        @Evolving
        @Column(name = NEW)
        public @Nullable Long amount;
    }

    @Entity(name = "Cash")
    public static class Cash extends Payment {

        public @Nullable String till;
    }

    @Entity(name = "Paper")
    @Inheritance(strategy = InheritanceType.JOINED)
    public static class Paper extends Numbered {

        @Evolving
        @Column(name = NEW)
        public @Nullable Long amount;
    }

    @Entity(name = "Letter")
    public static class Letter extends Paper {

        public @Nullable String stamp;
    }

    @Entity(name = "Document")
    @Inheritance(strategy = InheritanceType.JOINED)
    public abstract static class Document extends Numbered {}

    @Entity(name = "Invoice")
    public static class Invoice extends Document {

        @Evolving
        @Column(name = NEW)
        public @Nullable Long amount;
    }

    @Entity(name = "Vehicle")
    @Inheritance(strategy = InheritanceType.TABLE_PER_CLASS)
    public static class Vehicle extends Numbered {

        @Evolving
        @Column(name = NEW)
        public @Nullable Long amount;
    }

    @Entity(name = "Truck")
    public static class Truck extends Vehicle {

        public int axles;
    }

    @Entity(name = "Person")
    @SecondaryTable(name = "profile")
    public static class Person extends Numbered {

        @Evolving
        @Column(name = NEW, table = "profile")
        public @Nullable Long amount;
    }

    @Embeddable
    public static class Money {

        static final String COLUMNS = "id bigint PRIMARY KEY, currency varchar(3), %row, %amount";

        @Evolving
        @Column(name = NEW)
        public @Nullable Long amount;

        public @Nullable String currency = "EUR";
    }

    @Entity(name = "Customer")
    public static class Customer extends Numbered {

        @Embedded
        public @Nullable Money money;
    }

    @Embeddable
    public static class Wallet {

        @Embedded
        public @Nullable Money money;
    }

    @Entity(name = "Parcel")
    public static class Parcel extends Numbered {

        @Embedded
        public @Nullable Wallet wallet;
    }

    @Entity(name = "Tenant")
    @SecondaryTable(name = "rent")
    public static class Tenant extends Numbered {

        @Embedded
        public @Nullable Rent rent;

        @Embeddable
        public static class Rent {

            @Evolving
            @Column(name = NEW, table = "rent")
            public @Nullable Long amount;

            @Column(table = "rent")
            public @Nullable String currency = "EUR";
        }
    }

    @Entity(name = "Orders")
    public static class Order extends Numbered {

        @Embedded
        public @Nullable Total total;

        @Embeddable
        public record Total(
                @Evolving @Column(name = NEW) @Nullable Long amount,
                @Nullable String currency) {}
    }

    @Entity(name = "Basket")
    public static class Basket extends Numbered {

        @ElementCollection
        @CollectionTable(name = "basket_money", joinColumns = @JoinColumn(name = "basket_id"))
        public List<Money> moneys = new ArrayList<>();
    }

    @Entity(name = "Seat")
    public static class Seat extends Keys.OfTwoParts {

        @Evolving
        @Column(name = NEW)
        public @Nullable Long amount;
    }

    @Entity(name = "Cell")
    public static class Cell extends Keys.ByClass {

        @Evolving
        @Column(name = NEW)
        public @Nullable Long amount;
    }

    @Entity(name = "Keyed")
    public static class Keyed extends Row {

        @EmbeddedId
        public @Nullable Key id;

        @Override
        void key(int number) {
            id = new Key();
            id.id = number;
        }

        @Embeddable
        public static class Key {

            public long id;

            @Evolving
            @Column(name = NEW)
            public @Nullable Long amount;

            @Override
            public boolean equals(@Nullable Object other) {
                return other instanceof Key key && key.id == id && Objects.equals(key.amount, amount);
            }

            @Override
            public int hashCode() {
                return Objects.hash(id, amount);
            }
        }
    }

    @Entity(name = "OnlyKey")
    public static class OnlyKey extends Row {

        @Id
        @Evolving
        @Column(name = NEW)
        public @Nullable Long amount;

        @Override
        void key(int number) {
            amount = (long) number;
        }
    }

    @Entity(name = "Visit")
    public static class Visit extends Keys.OfUuid {

        @Evolving
        @Column(name = NEW)
        public @Nullable Long amount;
    }

    @Entity(name = "Country")
    public static class Country extends Keys.OfText {

        @Evolving
        @Column(name = NEW)
        public @Nullable Long amount;
    }

    @Entity(name = "Event")
    public static class Event extends Keys.Generated {

        @Evolving
        @Column(name = NEW)
        public @Nullable Long amount;
    }

    @Entity(name = "Child")
    public static class Child extends Numbered {

        @ManyToOne(fetch = FetchType.LAZY)
        @JoinColumn(name = NEW)
        @Evolving
        public @Nullable Plain amount;
    }

    @Entity(name = "Revised")
    public static class Revised extends Numbered {

        @Version
        @Evolving
        @Column(name = NEW)
        public @Nullable Long amount;
    }

    @Entity(name = "Natur")
    public static class Natural extends Numbered {

        @NaturalId(mutable = true)
        @Evolving
        @Column(name = NEW)
        public @Nullable Long amount;
    }

    @Entity(name = "Changing")
    @DynamicUpdate
    public static class Changing extends Numbered {

        @Evolving
        @Column(name = NEW)
        public @Nullable Long amount;
    }

    @Entity(name = "Sparse")
    @DynamicInsert
    @DynamicUpdate
    @SoftDelete
    public static class Sparse extends Numbered {

        @Evolving
        @Column(name = NEW)
        public @Nullable Long amount;
    }

    @Entity(name = "Wandering")
    @DynamicInsert
    @DynamicUpdate
    public static class Wandering extends Numbered {

        @Embedded
        public @Nullable Money money;
    }

    @Entity(name = "Fact")
    @Immutable
    public static class Fact extends Numbered {

        @Evolving
        @Column(name = NEW)
        public @Nullable Long amount;
    }

    @Entity(name = "Postponed")
    public static class Postponed extends Numbered {

        @Basic(fetch = FetchType.LAZY)
        @Evolving
        @Column(name = NEW)
        public @Nullable Long amount;
    }

    @Entity(name = "NotInserted")
    public static class NotInserted extends Numbered {

        @Evolving
        @Column(name = NEW, insertable = false)
        public @Nullable Long amount;
    }

    @Entity(name = "NotUpdated")
    public static class NotUpdated extends Numbered {

        @Evolving
        @Column(name = NEW, updatable = false)
        public @Nullable Long amount;
    }

    @Entity(name = "Accessed")
    @Access(AccessType.PROPERTY)
    public static class Accessed extends Numbered {

        private @Nullable Long amount;

        @Evolving
        @Column(name = NEW)
        public @Nullable Long getAmount() {
            return amount;
        }

        public void setAmount(@Nullable Long amount) {
            this.amount = amount;
        }
    }

    /** What a callback sets is written in the same statement. */
    @Entity(name = "Called")
    public static class Called extends Numbered {

        @Evolving
        @Column(name = NEW)
        public @Nullable Long amount;

        @PrePersist
        void created() {
            amount = amount != null && amount == 2500L ? Long.valueOf(7) : amount;
        }

        @PreUpdate
        void changed() {
            amount = amount == null ? null : amount + 1;
        }
    }
}
