package com.acme.shop;

import dev.segue.hibernate.Replaces;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;

@Entity
class Customer {

    @Id
    long id;

    @Column(name = "credit_cents", nullable = false)
    @Replaces(change = "customer-credit-cents", column = "credit", conversion = EurosToCents.class)
    long creditCents;
}
