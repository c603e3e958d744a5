package dev.segue.sample.shop;

import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Pageable;
import org.springframework.data.domain.Slice;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;

interface CustomerRepository extends JpaRepository<Customer, Long> {

    Slice<Customer> findByFullNameStartingWithOrderByFullNameAscIdAsc(String prefix, Pageable page);

    @Modifying
    @Query("""
            update versioned Customer c
            set c.fullName = :fullName, c.phoneNumber = :phoneNumber
            where c.id in :ids
            """)
    int changeAll(Collection<Long> ids, String fullName, @Nullable String phoneNumber);
}
