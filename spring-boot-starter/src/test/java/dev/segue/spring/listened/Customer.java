package dev.segue.spring.listened;

import dev.segue.hibernate.Replaces;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityListeners;
import jakarta.persistence.Id;
import jakarta.persistence.PrePersist;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;

/** Spring makes its listener, for Hibernate, and ends it. */
@Entity
@EntityListeners(Customer.Listener.class)
public class Customer {

    /** How many listeners have been ended. */
    public static final AtomicInteger ENDED = new AtomicInteger();

    @Id
    public long id;

    @Column(name = "full_name")
    @Replaces(change = "customer-full-name", column = "name")
    public @Nullable String fullName;

    public static class Listener implements DisposableBean {

        private boolean ended;

        @PrePersist
        void named(Customer customer) {
            customer.fullName = ended ? "nobody listens any more" : "listened to";
        }

        @Override
        public void destroy() {
            ended = true;
            ENDED.incrementAndGet();
        }
    }
}
