package dev.segue.benchmarks.application;

import dev.segue.benchmarks.Contestant;
import org.hibernate.Session;

/** What an application does with one of its entities, over and over. */
abstract class Work implements Contestant {

    static final int PAGE = 50;

    /** Makes an entity. */
    interface Maker {
        Person make(long id, String name);
    }

    private static int names;

    final App app;
    final Class<? extends Person> entity;
    final Maker maker;
    final int rows;

    Work(App app, Class<? extends Person> entity, Maker maker, int rows) {
        this.app = app;
        this.entity = entity;
        this.maker = maker;
        this.rows = rows;
    }

    /** One that no row has had before. */
    static String newName() {
        return "name " + ++names;
    }

    void insertAll() {
        for (int i = 0; i < rows; i += PAGE) {
            int first = i;
            app.sessions().inTransaction(session -> {
                for (int id = first + 1; id <= Math.min(rows, first + PAGE); id++) {
                    session.persist(maker.make(id, newName()));
                }
            });
        }
    }

    void deleteAll() {
        app.database().execute("DELETE FROM " + entity.getSimpleName().toLowerCase(java.util.Locale.ROOT));
    }

    /** Rows are there. */
    @Override
    public void prepare() throws Exception {
        long found = app.database()
                .value("SELECT count(*) FROM " + entity.getSimpleName().toLowerCase(java.util.Locale.ROOT), Long.class);
        if (found != rows) {
            deleteAll();
            insertAll();
        }
    }

    /** New rows, fifty in a transaction. */
    static final class Inserts extends Work {
        Inserts(App app, Class<? extends Person> entity, Maker maker, int rows) {
            super(app, entity, maker, rows);
        }

        @Override
        public void prepare() {
            deleteAll();
        }

        @Override
        public void run() {
            insertAll();
        }
    }

    /** All rows get another name, so many in a transaction. */
    static final class Updates extends Work {

        private final int inATransaction;

        Updates(App app, Class<? extends Person> entity, Maker maker, int rows, int inATransaction) {
            super(app, entity, maker, rows);
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

    /** All rows are found by their keys, fifty in a transaction. */
    static final class Finds extends Work {
        Finds(App app, Class<? extends Person> entity, Maker maker, int rows) {
            super(app, entity, maker, rows);
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

    /** Pages of a thousand rows by a query. */
    static final class Queries extends Work {
        Queries(App app, Class<? extends Person> entity, Maker maker, int rows) {
            super(app, entity, maker, rows);
        }

        @Override
        public void run() {
            for (int i = 0; i < rows; i += 1_000) {
                long first = i;
                app.sessions()
                        .inTransaction(session -> session.createSelectionQuery(
                                        "from " + entity.getName() + " where id > :first and id <= :last", entity)
                                .setParameter("first", first)
                                .setParameter("last", first + 1_000)
                                .setReadOnly(true)
                                .getResultList());
            }
        }
    }

    Person find(Session session, long id) {
        Person found = session.find(entity, id);
        if (found == null) {
            throw new IllegalStateException("There is no row " + id);
        }
        return found;
    }
}
