package dev.segue.hibernate.matrix;

import jakarta.persistence.Access;
import jakarta.persistence.AccessType;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.MappedSuperclass;
import java.util.Objects;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** Every kind of key. */
final class Keys {

    static final String OF_TWO_PARTS = "line int, place int, %row, %amount, PRIMARY KEY (line, place)";
    static final String BY_CLASS = "x int, y int, %row, %amount, PRIMARY KEY (x, y)";
    static final String UUID_KEY = "id char(36) PRIMARY KEY, %row, %amount";
    static final String TEXT_KEY = "id varchar(20) PRIMARY KEY, %row, %amount";
    static final String GENERATED = "id bigint %identity PRIMARY KEY, %row, %amount";

    private Keys() {}

    /** With the usual key. */
    @MappedSuperclass
    public abstract static class Numbered extends Row {

        @Id
        public long id;

        @Override
        void key(int number) {
            id = number;
        }
    }

    @MappedSuperclass
    public abstract static class OfTwoParts extends Row {

        @EmbeddedId
        public @Nullable Place id;

        @Override
        void key(int number) {
            id = new Place(number, number + 1);
        }

        @Embeddable
        public record Place(int line, int place) {}
    }

    @MappedSuperclass
    @IdClass(ByClass.Coordinates.class)
    public abstract static class ByClass extends Row {

        @Id
        public int x;

        @Id
        public int y;

        @Override
        void key(int number) {
            x = number;
            y = number + 1;
        }

        /** As Hibernate wants it. */
        public static class Coordinates {

            public int x;
            public int y;

            @Override
            public boolean equals(@Nullable Object other) {
                return other instanceof Coordinates key && key.x == x && key.y == y;
            }

            @Override
            public int hashCode() {
                return Objects.hash(x, y);
            }
        }
    }

    @MappedSuperclass
    public abstract static class OfUuid extends Row {

        @Id
        @JdbcTypeCode(SqlTypes.CHAR)
        public @Nullable UUID id;

        @Override
        void key(int number) {
            id = new UUID(0, number);
        }
    }

    @MappedSuperclass
    public abstract static class OfText extends Row {

        @Id
        @Column(length = 20)
        public String id = "";

        @Override
        void key(int number) {
            id = "c" + number;
        }
    }

    @MappedSuperclass
    @Access(AccessType.FIELD)
    public abstract static class Generated extends Row {

        @Id
        @GeneratedValue(strategy = GenerationType.IDENTITY)
        public @Nullable Long id;

        @Override
        void key(int number) {
            // The database has the word.
        }
    }
}
