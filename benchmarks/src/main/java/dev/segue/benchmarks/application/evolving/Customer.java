package dev.segue.benchmarks.application.evolving;

import dev.segue.benchmarks.application.Person;
import dev.segue.hibernate.Replaces;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import org.jspecify.annotations.Nullable;

/** The change is declared, and Segue does the rest. */
@Entity
public class Customer implements Person {

    @Id
    private long id;

    @Column(name = "full_name", length = 200)
    @Replaces(change = "customer-name", column = "name")
    @Nullable
    private String fullName;

    @Column(name = "note")
    @Nullable
    private String note;

    protected Customer() {}

    public Customer(long id, String name) {
        this.id = id;
        this.note = "some words beside";
        set(name);
    }

    @Override
    public void setNames(String name) {
        set(name);
    }

    private void set(String name) {
        this.fullName = name;
    }
}
