package dev.segue.sample.shop;

import dev.segue.sample.shop.CustomerController.BulkChange;
import dev.segue.sample.shop.CustomerController.CustomerChange;
import dev.segue.sample.shop.CustomerController.CustomerView;
import dev.segue.sample.shop.CustomerController.NewCustomer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Pageable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
@Transactional
class CustomerService {

    private final CustomerRepository customers;

    CustomerService(CustomerRepository customers) {
        this.customers = customers;
    }

    CustomerView register(NewCustomer wanted) {
        return CustomerView.of(customers.save(
                new Customer(wanted.fullName(), wanted.phoneNumber(), wanted.city(), wanted.note(), Instant.now())));
    }

    @Transactional(readOnly = true)
    Optional<CustomerView> find(long id) {
        return customers.findById(id).map(CustomerView::of);
    }

    @Transactional(readOnly = true)
    List<CustomerView> search(String prefix, Pageable page) {
        return customers
                .findByFullNameStartingWithOrderByFullNameAscIdAsc(prefix, page)
                .map(CustomerView::of)
                .getContent();
    }

    Optional<CustomerView> change(long id, CustomerChange change) {
        return customers.findById(id).map(customer -> {
            if (change.fullName() != null) {
                customer.fullName = change.fullName();
            }
            if (change.phoneNumber() != null) {
                customer.phoneNumber = change.phoneNumber();
            }
            if (change.note() != null) {
                customer.note = change.note();
            }
            return CustomerView.of(customer);
        });
    }

    int changeAll(BulkChange change) {
        return customers.changeAll(change.ids(), change.fullName(), change.phoneNumber());
    }
}
