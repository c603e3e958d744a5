package dev.segue.sample.shop;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToOne;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a customer has ordered. It is paid when it has a payment. */
@Entity
@Table(name = "orders")
class Order {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Nullable
    Long id;

    @ManyToOne(fetch = FetchType.LAZY, optional = false)
    @JoinColumn(name = "customer_id")
    Customer customer;

    @Column(nullable = false, length = 200)
    String item;

    @Column(name = "amount_cents", nullable = false)
    long amountCents;

    @Column(name = "placed_at", nullable = false)
    Instant placedAt;

    @OneToOne(mappedBy = "order")
    @Nullable
    Payment payment;

    @Version
    long version;

    /** For Hibernate. */
    @SuppressWarnings("NullAway.Init")
    protected Order() {}

    Order(Customer customer, String item, long amountCents, Instant placedAt) {
        this.customer = customer;
        this.item = item;
        this.amountCents = amountCents;
        this.placedAt = placedAt;
    }
}
