package dev.segue.spring.plain;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import org.jspecify.annotations.Nullable;

@Entity
public class Customer {

    @Id
    public long id;

    public @Nullable String name;
}
