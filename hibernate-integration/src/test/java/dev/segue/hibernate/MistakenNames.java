package dev.segue.hibernate;

import jakarta.persistence.AttributeOverride;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Lob;
import jakarta.persistence.Table;
import jakarta.persistence.Transient;
import org.jspecify.annotations.Nullable;

/** Changes whose names, tables or columns are not what they should be, and one that is right, each for one reason that its name says. */
@SuppressWarnings("unused")
final class MistakenNames {

    private MistakenNames() {}

    @Entity(name = "NotMapped")
    @Table(name = "customer")
    public static class NotMapped {

        @Id
        public long id;

        @Transient
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;
    }

    @Entity(name = "OnTheOtherSide")
    @Table(name = "customer")
    public static class OnTheOtherSide {

        @Id
        public long id;

        @Column(name = "full_name")
        public @Nullable String fullName;

        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String getFullName() {
            return fullName;
        }
    }

    @Entity(name = "OneIdTwice")
    @Table(name = "customer")
    public static class OneIdTwice {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;

        @Column(name = "nick_name")
        @Replaces(change = "customer-full-name", column = "nick")
        public @Nullable String nickName;
    }

    @Entity(name = "TwoOnOneColumn")
    @Table(name = "customer")
    public static class TwoOnOneColumn {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;

        @Column(name = "nick_name")
        @Replaces(change = "customer-nick-name", column = "name")
        public @Nullable String nickName;
    }

    @Entity(name = "SameEmbeddableTwice")
    @Table(name = "customer")
    public static class SameEmbeddableTwice {

        @Id
        public long id;

        @Embedded
        @AttributeOverride(name = "town", column = @Column(name = "home_town"))
        public @Nullable Place home;

        @Embedded
        @AttributeOverride(name = "town", column = @Column(name = "work_town"))
        public @Nullable Place work;

        @Embeddable
        public static class Place {

            @Replaces(change = "customer-town", column = "name")
            public @Nullable String town;
        }
    }

    @Entity(name = "Chained")
    @Table(name = "customer")
    public static class Chained {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;

        @Column(name = "display_name")
        @Replaces(change = "customer-display-name", column = "full_name")
        public @Nullable String displayName;
    }

    @Entity(name = "NoSuchColumn")
    @Table(name = "customer")
    public static class NoSuchColumn {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "nmae")
        public @Nullable String fullName;
    }

    @Entity(name = "NoSuchTable")
    @Table(name = "custmer")
    public static class NoSuchTable {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;
    }

    @Entity(name = "SameColumn")
    @Table(name = "customer")
    public static class SameColumn {

        @Id
        public long id;

        @Column(name = "name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;
    }

    @Entity(name = "WithoutKey")
    @Table(name = "keyless")
    public static class WithoutKey {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;
    }

    @Entity(name = "Large")
    @Table(name = "customer")
    public static class Large {

        @Id
        public long id;

        @Lob
        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;
    }

    @Entity(name = "Right")
    @Table(name = "customer")
    public static class Right {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;
    }
}
