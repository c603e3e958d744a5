package dev.segue.benchmarks.live;

import dev.segue.hibernate.Replaces;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/** A row that is read and written while its column changes. Without Segue the annotation does nothing. */
@Entity
class Shopper {

    static final String CHANGE = "shopper-full-name";

    @Id
    long id;

    @Column(name = "full_name", nullable = false, length = 200)
    @Replaces(change = CHANGE, column = "name")
    String fullName;

    @Column(length = 200)
    String note = "some words beside";

    /** For Hibernate. */
    protected Shopper() {
        this(0, "");
    }

    Shopper(long id, String fullName) {
        this.id = id;
        this.fullName = fullName;
    }

    static String nameOf(long id) {
        return "name " + id;
    }
}
