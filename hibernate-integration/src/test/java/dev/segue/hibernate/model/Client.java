package dev.segue.hibernate.model;

import dev.segue.change.Conversion;
import dev.segue.change.SqlForm;
import dev.segue.database.Database;
import dev.segue.hibernate.Introduces;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Index;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.util.Optional;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/** New attributes: from a column, from one that only Java can compute, from two columns, and a constant. */
@Entity(name = "Client")
@Table(name = "client", indexes = @Index(columnList = "tier"))
public class Client {

    @Id
    public long id;

    @Version
    public int version;

    public @Nullable String country;

    @Embedded
    public Place at = new Place();

    public @Nullable String note;

    @Enumerated(EnumType.STRING)
    @Column(name = "tier", length = 10, nullable = false)
    @Introduces(change = "tier", from = "country", initial = TierOfCountry.class)
    public @Nullable Tier tier;

    @Column(name = "badge", length = 20)
    @Introduces(change = "badge", from = "country", initial = BadgeOfCountry.class)
    public @Nullable String badge;

    @Column(name = "label", length = 50)
    @Introduces(
            change = "label",
            from = {"country", "area"},
            initial = Label.class)
    public @Nullable String label;

    @Column(name = "stars")
    @Introduces(change = "stars", initial = NoStars.class)
    public @Nullable Integer stars;

    public Client() {}

    public Client(long id, String country, @Nullable Integer area) {
        this.id = id;
        this.country = country;
        this.at.area = area;
    }

    @Embeddable
    public static class Place {
        public @Nullable Integer area;
    }

    public enum Tier {
        HOME,
        ABROAD,
        GOLD
    }

    public static final class TierOfCountry implements Conversion<String, Tier> {

        @Override
        public Tier toNew(@Nullable String country) {
            return "DE".equals(country) ? Tier.HOME : Tier.ABROAD;
        }

        @Override
        public String toOld(Tier current) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<SqlForm> sql(Database database) {
            return Optional.of(SqlForm.of("case when {country} = 'DE' then 'HOME' else 'ABROAD' end", "NULL"));
        }
    }

    public static final class BadgeOfCountry implements Conversion<String, String> {

        @Override
        public String toNew(@Nullable String country) {
            return "badge of " + country;
        }

        @Override
        public String toOld(String current) {
            throw new UnsupportedOperationException();
        }
    }

    /** Where the country is a code and the area a number, as text. */
    public record Where(@Nullable String country, @Nullable Long area) {}

    public static final class Label implements Conversion<Where, String> {

        @Override
        @SuppressWarnings("NullAway")
        public String toNew(@Nullable Where where) {
            return where == null ? null : where.country() + "-" + where.area();
        }

        @Override
        public Where toOld(String current) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<SqlForm> sql(Database database) {
            return Optional.of(SqlForm.of("concat({country}, '-', {area})", "NULL"));
        }
    }

    public static final class NoStars implements Conversion<Integer, Integer> {

        @Override
        public Integer toNew(@Nullable Integer nothing) {
            return 0;
        }

        @Override
        public Integer toOld(Integer current) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<SqlForm> sql(Database database) {
            return Optional.of(SqlForm.of("0", "NULL"));
        }
    }

    /** Updated column by column. */
    @Entity(name = "Guest")
    @Table(name = "guest")
    @DynamicUpdate
    public static class Guest {

        @Id
        public long id;

        public @Nullable String country;

        public @Nullable String note;

        @Enumerated(EnumType.STRING)
        @Column(name = "tier", length = 10)
        @Introduces(change = "guest-tier", from = "country", initial = TierOfCountry.class)
        public @Nullable Tier tier;
    }
}
