package dev.segue.benchmarks.backfill;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** A customer as a team maps it that fills the column by hand. */
@Entity
@Table(name = PagedCustomer.TABLE)
class PagedCustomer {

    static final String TABLE = "customer";

    @Id
    @Nullable
    Long id;

    @Nullable
    BigDecimal credit;

    @Column(name = "credit_new")
    @Nullable
    Long creditCents;

    @Nullable
    String note;
}
