package com.acme.before;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.math.BigDecimal;

@Entity
@Table(name = "customer")
class CustomerBefore {

    @Id
    long id;

    BigDecimal credit;
}
