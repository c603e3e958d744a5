package dev.segue.benchmarks.application.byhand;

import dev.segue.benchmarks.application.Person;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import org.jspecify.annotations.Nullable;

/** Both columns are mapped and written by hand, as people do it during a change. */
@Entity
public class Account implements Person {

    @Id
    private long id;

    @Column(name = "first_name", length = 200)
    @Nullable
    private String firstName;

    @Column(name = "first", length = 200)
    @Nullable
    private String firstNameBefore;

    @Column(name = "last_name", length = 200)
    @Nullable
    private String lastName;

    @Column(name = "last", length = 200)
    @Nullable
    private String lastNameBefore;

    @Column(name = "street_name", length = 200)
    @Nullable
    private String streetName;

    @Column(name = "street", length = 200)
    @Nullable
    private String streetNameBefore;

    @Column(name = "town_name", length = 200)
    @Nullable
    private String townName;

    @Column(name = "town", length = 200)
    @Nullable
    private String townNameBefore;

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
        this.firstNameBefore = name;
        this.lastName = name;
        this.lastNameBefore = name;
        this.streetName = name;
        this.streetNameBefore = name;
        this.townName = name;
        this.townNameBefore = name;
    }
}
