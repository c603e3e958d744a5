package dev.segue.sample.shop;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.OneToOne;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The payment of one order, in one sum. */
@Entity
class Payment {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Nullable
    Long id;

    @OneToOne(fetch = FetchType.LAZY, optional = false)
    @JoinColumn(name = "order_id")
    Order order;

    @Column(name = "amount_cents", nullable = false)
    long amountCents;

    @Column(name = "paid_at", nullable = false)
    Instant paidAt;

    /** For Hibernate. */
    @SuppressWarnings("NullAway.Init")
    protected Payment() {}

    Payment(Order order, Instant paidAt) {
        this.order = order;
        this.amountCents = order.amountCents;
        this.paidAt = paidAt;
        order.payment = this;
    }
}
