package dev.segue.spring.renamed;

import dev.segue.hibernate.Replaces;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import org.jspecify.annotations.Nullable;

@Entity
public class Customer {

    @Id
    public long id;

    @Column(name = "full_name")
    @Replaces(change = "customer-full-name", column = "name")
    public @Nullable String fullName;
}
