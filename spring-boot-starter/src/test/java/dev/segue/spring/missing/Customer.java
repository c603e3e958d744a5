package dev.segue.spring.missing;

import dev.segue.hibernate.Replaces;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import org.jspecify.annotations.Nullable;

@Entity
public class Customer {

    @Id
    public long id;

    @Column(name = "full_name")
    @Replaces(change = "customer-full-name", column = "nmae")
    public @Nullable String fullName;

    @Column(name = "nick_name")
    @Replaces(change = "customer-nick-name", column = "nick")
    public @Nullable String nickName;

    @Column(name = "short_name")
    @Replaces(change = "customer-short-name", column = "nick")
    public @Nullable String shortName;
}
