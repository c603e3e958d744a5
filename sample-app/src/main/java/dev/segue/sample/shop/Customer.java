package dev.segue.sample.shop;

import dev.segue.hibernate.Replaces;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A customer. */
@Entity
class Customer {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Nullable
    Long id;

    @Column(name = "full_name", nullable = false, length = 200)
    @Replaces(change = "customer-full-name", column = "name")
    String fullName;

    @Column(name = "phone_number", length = 40)
    @Replaces(change = "customer-phone-number", column = "phone")
    @Nullable
    String phoneNumber;

    @Column(nullable = false, length = 100)
    String city;

    @Column(length = 1000)
    @Nullable
    String note;

    @Column(name = "created_at", nullable = false)
    Instant createdAt;

    @Version
    long version;

    /** For Hibernate. */
    @SuppressWarnings("NullAway.Init")
    protected Customer() {}

    Customer(String fullName, @Nullable String phoneNumber, String city, @Nullable String note, Instant createdAt) {
        this.fullName = fullName;
        this.phoneNumber = phoneNumber;
        this.city = city;
        this.note = note;
        this.createdAt = createdAt;
    }
}
