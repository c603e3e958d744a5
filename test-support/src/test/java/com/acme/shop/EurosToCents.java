package com.acme.shop;

import dev.segue.change.Conversion;
import dev.segue.change.SqlForm;
import dev.segue.database.Database;
import java.math.BigDecimal;
import java.util.Optional;

class EurosToCents implements Conversion<BigDecimal, Long> {

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
