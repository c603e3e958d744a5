package dev.segue.hibernate;

import org.hibernate.HibernateException;

/** A value that a conversion cannot take there and back; it has not been written, or could not be read. */
public final class ValueRefusedException extends HibernateException {

    private static final long serialVersionUID = 1L;

    ValueRefusedException(String message) {
        super(message);
    }
}
