package com.acme.books;

import dev.segue.hibernate.Replaces;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.NamedAttributeNode;
import jakarta.persistence.NamedEntityGraph;
import jakarta.persistence.OneToMany;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

@Entity
@NamedEntityGraph(name = "Author.books", attributeNodes = @NamedAttributeNode("books"))
public class Author {

    @Id
    public long id;

    @Column(name = "full_name")
    @Replaces(change = "author-name", column = "name")
    public @Nullable String fullName;

    @OneToMany(mappedBy = "author")
    public List<Book> books = new ArrayList<>();
}
