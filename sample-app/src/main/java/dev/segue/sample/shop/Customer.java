package dev.segue.sample.shop;

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

    @Column(name = "name", nullable = false, length = 200)
    String fullName;

    @Column(name = "phone", length = 40)
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
