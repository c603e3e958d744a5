package dev.segue.spring.converted;

import dev.segue.change.Conversion;
import dev.segue.change.SqlForm;
import dev.segue.database.Database;
import dev.segue.hibernate.Replaces;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import java.math.BigDecimal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An amount that gets another type, by a conversion that the database can say, and a tier that only Java can tell. */
@Entity
public class Account {

    @Id
    public long id;

    @Column(name = "credit_cents", nullable = false)
    @Replaces(change = "credit", column = "credit", conversion = EurosToCents.class)
    public long creditCents;

    @Enumerated(EnumType.STRING)
    @Column(name = "tier", length = 10)
    @Replaces(change = "tier", column = "code", conversion = TierOfCode.class)
    public @Nullable Tier tier;

    public enum Tier {
        GOLD,
        SILVER
    }

    public static class EurosToCents implements Conversion<BigDecimal, Long> {

        @Override
        public Long toNew(BigDecimal euros) {
            return euros.movePointRight(2).longValueExact();
        }

        @Override
        public BigDecimal toOld(Long cents) {
            return BigDecimal.valueOf(cents, 2);
        }

        @Override
        public Optional<SqlForm> sql(Database database) {
            String integer = database == Database.POSTGRESQL ? "bigint" : "signed";
            return Optional.of(SqlForm.of("cast(round({old} * 100) as " + integer + ")", "{new} / 100.0"));
        }
    }

    public static class TierOfCode implements Conversion<Integer, Tier> {

        @Override
        public @Nullable Tier toNew(@Nullable Integer code) {
            return code == null ? null : Tier.values()[code];
        }

        @Override
        public @Nullable Integer toOld(@Nullable Tier tier) {
            return tier == null ? null : tier.ordinal();
        }
    }
}
