package dev.segue.hibernate;

import jakarta.persistence.Basic;
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
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.hibernate.annotations.Audited;
import org.hibernate.annotations.ColumnTransformer;
import org.hibernate.annotations.Formula;
import org.hibernate.annotations.Generated;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.annotations.NaturalId;
import org.hibernate.annotations.PartitionKey;
import org.hibernate.annotations.Subselect;
import org.hibernate.annotations.TenantId;
import org.hibernate.annotations.UpdateTimestamp;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** Attributes where none can be followed, each for one reason that its name says. */
@SuppressWarnings("unused")
final class MistakenPlaces {

    private MistakenPlaces() {}

    @Embeddable
    public static class Name {

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;
    }

    @Entity(name = "WithoutId")
    @Table(name = "customer")
    public static class WithoutId {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = " ", column = "name")
        public @Nullable String fullName;
    }

    @Entity(name = "WithoutColumn")
    @Table(name = "customer")
    public static class WithoutColumn {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(
                change = "customer-full-name",
                column = {})
        public @Nullable String fullName;
    }

    @Entity(name = "TwoColumns")
    @Table(name = "customer")
    public static class TwoColumns {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(
                change = "customer-full-name",
                column = {"name", "nick"})
        public @Nullable String fullName;
    }

    @Entity(name = "OnTheIdentifier")
    @Table(name = "customer")
    public static class OnTheIdentifier {

        @Id
        @Column(name = "key")
        @Replaces(change = "customer-full-name", column = "id")
        public long id;
    }

    @Entity(name = "InTheIdentifier")
    @Table(name = "customer")
    public static class InTheIdentifier {

        @EmbeddedId
        public @Nullable Key id;

        @Embeddable
        public record Key(
                @Column(name = "full_name") @Replaces(change = "customer-full-name", column = "name")
                String fullName,

                String nick) {}
    }

    @Entity(name = "OnTheVersion")
    @Table(name = "customer")
    public static class OnTheVersion {

        @Id
        public long id;

        @Version
        @Column(name = "revision")
        @Replaces(change = "customer-full-name", column = "name")
        public int revision;
    }

    @Entity(name = "OnTheNaturalId")
    @Table(name = "customer")
    public static class OnTheNaturalId {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        @NaturalId
        public @Nullable String fullName;
    }

    @Entity(name = "InTheNaturalId")
    @Table(name = "customer")
    public static class InTheNaturalId {

        @Id
        public long id;

        @NaturalId
        @Embedded
        public @Nullable Name name;
    }

    @Entity(name = "OnAnAssociation")
    @Table(name = "customer")
    public static class OnAnAssociation {

        @Id
        public long id;

        @ManyToOne
        @JoinColumn(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable OnAnAssociation fullName;
    }

    @Entity(name = "OnACollection")
    @Table(name = "customer")
    public static class OnACollection {

        @Id
        public long id;

        @ElementCollection
        @Replaces(change = "customer-full-name", column = "name")
        public List<String> fullName = new ArrayList<>();
    }

    @Entity(name = "InACollection")
    @Table(name = "customer")
    public static class InACollection {

        @Id
        public long id;

        @ElementCollection
        public List<Name> names = new ArrayList<>();
    }

    @Entity(name = "OnAnEmbedded")
    @Table(name = "customer")
    public static class OnAnEmbedded {

        @Id
        public long id;

        @Embedded
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable PlainName name;

        @Embeddable
        public static class PlainName {

            @Column(name = "full_name")
            public @Nullable String fullName;
        }
    }

    @Entity(name = "OnAFormula")
    @Table(name = "customer")
    public static class OnAFormula {

        @Id
        public long id;

        @Replaces(change = "customer-full-name", column = "name")
        @Formula("upper(nick)")
        public @Nullable String fullName;
    }

    @Entity(name = "Lazy")
    @Table(name = "customer")
    public static class Lazy {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        @Basic(fetch = FetchType.LAZY)
        public @Nullable String fullName;
    }

    @Entity(name = "NotInsertable")
    @Table(name = "customer")
    public static class NotInsertable {

        @Id
        public long id;

        @Column(name = "full_name", insertable = false)
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;
    }

    @Entity(name = "NotUpdatable")
    @Table(name = "customer")
    public static class NotUpdatable {

        @Id
        public long id;

        @Column(name = "full_name", updatable = false)
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;
    }

    @Entity(name = "Immutable")
    @Table(name = "customer")
    public static class Immutable {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        @org.hibernate.annotations.Immutable
        public @Nullable String fullName;
    }

    @Entity(name = "Stamped")
    @Table(name = "customer")
    public static class Stamped {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        @UpdateTimestamp
        public @Nullable Instant fullName;
    }

    @Entity(name = "MadeByDatabase")
    @Table(name = "customer")
    public static class MadeByDatabase {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        @Generated
        public @Nullable String fullName;
    }

    @Entity(name = "Transformed")
    @Table(name = "customer")
    public static class Transformed {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        @ColumnTransformer(read = "upper(full_name)", write = "lower(?)")
        public @Nullable String fullName;
    }

    @Entity(name = "Partitioned")
    @Table(name = "customer")
    public static class Partitioned {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        @PartitionKey
        public @Nullable String fullName;
    }

    @Entity(name = "TenantNamed")
    @Table(name = "customer")
    public static class TenantNamed {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        @TenantId
        public @Nullable String fullName;
    }

    @Entity(name = "TablePerClass")
    @Table(name = "customer")
    @Inheritance(strategy = InheritanceType.TABLE_PER_CLASS)
    public static class TablePerClass {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;

        @Entity(name = "TablePerClassChild")
        @Table(name = "supplier")
        public static class Child extends TablePerClass {

            public @Nullable String note;
        }
    }

    @Entity(name = "Subselected")
    @Subselect("select id, name as full_name from customer")
    public static class Subselected {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;
    }

    @Entity(name = "Viewed")
    @Table(name = "customer_view")
    public static class Viewed {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;
    }

    @Entity(name = "Aggregated")
    @Table(name = "customer")
    public static class Aggregated {

        @Id
        public long id;

        @JdbcTypeCode(SqlTypes.JSON)
        public @Nullable Name names;
    }

    @Entity(name = "Polymorphic")
    @Table(name = "customer")
    public static class Polymorphic {

        @Id
        public long id;

        @Embedded
        public @Nullable ShortName names;

        @Embeddable
        public static class ShortName {

            @Column(name = "full_name")
            @Replaces(change = "customer-full-name", column = "name")
            public @Nullable String fullName;
        }

        @Embeddable
        public static class LongName extends ShortName {

            public @Nullable String nick;
        }
    }

    @Entity(name = "InARecord")
    @Table(name = "customer")
    public static class InARecord {

        @Id
        public long id;

        @Embedded
        public @Nullable Holder holder;

        @Embeddable
        public record Holder(
                @Column(name = "full_name") @Replaces(change = "customer-full-name", column = "name") @Nullable
                String fullName,

                @Nullable String nick) {}
    }

    @Entity(name = "Historic")
    @Table(name = "customer")
    @Audited
    public static class Historic {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;
    }
}
