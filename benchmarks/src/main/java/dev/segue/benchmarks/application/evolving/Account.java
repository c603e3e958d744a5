package dev.segue.benchmarks.application.evolving;

import dev.segue.benchmarks.application.Person;
import dev.segue.hibernate.Replaces;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import org.jspecify.annotations.Nullable;

/** The change is declared, and Segue does the rest. */
@Entity
public class Account implements Person {

    @Id
    private long id;

    @Column(name = "first_name", length = 200)
    @Replaces(change = "account-first", column = "first")
    @Nullable
    private String firstName;

    @Column(name = "last_name", length = 200)
    @Replaces(change = "account-last", column = "last")
    @Nullable
    private String lastName;

    @Column(name = "street_name", length = 200)
    @Replaces(change = "account-street", column = "street")
    @Nullable
    private String streetName;

    @Column(name = "town_name", length = 200)
    @Replaces(change = "account-town", column = "town")
    @Nullable
    private String townName;

    @Column(name = "note")
    @Nullable
    private String note;

    protected Account() {}

    public Account(long id, String name) {
        this.id = id;
        this.note = "some words beside";
        set(name);
    }

    @Override
    public void setNames(String name) {
        set(name);
    }

    private void set(String name) {
        this.firstName = name;
        this.lastName = name;
        this.streetName = name;
        this.townName = name;
    }
}
