package dev.segue.hibernate.matrix;

import static dev.segue.hibernate.matrix.Kind.NEW;

import dev.segue.hibernate.matrix.Keys.Numbered;
import dev.segue.hibernate.matrix.Shape.Trait;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Lob;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** Attributes of every usual type. */
final class Types {

    static final Values NUMBER = Values.of(Long.class, "bigint", "bigint", 100L, 1000L, 2500L, 30000L)
            .literals("100", "1000", "2500", "30000")
            .with(Values.Trait.EQUAL, Values.Trait.ORDERED, Values.Trait.NUMBER);

    static final Values TEXT = Values.of(String.class, "varchar(200)", "varchar(200)", "Ann", "Bob", "Cleo", "Dan")
            .literals("'Ann'", "'Bob'", "'Cleo'", "'Dan'")
            .with(Values.Trait.EQUAL, Values.Trait.ORDERED, Values.Trait.TEXT);

    static final List<Shape> SHAPES = List.of(
            shape("text", OfText.class, TEXT),
            shape(
                    "enum by name",
                    OfName.class,
                    Values.of(Grade.class, "varchar(10)", "varchar(10)", Grade.GOOD, Grade.FAIR, Grade.POOR, Grade.NONE)
                            .literals("GOOD", "FAIR", "POOR", "NONE")
                            .with(Values.Trait.EQUAL)),
            shape(
                    "enum by number",
                    OfOrdinal.class,
                    Values.of(Ordinal.class, "smallint", "tinyint", Grade.GOOD, Grade.FAIR, Grade.POOR, Grade.NONE)
                            .literals("GOOD", "FAIR", "POOR", "NONE")
                            .with(Values.Trait.EQUAL)),
            shape(
                    "converter",
                    OfConverter.class,
                    Values.of(Small.class, "varchar(10)", "varchar(10)", Grade.GOOD, Grade.FAIR, Grade.POOR, Grade.NONE)
                            .literals("GOOD", "FAIR", "POOR", "NONE")
                            .with(Values.Trait.EQUAL)),
            shape(
                    "decimal",
                    OfDecimal.class,
                    Values.of(
                                    BigDecimal.class,
                                    "numeric(19,4)",
                                    "numeric(19,4)",
                                    new BigDecimal("100.0000"),
                                    new BigDecimal("1000.0000"),
                                    new BigDecimal("2500.1234"),
                                    new BigDecimal("30000.0000"))
                            .literals("100BD", "1000BD", "2500.1234BD", "30000BD")
                            .with(Values.Trait.EQUAL, Values.Trait.ORDERED, Values.Trait.NUMBER)),
            shape(
                    "timestamp",
                    OfTimestamp.class,
                    Values.of(
                                    LocalDateTime.class,
                                    "timestamp",
                                    "datetime(6)",
                                    LocalDateTime.of(2026, 1, 2, 3, 4, 5, 678_000_000),
                                    LocalDateTime.of(2026, 2, 2, 3, 4),
                                    LocalDateTime.of(2026, 3, 2, 3, 4),
                                    LocalDateTime.of(2026, 4, 2, 3, 4))
                            .literals("datetime 2026-01-02 03:04:05.678", "datetime 2026-02-02 03:04:00")
                            .with(Values.Trait.EQUAL, Values.Trait.ORDERED)),
            shape(
                    "instant",
                    OfInstant.class,
                    Values.of(
                                    Instant.class,
                                    "timestamptz",
                                    "datetime(6)",
                                    Instant.parse("2026-01-02T03:04:05.678Z"),
                                    Instant.parse("2026-02-02T03:04:05Z"),
                                    Instant.parse("2026-03-02T03:04:05Z"),
                                    Instant.parse("2026-04-02T03:04:05Z"))
                            .with(Values.Trait.EQUAL, Values.Trait.ORDERED)),
            shape(
                    "date",
                    OfDate.class,
                    Values.of(
                                    LocalDate.class,
                                    "date",
                                    "date",
                                    LocalDate.of(2026, 1, 2),
                                    LocalDate.of(2026, 1, 3),
                                    LocalDate.of(2026, 1, 4),
                                    LocalDate.of(2026, 1, 5))
                            .literals("date 2026-01-02", "date 2026-01-03")
                            .with(Values.Trait.EQUAL, Values.Trait.ORDERED)),
            shape(
                    "uuid",
                    OfUuid.class,
                    Values.of(
                                    UUID.class,
                                    "uuid",
                                    "binary(16)",
                                    new UUID(1, 2),
                                    new UUID(3, 4),
                                    new UUID(5, 6),
                                    new UUID(7, 8))
                            .with(Values.Trait.EQUAL)),
            shape(
                    "bytes",
                    OfBytes.class,
                    Values.of(
                            byte[].class,
                            "bytea",
                            "varbinary(255)",
                            new byte[] {1, 2},
                            new byte[] {3},
                            new byte[] {4},
                            new byte[] {5})),
            shape(
                    "json",
                    OfJson.class,
                    Values.of(
                            Map.class,
                            "jsonb",
                            "json",
                            Map.of("k", "a"),
                            Map.of("k", "b"),
                            Map.of("k", "c"),
                            Map.of("k", "d"))),
            shape(
                    "large text",
                    OfLargeText.class,
                    Values.of(Lob.class, "oid", "tinytext", "Ann", "Bob", "Cleo", "Dan")),
            shape(
                            "array",
                            OfArray.class,
                            Values.of(
                                    String[].class,
                                    "varchar(255)[]",
                                    "json",
                                    new String[] {"a", "b"},
                                    new String[] {"c"},
                                    new String[] {"d"},
                                    new String[] {"e"}))
                    .with(Trait.NUMBERED, Trait.POSTGRESQL));

