package dev.segue.benchmarks.application;

import dev.segue.benchmarks.Contestant;
import java.util.Locale;
import org.hibernate.Session;

/** What an application does with one of its entities, over and over. */
abstract class Work implements Contestant {

    static final int PAGE = 50;

    /** Makes an entity. */
    interface Maker {
        Person make(long id, String name);
    }

    /** What is read and written. */
    record Entity(Class<? extends Person> type, Maker maker) {

        private String table() {
            return type.getSimpleName().toLowerCase(Locale.ROOT);
        }
    }

    private static int names;

    final App app;
    final Entity entity;
    final int rows;

    Work(App app, Entity entity, int rows) {
        this.app = app;
        this.entity = entity;
        this.rows = rows;
    }

    /** One that no row has had before. */
    static String newName() {
        return "name " + ++names;
    }

    void insertAll() {
        insertAll(PAGE);
    }

    void insertAll(int inATransaction) {
        for (int i = 0; i < rows; i += inATransaction) {
            int first = i;
            app.sessions().inTransaction(session -> {
                for (int id = first + 1; id <= Math.min(rows, first + inATransaction); id++) {
                    session.persist(entity.maker().make(id, newName()));
                }
            });
        }
    }

    /** Leaves no dead rows behind: they would make one of two tables slower, until somebody cleans it up. */
    void deleteAll() {
        app.database().execute("TRUNCATE TABLE " + entity.table());
    }

    /** Rows are there. */
    @Override
    public void prepare() throws Exception {
        long found = app.database().value("SELECT count(*) FROM " + entity.table(), Long.class);
        if (found != rows) {
            deleteAll();
            insertAll();
        }
    }

    /** New rows, so many in a transaction. */
    static final class Inserts extends Work {

        private final int inATransaction;

        Inserts(App app, Entity entity, int rows, int inATransaction) {
            super(app, entity, rows);
            this.inATransaction = inATransaction;
        }

        @Override
        public void prepare() {
            deleteAll();
        }

        @Override
        public void run() {
            insertAll(inATransaction);
        }
    }

    /** All rows get another name, so many in a transaction. */
    static final class Updates extends Work {

        private final int inATransaction;

        Updates(App app, Entity entity, int rows, int inATransaction) {
            super(app, entity, rows);
            this.inATransaction = inATransaction;
        }

        @Override
        public void run() {
            for (int i = 0; i < rows; i += inATransaction) {
                int first = i;
                app.sessions().inTransaction(session -> {
                    for (long id = first + 1L; id <= Math.min(rows, first + inATransaction); id++) {
                        find(session, id).setNames(newName());
                    }
                });
            }
        }
    }

    /** Reads rows that have just been inserted: what updates leave behind in a table is not the same in two of them. */
    abstract static class Reads extends Work {
        Reads(App app, Entity entity, int rows) {
            super(app, entity, rows);
        }

        @Override
        public final void prepare() {
            deleteAll();
            insertAll();
        }
    }

    /** All rows are found by their keys, fifty in a transaction. */
    static final class Finds extends Reads {
        Finds(App app, Entity entity, int rows) {
            super(app, entity, rows);
        }

        @Override
        public void run() {
            for (int i = 0; i < rows; i += PAGE) {
                int first = i;
                app.sessions().inTransaction(session -> {
                    session.setDefaultReadOnly(true);
                    for (long id = first + 1L; id <= Math.min(rows, first + PAGE); id++) {
                        find(session, id);
                    }
                });
            }
        }
    }

    /** All rows by a query, several times, in pages of a thousand. */
    static final class Queries extends Reads {

        private static final int TIMES = 20;

        Queries(App app, Entity entity, int rows) {
            super(app, entity, rows);
        }

        @Override
        public void run() {
            for (int time = 0; time < TIMES; time++) {
                queryAll();
            }
        }

        private void queryAll() {
            for (int i = 0; i < rows; i += 1_000) {
                long first = i;
                app.sessions()
                        .inTransaction(session -> session.createSelectionQuery(
                                        "from " + entity.type().getName() + " where id > :first and id <= :last",
                                        entity.type())
                                .setParameter("first", first)
                                .setParameter("last", first + 1_000)
                                .setReadOnly(true)
                                .getResultList());
            }
        }
    }

    Person find(Session session, long id) {
        Person found = session.find(entity.type(), id);
        if (found == null) {
            throw new IllegalStateException("There is no row " + id);
        }
        return found;
    }
}
