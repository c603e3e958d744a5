package dev.segue.hibernate.matrix;

import jakarta.persistence.Access;
import jakarta.persistence.AccessType;
import jakarta.persistence.MappedSuperclass;
import org.jspecify.annotations.Nullable;

/** What every shape has beside its key and the attribute. */
@MappedSuperclass
@Access(AccessType.FIELD)
public abstract class Row {

    /** Tells the rows apart, whatever their key is. */
    public int nr;

    public @Nullable String note;

    /** Gives it the key that goes with the number. */
    abstract void key(int number);
}
