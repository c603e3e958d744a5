package dev.segue.sample.shop;

import dev.segue.sample.shop.OrderController.NewOrder;
import dev.segue.sample.shop.OrderController.OrderView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
@Transactional
class OrderService {

    private final OrderRepository orders;
    private final CustomerRepository customers;
    private final PaymentRepository payments;

    OrderService(OrderRepository orders, CustomerRepository customers, PaymentRepository payments) {
        this.orders = orders;
        this.customers = customers;
        this.payments = payments;
    }

    Optional<OrderView> place(long customer, NewOrder wanted) {
        return customers
                .findById(customer)
                .map(buyer -> orders.save(new Order(buyer, wanted.item(), wanted.amountCents(), Instant.now())))
                .map(OrderView::of);
    }

    /** Paying twice changes nothing. */
    Optional<OrderView> pay(long id) {
        return orders.findWithPayment(id).map(order -> {
            if (order.payment == null) {
                payments.save(new Payment(order, Instant.now()));
            }
            return OrderView.of(order);
        });
    }

    @Transactional(readOnly = true)
    List<OrderView> ofCustomer(long customer) {
        return orders.findOfCustomer(customer).stream().map(OrderView::of).toList();
    }
}
