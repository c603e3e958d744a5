package dev.segue.sample.shop;

import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

interface OrderRepository extends JpaRepository<Order, Long> {

    @Query("from Order o join fetch o.customer left join fetch o.payment where o.id = :id")
    Optional<Order> findWithPayment(long id);

    @Query("from Order o join fetch o.customer left join fetch o.payment where o.customer.id = :customer order by o.id")
    List<Order> findOfCustomer(long customer);
}
