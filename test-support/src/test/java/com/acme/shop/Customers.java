package com.acme.shop;

import jakarta.persistence.EntityManager;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** What the application does with customers. */
@Service
@Transactional
public class Customers {

    private final EntityManager entities;

    public Customers(EntityManager entities) {
        this.entities = entities;
    }

    public void create(long id, long cents) {
        Customer customer = new Customer();
        customer.id = id;
        customer.creditCents = cents;
        entities.persist(customer);
    }

    public void spend(long id, long cents) {
        entities.find(Customer.class, id).creditCents -= cents;
    }

    public long credit(long id) {
        return entities.find(Customer.class, id).creditCents;
    }

    public long countRicherThan(long cents) {
        return entities.createQuery("select count(c) from Customer c where c.creditCents > :cents", Long.class)
                .setParameter("cents", cents)
                .getSingleResult();
    }
}
