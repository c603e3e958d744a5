package dev.segue.hibernate.model;

import dev.segue.hibernate.Replaces;
import jakarta.persistence.Basic;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

/** With a text that is loaded when somebody asks for it, provided that the class has been enhanced. */
@Entity(name = "Draft")
@Table(name = "draft")
public class Draft implements Writing {

    @Id
    private long id;

    @Column(name = "title")
    @Replaces(change = "draft-title", column = "name")
    private @Nullable String title;

    @Column(name = "fee_cents")
    @Replaces(change = "draft-fee", column = "fee", conversion = Account.EurosToCents.class)
    private @Nullable Long fee;

    @Column(name = "limit_cents")
    @Replaces(change = "draft-limit", column = "credit", conversion = Account.OnlyInJava.class)
    private @Nullable Long limit;

    @Basic(fetch = FetchType.LAZY)
    private @Nullable String essay;

    @Override
    public void is(long number) {
        id = number;
    }

    @Override
    public @Nullable String title() {
        return title;
    }

    @Override
    public @Nullable Long fee() {
        return fee;
    }

    @Override
    public @Nullable Long limit() {
        return limit;
    }

    @Override
    public @Nullable String essay() {
        return essay;
    }

    @Override
    public void title(@Nullable String next) {
        title = next;
    }

    @Override
    public void fee(@Nullable Long next) {
        fee = next;
    }

    @Override
    public void limit(@Nullable Long next) {
        limit = next;
    }

    @Override
    public void essay(@Nullable String next) {
        essay = next;
    }
}
