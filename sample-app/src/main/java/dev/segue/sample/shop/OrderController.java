package dev.segue.sample.shop;

import java.util.List;
import java.util.Objects;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

@RestController
class OrderController {

    record NewOrder(String item, long amountCents) {}

    /** An order with the name of its customer, as an invoice shows it. */
    record OrderView(long id, long customerId, String customerName, String item, long amountCents, boolean paid) {

        static OrderView of(Order order) {
            return new OrderView(
                    Objects.requireNonNull(order.id),
                    Objects.requireNonNull(order.customer.id),
                    order.customer.fullName,
                    order.item,
                    order.amountCents,
                    order.payment != null);
        }
    }

    private final OrderService orders;

    OrderController(OrderService orders) {
        this.orders = orders;
    }

    @PostMapping("/customers/{customer}/orders")
    @ResponseStatus(HttpStatus.CREATED)
    OrderView place(@PathVariable long customer, @RequestBody NewOrder wanted) {
        return orders.place(customer, wanted).orElseThrow(() -> CustomerController.noCustomer(customer));
    }

    @GetMapping("/customers/{customer}/orders")
    List<OrderView> ofCustomer(@PathVariable long customer) {
        return orders.ofCustomer(customer);
    }

    @PostMapping("/orders/{id}/payment")
    @ResponseStatus(HttpStatus.CREATED)
    OrderView pay(@PathVariable long id) {
        return orders.pay(id)
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no order " + id));
    }
}
