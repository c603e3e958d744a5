package dev.segue.hibernate.matrix;

import jakarta.persistence.Entity;
import jakarta.persistence.Tuple;
import jakarta.persistence.criteria.CriteriaDelete;
import jakarta.persistence.criteria.CriteriaUpdate;
import jakarta.persistence.criteria.Path;
import jakarta.persistence.criteria.Root;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import org.hibernate.Session;
import org.hibernate.SharedSessionContract;
import org.hibernate.StatelessSession;
import org.hibernate.query.CommonQueryContract;
import org.hibernate.query.SelectionQuery;
import org.hibernate.query.criteria.HibernateCriteriaBuilder;
import org.hibernate.query.criteria.JpaCriteriaInsertSelect;
import org.hibernate.query.criteria.JpaCriteriaInsertValues;
import org.hibernate.query.criteria.JpaCriteriaQuery;
import org.hibernate.query.criteria.JpaRoot;
import org.jspecify.annotations.Nullable;

/** One way over one shape in one transaction. */
record Run(SharedSessionContract opened, Shape shape) {

    Session session() {
        return (Session) opened;
    }

    StatelessSession stateless() {
        return (StatelessSession) opened;
    }

    Class<? extends Row> entity() {
        return shape.entity();
    }

    /** The name of the entity at the top of the hierarchy. */
    String root() {
        String name = "$";
        for (Class<?> each = entity(); each != null; each = each.getSuperclass()) {
            Entity mapped = each.getAnnotation(Entity.class);
            name = mapped == null ? name : mapped.name();
        }
        return name;
    }

    Object value(int index) {
        return shape.values().list().get(index);
    }

    String literal(int index) {
        return shape.values().literals().get(index);
    }

    Row fresh(int nr, @Nullable Object value) {
        return shape.row(nr, value);
    }

    /** The row of that number, however its key is made. */
    Row row(int nr) {
        return opened.createSelectionQuery(shape.hql("from $ r where r.nr = ?1"), entity())
                .setParameter(1, nr)
                .getSingleResult();
    }

    Object key(int nr) {
        return Objects.requireNonNull(opened.getFactory()
                .getPersistenceUnitUtil()
                .getIdentifier(shape.is(Shape.Trait.GENERATED) ? row(nr) : fresh(nr, null)));
    }

    void set(Row row, @Nullable Object value) {
        shape.set(row, value);
    }

    void set(int nr, @Nullable Object value) {
        set(row(nr), value);
        session().flush();
    }

    int execute(String hql, @Nullable Object... parameters) {
        var query = opened.createMutationQuery(shape.hql(hql));
        return bind(query, parameters).executeUpdate();
    }

    List<?> list(String hql, @Nullable Object... parameters) {
        return query(hql, parameters).getResultList();
    }

    SelectionQuery<Object> query(String hql, @Nullable Object... parameters) {
        return bind(opened.createSelectionQuery(shape.hql(hql), Object.class), parameters);
    }

    private <Q extends CommonQueryContract> Q bind(Q query, @Nullable Object... parameters) {
        for (int i = 0; i < parameters.length; i++) {
            query.setParameter(i + 1, parameters[i]);
        }
        return query;
    }

    /** Numbers of the rows that a criteria condition finds, sorted by the attribute if it says so. */
    List<?> criteria(Condition condition) {
        HibernateCriteriaBuilder builder = opened.getCriteriaBuilder();
        var query = builder.createQuery(Object.class);
        Root<? extends Row> row = query.from(entity());
        query.select(row.get("nr"));
        condition.on(builder, query, attribute(row));
        return opened.createSelectionQuery(query).getResultList();
    }

    /** What a criteria query asks of the attribute. */
    interface Condition {
        void on(HibernateCriteriaBuilder builder, JpaCriteriaQuery<Object> query, Path<Object> attribute);
    }

    @SuppressWarnings("unchecked")
    <R extends Row> int criteriaUpdate(BiFunction<HibernateCriteriaBuilder, Path<Object>, @Nullable Object> value) {
        Class<R> type = (Class<R>) entity();
        HibernateCriteriaBuilder builder = opened.getCriteriaBuilder();
        CriteriaUpdate<R> update = builder.createCriteriaUpdate(type);
        Root<R> row = update.from(type);
        Path<Object> attribute = attribute(row);
        update.set(attribute, value.apply(builder, attribute)).where(builder.equal(row.get("nr"), 1));
        return opened.createMutationQuery(update).executeUpdate();
    }

    @SuppressWarnings("unchecked")
    <R extends Row> int criteriaDelete(Object value) {
        Class<R> type = (Class<R>) entity();
        HibernateCriteriaBuilder builder = opened.getCriteriaBuilder();
        CriteriaDelete<R> delete = builder.createCriteriaDelete(type);
        delete.where(builder.equal(attribute(delete.from(type)), value));
        return opened.createMutationQuery(delete).executeUpdate();
    }

    /**
     * Inserts a row of that number with that value.
     *
     * @param conflict what the attribute becomes if there is such a row, or null for no such clause
     */
    @SuppressWarnings("unchecked")
    <R extends Row> int criteriaInsert(int nr, Object value, @Nullable Object conflict) {
        Class<R> type = (Class<R>) entity();
        HibernateCriteriaBuilder builder = opened.getCriteriaBuilder();
        JpaCriteriaInsertValues<R> insert = builder.createCriteriaInsertValues(type);
        JpaRoot<R> row = insert.getTarget();
        insert.setInsertionTargetPaths(row.get("id"), row.get("nr"), attribute(row));
        insert.values(builder.values(builder.value((long) nr), builder.value(nr), builder.value(value)));
        if (conflict != null) {
            insert.onConflict()
                    .conflictOnConstraintAttributes("id")
                    .onConflictDoUpdate()
                    .set(attribute(row), conflict);
        }
        return opened.createMutationQuery(insert).executeUpdate();
    }

    /** Inserts every row once more, ten numbers on. */
    @SuppressWarnings("unchecked")
    <R extends Row> int criteriaInsertOfAll() {
        Class<R> type = (Class<R>) entity();
        HibernateCriteriaBuilder builder = opened.getCriteriaBuilder();
        JpaCriteriaInsertSelect<R> insert = builder.createCriteriaInsertSelect(type);
        JpaRoot<R> target = insert.getTarget();
        insert.setInsertionTargetPaths(target.get("id"), target.get("nr"), attribute(target));
        JpaCriteriaQuery<Tuple> select = builder.createTupleQuery();
        JpaRoot<R> row = select.from(type);
        select.select(builder.tuple(
                builder.sum(row.<Long>get("id"), 10L), builder.sum(row.<Integer>get("nr"), 10), attribute(row)));
        insert.select(select);
        return opened.createMutationQuery(insert).executeUpdate();
    }

    static Path<Object> attribute(Root<? extends Row> row, List<String> path) {
        Path<Object> found = row.get(path.get(0));
        for (String step : path.subList(1, path.size())) {
            found = found.get(step);
        }
        return found;
    }

    private Path<Object> attribute(Root<? extends Row> row) {
        return attribute(row, shape.path());
    }
}
