package com.acme.before;

import jakarta.persistence.EntityManager;
import java.math.BigDecimal;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
@Transactional
public class CustomersBefore {

    private final EntityManager entities;

    public CustomersBefore(EntityManager entities) {
        this.entities = entities;
    }

    public void create(long id, BigDecimal euros) {
        CustomerBefore customer = new CustomerBefore();
        customer.id = id;
        customer.credit = euros;
        entities.persist(customer);
    }

    public BigDecimal credit(long id) {
        return entities.find(CustomerBefore.class, id).credit;
    }
}
