package dev.segue.hibernate.model;

import dev.segue.change.Conversion;
import dev.segue.change.SqlForm;
import dev.segue.database.Database;
import dev.segue.hibernate.Replaces;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.math.BigDecimal;
import java.util.Optional;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/** One attribute whose conversion can be said in SQL, and two that only Java converts. */
@Entity(name = "Account")
@Table(name = "account")
public class Account {

    @Id
    public long id;

    @Version
    public int version;

    @Column(name = "balance_cents")
    @Replaces(change = "balance", column = "balance", conversion = EurosToCents.class)
    public @Nullable Long balance;

    @Column(name = "limit_cents")
    @Replaces(change = "limit", column = "credit", conversion = OnlyInJava.class)
    public @Nullable Long limit;

    @Enumerated(EnumType.STRING)
    @Column(name = "tier", length = 10)
    @Replaces(change = "tier", column = "code", conversion = TierOfCode.class)
    public @Nullable Tier tier;

    public @Nullable String note;

    public Account() {}

    public Account(long id, @Nullable Long balance, @Nullable Long limit, @Nullable Tier tier) {
        this.id = id;
        this.balance = balance;
        this.limit = limit;
        this.tier = tier;
    }

    public enum Tier {
        GOLD,
        SILVER
    }

    /** An amount below a thousandth does not survive, and neither does a trillion. */
    public static class EurosToCents implements Conversion<BigDecimal, Long> {

        private static final long MOST = 100_000_000_000_000L;

        @Override
        @SuppressWarnings("NullAway")
        public Long toNew(@Nullable BigDecimal old) {
            return old == null ? null : old.movePointRight(2).longValueExact();
        }

        @Override
        @SuppressWarnings("NullAway")
        public BigDecimal toOld(@Nullable Long current) {
            return current == null ? null : BigDecimal.valueOf(current % MOST).movePointLeft(2);
        }

        @Override
        public Optional<SqlForm> sql(Database database) {
            return Optional.of(
                    database == Database.POSTGRESQL
                            ? SqlForm.of("({old} * 100)::bigint", "{new} / 100.0")
                            : SqlForm.of("{old} * 100", "{new} / 100"));
        }
    }

    /** Inherits its types. */
    public static final class OnlyInJava extends EurosToCents {

        @Override
        public Optional<SqlForm> sql(Database database) {
            return Optional.empty();
        }
    }

    public static final class TierOfCode implements Conversion<String, Tier> {

        @Override
        @SuppressWarnings("NullAway")
        public Tier toNew(@Nullable String old) {
            return old == null ? null : old.equals("g") ? Tier.GOLD : old.equals("s") ? Tier.SILVER : Tier.valueOf(old);
        }

        @Override
        @SuppressWarnings("NullAway")
        public String toOld(@Nullable Tier current) {
            return current == null ? null : current == Tier.GOLD ? "g" : "s";
        }
    }

    /** The same, updated column by column. */
    @Entity(name = "Purse")
    @Table(name = "purse")
    @DynamicUpdate
    public static class Purse {

        @Id
        public long id;

        @Column(name = "balance_cents")
        @Replaces(change = "purse-balance", column = "balance", conversion = EurosToCents.class)
        public @Nullable Long balance;

        @Column(name = "limit_cents")
        @Replaces(change = "purse-limit", column = "credit", conversion = OnlyInJava.class)
        public @Nullable Long limit;

        public @Nullable String note;
    }
}
