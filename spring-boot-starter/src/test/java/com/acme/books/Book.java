package com.acme.books;

import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import org.jspecify.annotations.Nullable;

@Entity
public class Book {

    @Id
    public long id;

    @ManyToOne(fetch = FetchType.LAZY)
    public @Nullable Author author;
}
