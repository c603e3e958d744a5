package com.acme.books;

import java.util.List;
import org.springframework.data.domain.Pageable;
import org.springframework.data.domain.Slice;
import org.springframework.data.jpa.repository.EntityGraph;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.JpaSpecificationExecutor;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.transaction.annotation.Transactional;

/** Every way in which Spring Data asks for an attribute. */
public interface Authors extends JpaRepository<Author, Long>, JpaSpecificationExecutor<Author> {

    /** An author's name alone. */
    interface Named {
        String getFullName();
    }

    List<Author> findByFullNameStartingWithOrderByFullNameDesc(String beginning);

    Slice<Author> findByFullNameIsNotNull(Pageable page);

    List<Named> findByFullName(String fullName);

    boolean existsByFullName(String fullName);

    @EntityGraph("Author.books")
    List<Author> findByFullNameIn(List<String> names);

    @Query("select a.fullName from Author a where upper(a.fullName) like :pattern order by a.id")
    List<String> names(String pattern);

    @Modifying(clearAutomatically = true)
    @Transactional
    @Query("update Author a set a.fullName = :fullName where a.id = :id")
    int rename(long id, String fullName);
}