    private Types() {}

    private static Shape shape(String name, Class<? extends Row> entity, Values values) {
        return Shape.of(name, entity, "amount")
                .of(values)
                .table("of_"
                        + entity.getSimpleName()
                                .substring(2)
                                .replaceAll("(?<=.)([A-Z])", "_$1")
                                .toLowerCase(Locale.ROOT));
    }

    /** An enum. */
    public enum Grade {
        GOOD,
        FAIR,
        POOR,
        NONE
    }

    @Entity(name = "OfText")
    public static class OfText extends Numbered {

        @Evolving(String.class)
        @Column(name = NEW)
        public @Nullable String amount;
    }

    @Entity(name = "OfName")
    public static class OfName extends Numbered {

        @Evolving(Grade.class)
        @Enumerated(EnumType.STRING)
        @Column(name = NEW, length = 10)
        public @Nullable Grade amount;
    }

    @Entity(name = "OfOrdinal")
    public static class OfOrdinal extends Numbered {

        @Evolving(Ordinal.class)
        @Enumerated(EnumType.ORDINAL)
        @Column(name = NEW)
        public @Nullable Grade amount;
    }

    /** Stands for an enum that no kind but a rename knows. */
    private static final class Ordinal {}

    @Entity(name = "OfConverter")
    public static class OfConverter extends Numbered {

        @Evolving(Small.class)
        @Convert(converter = Small.class)
        @Column(name = NEW)
        public @Nullable Grade amount;
    }

    /** The name in small letters. */
    public static final class Small implements AttributeConverter<Grade, String> {

        @Override
        public @Nullable String convertToDatabaseColumn(@Nullable Grade value) {
            return value == null ? null : value.name().toLowerCase(Locale.ROOT);
        }

        @Override
        public @Nullable Grade convertToEntityAttribute(@Nullable String value) {
            return value == null ? null : Grade.valueOf(value.toUpperCase(Locale.ROOT));
        }
    }

    @Entity(name = "OfDecimal")
    public static class OfDecimal extends Numbered {

        @Evolving(BigDecimal.class)
        @Column(name = NEW, precision = 19, scale = 4)
        public @Nullable BigDecimal amount;
    }

    @Entity(name = "OfTimestamp")
    public static class OfTimestamp extends Numbered {

        @Evolving(LocalDateTime.class)
        @Column(name = NEW)
        public @Nullable LocalDateTime amount;
    }

    @Entity(name = "OfInstant")
    public static class OfInstant extends Numbered {

        @Evolving(Instant.class)
        @Column(name = NEW)
        public @Nullable Instant amount;
    }

    @Entity(name = "OfDate")
    public static class OfDate extends Numbered {

        @Evolving(LocalDate.class)
        @Column(name = NEW)
        public @Nullable LocalDate amount;
    }

    @Entity(name = "OfUuid")
    public static class OfUuid extends Numbered {

        @Evolving(UUID.class)
        @Column(name = NEW)
        public @Nullable UUID amount;
    }

    @Entity(name = "OfBytes")
    public static class OfBytes extends Numbered {

        @Evolving(byte[].class)
        @Column(name = NEW)
        public byte @Nullable [] amount;
    }

    @Entity(name = "OfJson")
    public static class OfJson extends Numbered {

        @Evolving(Map.class)
        @JdbcTypeCode(SqlTypes.JSON)
        @Column(name = NEW)
        public @Nullable Map<String, String> amount;
    }

    @Entity(name = "OfLargeText")
    public static class OfLargeText extends Numbered {

        @Evolving(Lob.class)
        @Lob
        @Column(name = NEW)
        public @Nullable String amount;
    }

    @Entity(name = "OfArray")
    public static class OfArray extends Numbered {

        @Evolving(String[].class)
        @Column(name = NEW)
        public String @Nullable [] amount;
    }
}
