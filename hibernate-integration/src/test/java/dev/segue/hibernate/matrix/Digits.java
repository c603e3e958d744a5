package dev.segue.hibernate.matrix;

import jakarta.persistence.Access;
import jakarta.persistence.AccessType;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A number in two columns: its tens, and what is left. */
@Embeddable
@Access(AccessType.FIELD)
public class Digits {

    @Column(name = Kind.NEW)
    public @Nullable Long tens;

    @Column(name = Kind.NEW_REST)
    public @Nullable Long rest;

    public Digits() {}

    public Digits(long tens, long rest) {
        this.tens = tens;
        this.rest = rest;
    }

    /** That of a row of its table; null if it has none. */
    static @Nullable Digits of(Map<String, @Nullable Object> row) {
        Object tens = row.get(Kind.NEW);
        Object rest = row.get(Kind.NEW_REST);
        return tens == null || rest == null ? null : new Digits((Long) tens, (Long) rest);
    }

    /** Another object of the same value: two rows never share one. */
    Digits copy() {
        Digits copy = new Digits();
        copy.tens = tens;
        copy.rest = rest;
        return copy;
    }

    long tens() {
        return Objects.requireNonNull(tens);
    }

    long rest() {
        return Objects.requireNonNull(rest);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Digits digits && Objects.equals(tens, digits.tens) && Objects.equals(rest, digits.rest);
    }

    @Override
    public int hashCode() {
        return Objects.hash(tens, rest);
    }

    @Override
    public String toString() {
        return tens + "/" + rest;
    }
}
