package dev.segue.hibernate;

import org.hibernate.HibernateException;

/** A statement that could not be made right in the phase that the node is in; it has not been run. */
public final class StatementRefusedException extends HibernateException {

    private static final long serialVersionUID = 1L;

    StatementRefusedException(String message) {
        super(message);
    }

    StatementRefusedException(String entity, String attribute, String reason, String remedy) {
        super("The statement on " + entity + "." + attribute + " is refused while its column is being replaced: "
                + reason + " " + remedy);
    }

    StatementRefusedException(AttributeConversion conversion, String reason, String remedy) {
        super("The statement on " + conversion.attribute()
                + " is refused while its column is being replaced by change '" + conversion.change() + "': " + reason
                + " " + remedy);
    }
}
