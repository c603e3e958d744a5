package dev.segue.hibernate.model;

import dev.segue.hibernate.Replaces;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Inheritance;
import jakarta.persistence.InheritanceType;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "document")
@Inheritance(strategy = InheritanceType.JOINED)
public abstract class Document {

    @Id
    public long id;

    @Column(name = "headline")
    @Replaces(change = "document-headline", column = "title")
    public @Nullable String headline;

    @Entity(name = "Invoice")
    @Table(name = "invoice")
    public static class Invoice extends Document {

        @Column(name = "reference")
        @Replaces(change = "invoice-reference", column = "ref")
        public @Nullable String reference;

        public @Nullable String note;
    }
}
