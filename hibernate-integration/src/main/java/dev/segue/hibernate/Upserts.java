package dev.segue.hibernate;

import dev.segue.database.Database;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Side;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.event.spi.EventType;
import org.hibernate.event.spi.PreUpsertEvent;
import org.hibernate.event.spi.PreUpsertEventListener;

/**
 * Refuses {@code upsert} of an entity with a conversion where Hibernate's one statement for it would be wrong: on PostgreSQL
 * it is a MERGE that takes the old column for one of the attribute's type and puts expressions where values belong.
 */
final class Upserts implements PreUpsertEventListener {

    private static final long serialVersionUID = 1L;
    private static final String REMEDY = "Insert or update instead, or wait until new-only.";

    private final transient Conversions conversions;
    private final Database database;

    private Upserts(Conversions conversions, Database database) {
        this.conversions = conversions;
        this.database = database;
    }

    static void listenTo(SessionFactoryImplementor factory, Conversions conversions, Database database) {
        factory.getEventEngine()
                .getListenerRegistry()
                .appendListeners(EventType.PRE_UPSERT, new Upserts(conversions, database));
    }

    @Override
    public boolean onPreUpsert(PreUpsertEvent event) {
        boolean merges =
                database == Database.POSTGRESQL && !event.getPersister().isDynamicUpdate();
        for (Conversions.Mapped one : conversions.of(event.getPersister())) {
            if (merges && one.phase().writes(Side.OLD)) {
                throw new StatementRefusedException(one.conversion(), reason(one.phase()), REMEDY);
            }
        }
        for (GroupedAttribute one : conversions.groupedIn(event.getPersister())) {
            // It would write into each new column what it reads for it: the old column as it is.
            boolean inJava = one.conversion().sql().isEmpty()
                    && one.phase().reads() == Side.OLD
                    && one.phase().writes(Side.NEW);
            if (merges && inJava) {
                throw new StatementRefusedException(
                        event.getPersister().getEntityName(), one.name(), reason(one.phase()), REMEDY);
            }
        }
        return false;
    }

    private static String reason(Phase phase) {
        return "in " + phase.id() + " the old column is written, and Hibernate's statement for an upsert does not"
                + " convert.";
    }
}
