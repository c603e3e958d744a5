package dev.segue.hibernate.model;

import dev.segue.hibernate.Replaces;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "dynamic")
@DynamicUpdate
public class Dynamic {

    @Id
    public long id;

    @Column(name = "full_name")
    @Replaces(change = "dynamic-full-name", column = "name")
    public @Nullable String fullName;

    public @Nullable String note;
}
