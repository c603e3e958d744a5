package dev.segue.hibernate;

import jakarta.persistence.Column;
import jakarta.persistence.DiscriminatorColumn;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Inheritance;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.MapKey;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OrderBy;
import jakarta.persistence.SecondaryTable;
import jakarta.persistence.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hibernate.annotations.ColumnTransformer;
import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.Filter;
import org.hibernate.annotations.FilterDef;
import org.hibernate.annotations.Formula;
import org.hibernate.annotations.OptimisticLockType;
import org.hibernate.annotations.OptimisticLocking;
import org.hibernate.annotations.SQLDelete;
import org.hibernate.annotations.SQLInsert;
import org.hibernate.annotations.SQLOrder;
import org.hibernate.annotations.SQLRestriction;
import org.hibernate.annotations.SQLSelect;
import org.hibernate.annotations.SQLUpdate;
import org.hibernate.annotations.Subselect;
import org.jspecify.annotations.Nullable;

/** Entities with something beside the attribute, or about the whole table, that cannot be kept right, each for one reason that its name says. */
@SuppressWarnings("unused")
final class MistakenNeighbours {

    private MistakenNeighbours() {}

    @Entity(name = "WithOldColumnToo")
    @Table(name = "customer")
    public static class WithOldColumnToo {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;

        public @Nullable String name;
    }

    @Entity(name = "WithOldColumnReadOnly")
    @Table(name = "customer")
    public static class WithOldColumnReadOnly {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;

        @Column(name = "name", insertable = false, updatable = false)
        public @Nullable String before;
    }

    @Entity(name = "WithColumnInAssociation")
    @Table(name = "customer")
    public static class WithColumnInAssociation {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;

        @ManyToOne
        @JoinColumn(name = "name", insertable = false, updatable = false)
        public @Nullable WithColumnInAssociation namesake;
    }

    @Entity(name = "BesideAnother")
    @Table(name = "customer")
    public static class BesideAnother {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;
    }

    @Entity(name = "Another")
    @Table(name = "customer")
    public static class Another {

        @Id
        public long id;

        public @Nullable String name;
    }

    @Entity(name = "Discriminated")
    @Table(name = "customer")
    @Inheritance
    @DiscriminatorColumn(name = "name")
    public static class Discriminated {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;
    }

    @Entity(name = "ReferredTo")
    @Table(name = "customer")
    public static class ReferredTo {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;
    }

    @Entity(name = "Referring")
    @Table(name = "supplier")
    public static class Referring {

        @Id
        public long id;

        @ManyToOne
        @JoinColumn(name = "nick", referencedColumnName = "full_name")
        public @Nullable ReferredTo target;
    }

    @Entity(name = "WithFormula")
    @Table(name = "customer")
    public static class WithFormula {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;

        @Formula("upper(full_name)")
        public @Nullable String loud;
    }

    @Entity(name = "Far")
    @Table(name = "supplier")
    public static class Far {

        @Id
        public long id;

        @Formula("(select c.name from customer c where c.id = id)")
        public @Nullable String nameOfCustomer;
    }

    @Entity(name = "Listed")
    @Subselect("select c.id, c.name from customer c")
    public static class Listed {

        @Id
        public long id;

        public @Nullable String name;
    }

    @Entity(name = "Transformed")
    @Table(name = "customer")
    public static class Transformed {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;

        @ColumnTransformer(read = "coalesce(nick, name)")
        public @Nullable String nick;
    }

    @Entity(name = "Restricted")
    @Table(name = "customer")
    @SQLRestriction("name is not null")
    public static class Restricted {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;
    }

    @Entity(name = "Filtered")
    @Table(name = "customer")
    @FilterDef(name = "named", defaultCondition = "{alias}.name is not null")
    @Filter(name = "named")
    public static class Filtered {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;
    }

    @Entity(name = "OwnInsert")
    @Table(name = "customer")
    @SQLInsert(sql = "insert into customer (full_name, id) values (?, ?)")
    public static class OwnInsert {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;
    }

    @Entity(name = "OwnUpdate")
    @Table(name = "customer")
    @SQLUpdate(sql = "update customer set full_name = ? where id = ?")
    public static class OwnUpdate {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;
    }

    @Entity(name = "OwnSelect")
    @Table(name = "customer")
    @SQLSelect(sql = "select id, full_name from customer where id = ?")
    public static class OwnSelect {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;
    }

    @Entity(name = "SoftlyDeleted")
    @Table(name = "customer")
    @SQLDelete(sql = "update customer set name = null where id = ?")
    public static class SoftlyDeleted {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;
    }

    @Entity(name = "MappedByKey")
    @Table(name = "supplier")
    public static class MappedByKey {

        @Id
        public long id;

        @OneToMany
        @JoinColumn(name = "owner")
        @MapKey(name = "fullName")
        public Map<String, ReferredTo> byName = new HashMap<>();
    }

    @Entity(name = "OrderedBySql")
    @Table(name = "supplier")
    public static class OrderedBySql {

        @Id
        public long id;

        @OneToMany
        @JoinColumn(name = "owner")
        @SQLOrder("name desc")
        public List<ReferredTo> ordered = new ArrayList<>();
    }

    @Entity(name = "LockedByValue")
    @Table(name = "customer")
    @OptimisticLocking(type = OptimisticLockType.ALL)
    @DynamicUpdate
    public static class LockedByValue {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name", conversion = MistakenConversions.Fitting.class)
        public @Nullable Long fullName;
    }

    @Entity(name = "Spread")
    @Table(name = "customer")
    @SecondaryTable(name = "supplier")
    public static class Spread {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name", conversion = MistakenConversions.Fitting.class)
        public @Nullable Long fullName;

        @Column(table = "supplier", name = "name")
        public @Nullable String supplier;
    }

    @Entity(name = "Enclosing")
    @Table(name = "customer")
    public static class Enclosing {

        @Id
        public long id;

        @Embedded
        public @Nullable Enclosed enclosed;

        @Embeddable
        public static class Enclosed {

            @Column(name = "full_name")
            @Replaces(change = "customer-full-name", column = "name", conversion = MistakenConversions.Fitting.class)
            public @Nullable Long fullName;
        }
    }

    @Entity(name = "Sorted")
    @Table(name = "customer")
    public static class Sorted {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name", conversion = MistakenConversions.Fitting.class)
        public @Nullable Long fullName;

        @ManyToOne
        @JoinColumn(name = "nick")
        public @Nullable Sorted parent;

        @OneToMany(mappedBy = "parent")
        @OrderBy("fullName desc")
        public List<Sorted> children = new ArrayList<>();
    }
}
