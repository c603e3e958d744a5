package dev.segue.benchmarks.application.byhand;

import dev.segue.benchmarks.application.Person;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import org.jspecify.annotations.Nullable;

/** Both columns are mapped and written by hand, as people do it during a change. */
@Entity
public class Customer implements Person {

    @Id
    private long id;

    @Column(name = "full_name", length = 200)
    @Nullable
    private String fullName;

    @Column(name = "name", length = 200)
    @Nullable
    private String fullNameBefore;

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
        this.fullNameBefore = name;
    }
}
