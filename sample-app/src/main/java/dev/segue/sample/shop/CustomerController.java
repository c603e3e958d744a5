package dev.segue.sample.shop;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.PageRequest;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

@RestController
@RequestMapping("/customers")
class CustomerController {

    record NewCustomer(
            String fullName,
            @Nullable String phoneNumber,
            String city,
            @Nullable String note) {}

    /** What is null stays as it is. */
    record CustomerChange(
            @Nullable String fullName,
            @Nullable String phoneNumber,
            @Nullable String note) {}

    record BulkChange(
            List<Long> ids, String fullName, @Nullable String phoneNumber) {}

    record BulkChanged(int customers) {}

    record CustomerView(
            long id,
            String fullName,
            @Nullable String phoneNumber,
            String city,
            @Nullable String note) {

        static CustomerView of(Customer customer) {
            return new CustomerView(
                    Objects.requireNonNull(customer.id),
                    customer.fullName,
                    customer.phoneNumber,
                    customer.city,
                    customer.note);
        }
    }

    private final CustomerService customers;

    CustomerController(CustomerService customers) {
        this.customers = customers;
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    CustomerView register(@RequestBody NewCustomer wanted) {
        return customers.register(wanted);
    }

    @GetMapping("/{id}")
    CustomerView show(@PathVariable long id) {
        return customers.find(id).orElseThrow(() -> noCustomer(id));
    }

    @GetMapping
    List<CustomerView> search(
            @RequestParam String prefix,
            @RequestParam(defaultValue = "0") int page,
            @RequestParam(defaultValue = "20") int size) {
        return customers.search(prefix, PageRequest.of(page, Math.min(size, 100)));
    }

    @PatchMapping("/{id}")
    CustomerView change(@PathVariable long id, @RequestBody CustomerChange change) {
        return customers.change(id, change).orElseThrow(() -> noCustomer(id));
    }

    @PostMapping("/bulk")
    BulkChanged changeAll(@RequestBody BulkChange change) {
        return new BulkChanged(customers.changeAll(change));
    }

    static ResponseStatusException noCustomer(long id) {
        return new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no customer " + id);
    }
}
