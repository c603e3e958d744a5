package dev.segue.hibernate.model;

import dev.segue.hibernate.Replaces;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Inheritance;
import jakarta.persistence.InheritanceType;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "payment")
@Inheritance(strategy = InheritanceType.SINGLE_TABLE)
public abstract class Payment {

    @Id
    public long id;

    @Entity(name = "ByCard")
    public static class ByCard extends Payment {

        @Column(name = "card_holder")
        @Replaces(change = "payment-card-holder", column = "holder")
        public @Nullable String cardHolder;
    }

    @Entity(name = "InCash")
    public static class InCash extends Payment {

        public @Nullable String till;
    }
}
