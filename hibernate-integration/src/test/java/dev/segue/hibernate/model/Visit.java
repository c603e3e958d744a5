package dev.segue.hibernate.model;

import dev.segue.hibernate.Replaces;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

@Entity
@Table(name = "visit")
public class Visit {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    public long id;

    @Column(name = "address")
    @Replaces(change = "visit-address", column = "page")
    public String address;

    protected Visit() {
        this("");
    }

    public Visit(String address) {
        this.address = address;
    }
}
