package dev.segue.hibernate.model;

import dev.segue.hibernate.Replaces;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "customer")
public class Customer {

    @Id
    public long id;

    @Version
    public int version;

    @Column(name = "full_name", length = 200)
    @Replaces(change = "customer-full-name", column = "name")
    public @Nullable String fullName;

    @Embedded
    public @Nullable Address address;

    public @Nullable String note;

    public Customer() {}

    public Customer(long id, @Nullable String fullName, String town) {
        this.id = id;
        this.fullName = fullName;
        this.address = new Address();
        this.address.town = town;
    }

    @Embeddable
    public static class Address {

        @Column(name = "town")
        @Replaces(change = "customer-town", column = "city")
        public @Nullable String town;

        public @Nullable String street;
    }
}
