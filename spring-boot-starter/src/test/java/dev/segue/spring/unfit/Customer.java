package dev.segue.spring.unfit;

import dev.segue.hibernate.Replaces;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import org.jspecify.annotations.Nullable;

/** Its old column is mapped a second time. */
@Entity
public class Customer {

    @Id
    public long id;

    @Column(name = "full_name")
    @Replaces(change = "customer-full-name", column = "name")
    public @Nullable String fullName;

    public @Nullable String name;
}
