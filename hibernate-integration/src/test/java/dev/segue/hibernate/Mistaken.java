package dev.segue.hibernate;

import dev.segue.change.Conversion;
import dev.segue.change.SqlForm;
import dev.segue.database.Database;
import jakarta.persistence.AttributeOverride;
import jakarta.persistence.Basic;
import jakarta.persistence.Column;
import jakarta.persistence.DiscriminatorColumn;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.Inheritance;
import jakarta.persistence.InheritanceType;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.Lob;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.MapKey;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OrderBy;
import jakarta.persistence.SecondaryTable;
import jakarta.persistence.Table;
import jakarta.persistence.Transient;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hibernate.annotations.Audited;
import org.hibernate.annotations.ColumnTransformer;
import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.Filter;
import org.hibernate.annotations.FilterDef;
import org.hibernate.annotations.Formula;
import org.hibernate.annotations.Generated;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.annotations.NaturalId;
import org.hibernate.annotations.OptimisticLockType;
import org.hibernate.annotations.OptimisticLocking;
import org.hibernate.annotations.PartitionKey;
import org.hibernate.annotations.SQLDelete;
import org.hibernate.annotations.SQLInsert;
import org.hibernate.annotations.SQLOrder;
import org.hibernate.annotations.SQLRestriction;
import org.hibernate.annotations.SQLSelect;
import org.hibernate.annotations.SQLUpdate;
import org.hibernate.annotations.Subselect;
import org.hibernate.annotations.TenantId;
import org.hibernate.annotations.UpdateTimestamp;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** Entities that cannot be followed, each for one reason that its name says. */
@SuppressWarnings("unused")
final class Mistaken {

    private Mistaken() {}

    @Embeddable
    public static class Name {

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;
    }

    @Entity(name = "WithoutId")
    @Table(name = "customer")
    public static class WithoutId {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = " ", column = "name")
        public @Nullable String fullName;
    }

    @Entity(name = "WithoutColumn")
    @Table(name = "customer")
    public static class WithoutColumn {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(
                change = "customer-full-name",
                column = {})
        public @Nullable String fullName;
    }

    @Entity(name = "TwoColumns")
    @Table(name = "customer")
    public static class TwoColumns {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(
                change = "customer-full-name",
                column = {"name", "nick"})
        public @Nullable String fullName;
    }

    @Entity(name = "OnTheIdentifier")
    @Table(name = "customer")
    public static class OnTheIdentifier {

        @Id
        @Column(name = "key")
        @Replaces(change = "customer-full-name", column = "id")
        public long id;
    }

    @Entity(name = "InTheIdentifier")
    @Table(name = "customer")
    public static class InTheIdentifier {

        @EmbeddedId
        public @Nullable Key id;

        @Embeddable
        public record Key(
                @Column(name = "full_name") @Replaces(change = "customer-full-name", column = "name")
                String fullName,

                String nick) {}
    }

    @Entity(name = "OnTheVersion")
    @Table(name = "customer")
    public static class OnTheVersion {

        @Id
        public long id;

        @Version
        @Column(name = "revision")
        @Replaces(change = "customer-full-name", column = "name")
        public int revision;
    }

    @Entity(name = "OnTheNaturalId")
    @Table(name = "customer")
    public static class OnTheNaturalId {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        @NaturalId
        public @Nullable String fullName;
    }

    @Entity(name = "InTheNaturalId")
    @Table(name = "customer")
    public static class InTheNaturalId {

        @Id
        public long id;

        @NaturalId
        @Embedded
        public @Nullable Name name;
    }

    @Entity(name = "OnAnAssociation")
    @Table(name = "customer")
    public static class OnAnAssociation {

        @Id
        public long id;

        @ManyToOne
        @JoinColumn(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable OnAnAssociation fullName;
    }

    @Entity(name = "OnACollection")
    @Table(name = "customer")
    public static class OnACollection {

        @Id
        public long id;

        @ElementCollection
        @Replaces(change = "customer-full-name", column = "name")
        public List<String> fullName = new ArrayList<>();
    }

    @Entity(name = "InACollection")
    @Table(name = "customer")
    public static class InACollection {

        @Id
        public long id;

        @ElementCollection
        public List<Name> names = new ArrayList<>();
    }

    @Entity(name = "OnAnEmbedded")
    @Table(name = "customer")
    public static class OnAnEmbedded {

        @Id
        public long id;

        @Embedded
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable PlainName name;

        @Embeddable
        public static class PlainName {

            @Column(name = "full_name")
            public @Nullable String fullName;
        }
    }

    @Entity(name = "OnAFormula")
    @Table(name = "customer")
    public static class OnAFormula {

        @Id
        public long id;

        @Replaces(change = "customer-full-name", column = "name")
        @Formula("upper(nick)")
        public @Nullable String fullName;
    }

    @Entity(name = "Lazy")
    @Table(name = "customer")
    public static class Lazy {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        @Basic(fetch = FetchType.LAZY)
        public @Nullable String fullName;
    }

    @Entity(name = "NotInsertable")
    @Table(name = "customer")
    public static class NotInsertable {

        @Id
        public long id;

        @Column(name = "full_name", insertable = false)
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;
    }

    @Entity(name = "NotUpdatable")
    @Table(name = "customer")
    public static class NotUpdatable {

        @Id
        public long id;

        @Column(name = "full_name", updatable = false)
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;
    }

    @Entity(name = "Immutable")
    @Table(name = "customer")
    public static class Immutable {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        @org.hibernate.annotations.Immutable
        public @Nullable String fullName;
    }

    @Entity(name = "Stamped")
    @Table(name = "customer")
    public static class Stamped {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        @UpdateTimestamp
        public @Nullable Instant fullName;
    }

    @Entity(name = "MadeByDatabase")
    @Table(name = "customer")
    public static class MadeByDatabase {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        @Generated
        public @Nullable String fullName;
    }

    @Entity(name = "Transformed")
    @Table(name = "customer")
    public static class Transformed {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        @ColumnTransformer(read = "upper(full_name)", write = "lower(?)")
        public @Nullable String fullName;
    }

    @Entity(name = "Partitioned")
    @Table(name = "customer")
    public static class Partitioned {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        @PartitionKey
        public @Nullable String fullName;
    }

    @Entity(name = "TenantNamed")
    @Table(name = "customer")
    public static class TenantNamed {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        @TenantId
        public @Nullable String fullName;
    }

    @Entity(name = "TablePerClass")
    @Table(name = "customer")
    @Inheritance(strategy = InheritanceType.TABLE_PER_CLASS)
    public static class TablePerClass {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;

        @Entity(name = "TablePerClassChild")
        @Table(name = "supplier")
        public static class Child extends TablePerClass {

            public @Nullable String note;
        }
    }

    @Entity(name = "Subselected")
    @Subselect("select id, name as full_name from customer")
    public static class Subselected {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;
    }

    @Entity(name = "Viewed")
    @Table(name = "customer_view")
    public static class Viewed {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;
    }

    @Entity(name = "Aggregated")
    @Table(name = "customer")
    public static class Aggregated {

        @Id
        public long id;

        @JdbcTypeCode(SqlTypes.JSON)
        public @Nullable Name names;
    }

    @Entity(name = "Polymorphic")
    @Table(name = "customer")
    public static class Polymorphic {

        @Id
        public long id;

        @Embedded
        public @Nullable ShortName names;

        @Embeddable
        public static class ShortName {

            @Column(name = "full_name")
            @Replaces(change = "customer-full-name", column = "name")
            public @Nullable String fullName;
        }

        @Embeddable
        public static class LongName extends ShortName {

            public @Nullable String nick;
        }
    }

    @Entity(name = "InARecord")
    @Table(name = "customer")
    public static class InARecord {

        @Id
        public long id;

        @Embedded
        public @Nullable Holder holder;

        @Embeddable
        public record Holder(
                @Column(name = "full_name") @Replaces(change = "customer-full-name", column = "name") @Nullable
                String fullName,

                @Nullable String nick) {}
    }

    @Entity(name = "Historic")
    @Table(name = "customer")
    @Audited
    public static class Historic {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;
    }

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

    @Entity(name = "NotMapped")
    @Table(name = "customer")
    public static class NotMapped {

        @Id
        public long id;

        @Transient
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;
    }

    @Entity(name = "OnTheOtherSide")
    @Table(name = "customer")
    public static class OnTheOtherSide {

        @Id
        public long id;

        @Column(name = "full_name")
        public @Nullable String fullName;

        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String getFullName() {
            return fullName;
        }
    }

    @Entity(name = "OneIdTwice")
    @Table(name = "customer")
    public static class OneIdTwice {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;

        @Column(name = "nick_name")
        @Replaces(change = "customer-full-name", column = "nick")
        public @Nullable String nickName;
    }

    @Entity(name = "TwoOnOneColumn")
    @Table(name = "customer")
    public static class TwoOnOneColumn {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;

        @Column(name = "nick_name")
        @Replaces(change = "customer-nick-name", column = "name")
        public @Nullable String nickName;
    }

    @Entity(name = "SameEmbeddableTwice")
    @Table(name = "customer")
    public static class SameEmbeddableTwice {

        @Id
        public long id;

        @Embedded
        @AttributeOverride(name = "town", column = @Column(name = "home_town"))
        public @Nullable Place home;

        @Embedded
        @AttributeOverride(name = "town", column = @Column(name = "work_town"))
        public @Nullable Place work;

        @Embeddable
        public static class Place {

            @Replaces(change = "customer-town", column = "name")
            public @Nullable String town;
        }
    }

    @Entity(name = "Chained")
    @Table(name = "customer")
    public static class Chained {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;

        @Column(name = "display_name")
        @Replaces(change = "customer-display-name", column = "full_name")
        public @Nullable String displayName;
    }

    @Entity(name = "NoSuchColumn")
    @Table(name = "customer")
    public static class NoSuchColumn {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "nmae")
        public @Nullable String fullName;
    }

    @Entity(name = "NoSuchTable")
    @Table(name = "custmer")
    public static class NoSuchTable {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;
    }

    @Entity(name = "SameColumn")
    @Table(name = "customer")
    public static class SameColumn {

        @Id
        public long id;

        @Column(name = "name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;
    }

    @Entity(name = "WithoutKey")
    @Table(name = "keyless")
    public static class WithoutKey {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;
    }

    @Entity(name = "Large")
    @Table(name = "customer")
    public static class Large {

        @Id
        public long id;

        @Lob
        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;
    }

    @Entity(name = "Right")
    @Table(name = "customer")
    public static class Right {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;
    }

    /** Length of a name. */
    public abstract static class Lengths<O> implements Conversion<O, Long> {

        @Override
        public Long toNew(O old) {
            return 0L;
        }

        @Override
        @SuppressWarnings("NullAway")
        public O toOld(Long current) {
            return null;
        }
    }

    public static class Fitting extends Lengths<String> {}

    public static final class Open<T> extends Lengths<T> {}

    public static final class OfObjects extends Lengths<Findings> {}

    public static final class OfInstants extends Lengths<java.time.Instant> {}

    public abstract static class NotMade extends Lengths<String> {}

    public static final class WithPrivateConstructor extends Lengths<String> {

        private WithPrivateConstructor() {}
    }

    public static final class WithParameter extends Lengths<String> {

        public WithParameter(String parameter) {}
    }

    public static final class Throwing extends Lengths<String> {

        public Throwing() {
            throw new IllegalStateException("no such thing");
        }
    }

    public static final class WithTwoExpressions extends Fitting {

        @Override
        public Optional<SqlForm> sql(Database database) {
            return Optional.of(new SqlForm(List.of("{old}", "{old}"), List.of("{new}")));
        }
    }

    public static final class WithUnknownPlaceholder extends Fitting {

        @Override
        public Optional<SqlForm> sql(Database database) {
            return Optional.of(SqlForm.of("length({nick})", "{new}"));
        }
    }

    public static final class WithQuestionMark extends Fitting {

        @Override
        public Optional<SqlForm> sql(Database database) {
            return Optional.of(SqlForm.of("{old} ? 'a'", "{new}"));
        }
    }

    /** Empty where there is none, but only in the database. */
    public static final class Filling implements Conversion<String, String> {

        @Override
        public String toNew(String old) {
            return old;
        }

        @Override
        public String toOld(String current) {
            return current;
        }

        @Override
        public Optional<SqlForm> sql(Database database) {
            return Optional.of(SqlForm.of("coalesce({old}, '')", "{new}"));
        }
    }

    @Entity(name = "ByFilling")
    @Table(name = "customer")
    public static class ByFilling {

        @Id
        public long id;

        @Column(name = "full_name", length = 200)
        @Replaces(change = "customer-full-name", column = "name", conversion = Filling.class)
        public @Nullable String fullName;
    }

    /** Two of three, and the database does not know the third. */
    public enum Size {
        SMALL,
        MEDIUM,
        LARGE
    }

    public static final class OfSizes implements Conversion<String, Size> {

        @Override
        @SuppressWarnings("NullAway")
        public Size toNew(String old) {
            return old == null ? null : Size.valueOf(old.toUpperCase(java.util.Locale.ROOT));
        }

        @Override
        @SuppressWarnings("NullAway")
        public String toOld(Size current) {
            return current == null ? null : current.name().toLowerCase(java.util.Locale.ROOT);
        }

        @Override
        public Optional<SqlForm> sql(Database database) {
            return Optional.of(SqlForm.of(
                    "case {old} when 'small' then 'SMALL' when 'medium' then 'MEDIUM' end",
                    "case {new} when 'SMALL' then 'small' when 'MEDIUM' then 'medium' end"));
        }
    }

    @Entity(name = "ByOfSizes")
    @Table(name = "customer")
    public static class ByOfSizes {

        @Id
        public long id;

        @Column(name = "size", columnDefinition = "varchar(10)")
        @Enumerated(EnumType.STRING)
        @Replaces(change = "customer-size", column = "nick", conversion = OfSizes.class)
        public @Nullable Size size;
    }

    @Entity(name = "ByOpen")
    @Table(name = "customer")
    public static class ByOpen {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name", conversion = Open.class)
        public @Nullable Long fullName;
    }

    @Entity(name = "ByOfObjects")
    @Table(name = "customer")
    public static class ByOfObjects {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name", conversion = OfObjects.class)
        public @Nullable Long fullName;
    }

    @Entity(name = "ByOfInstants")
    @Table(name = "customer")
    public static class ByOfInstants {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name", conversion = OfInstants.class)
        public @Nullable Long fullName;
    }

    @Entity(name = "ByNotMade")
    @Table(name = "customer")
    public static class ByNotMade {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name", conversion = NotMade.class)
        public @Nullable Long fullName;
    }

    @Entity(name = "ByWithPrivateConstructor")
    @Table(name = "customer")
    public static class ByWithPrivateConstructor {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name", conversion = WithPrivateConstructor.class)
        public @Nullable Long fullName;
    }

    @Entity(name = "ByWithParameter")
    @Table(name = "customer")
    public static class ByWithParameter {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name", conversion = WithParameter.class)
        public @Nullable Long fullName;
    }

    @Entity(name = "ByThrowing")
    @Table(name = "customer")
    public static class ByThrowing {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name", conversion = Throwing.class)
        public @Nullable Long fullName;
    }

    @Entity(name = "ByWithTwoExpressions")
    @Table(name = "customer")
    public static class ByWithTwoExpressions {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name", conversion = WithTwoExpressions.class)
        public @Nullable Long fullName;
    }

    @Entity(name = "ByWithUnknownPlaceholder")
    @Table(name = "customer")
    public static class ByWithUnknownPlaceholder {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name", conversion = WithUnknownPlaceholder.class)
        public @Nullable Long fullName;
    }

    @Entity(name = "ByWithQuestionMark")
    @Table(name = "customer")
    public static class ByWithQuestionMark {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name", conversion = WithQuestionMark.class)
        public @Nullable Long fullName;
    }

    @Entity(name = "ByAnotherType")
    @Table(name = "customer")
    public static class ByAnotherType {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name", conversion = Fitting.class)
        public @Nullable String fullName;
    }

    @Entity(name = "LockedByValue")
    @Table(name = "customer")
    @OptimisticLocking(type = OptimisticLockType.ALL)
    @DynamicUpdate
    public static class LockedByValue {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name", conversion = Fitting.class)
        public @Nullable Long fullName;
    }

    @Entity(name = "Spread")
    @Table(name = "customer")
    @SecondaryTable(name = "supplier")
    public static class Spread {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name", conversion = Fitting.class)
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
            @Replaces(change = "customer-full-name", column = "name", conversion = Fitting.class)
            public @Nullable Long fullName;
        }
    }

    @Entity(name = "Sorted")
    @Table(name = "customer")
    public static class Sorted {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name", conversion = Fitting.class)
        public @Nullable Long fullName;

        @ManyToOne
        @JoinColumn(name = "nick")
        public @Nullable Sorted parent;

        @OneToMany(mappedBy = "parent")
        @OrderBy("fullName desc")
        public List<Sorted> children = new ArrayList<>();
    }

    @Entity(name = "RetiredPrimitive")
    @Table(name = "customer")
    public static class RetiredPrimitive {

        @Id
        public long id;

        @Retires(change = "customer-nick")
        public int nick;
    }

    @Entity(name = "SortedByRetired")
    @Table(name = "customer")
    public static class SortedByRetired {

        @Id
        public long id;

        @Column(name = "name")
        @Retires(change = "customer-name")
        public @Nullable String call;

        @ManyToOne
        @JoinColumn(name = "nick")
        public @Nullable SortedByRetired parent;

        @OneToMany(mappedBy = "parent")
        @OrderBy("call")
        public List<SortedByRetired> children = new ArrayList<>();
    }

    @Entity(name = "RetiredIdentifier")
    @Table(name = "customer")
    public static class RetiredIdentifier {

        @Id
        @Retires(change = "customer-nick")
        public long id;
    }

    @Entity(name = "RetiredAndReplaced")
    @Table(name = "customer")
    public static class RetiredAndReplaced {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        @Retires(change = "customer-nick")
        public @Nullable String fullName;
    }

    public static final class Shouted implements Conversion<String, String> {

        @Override
        public String toNew(String old) {
            return old;
        }

        @Override
        public String toOld(String current) {
            return current;
        }
    }

    public static final class Fresh implements Conversion<Integer, Integer> {

        @Override
        public Integer toNew(Integer old) {
            return 0;
        }

        @Override
        public Integer toOld(Integer current) {
            return current;
        }
    }

    public record Names(String name, String nick) {}

    public static final class OfNames implements Conversion<Names, String> {

        @Override
        public String toNew(Names old) {
            return old.name();
        }

        @Override
        public Names toOld(String current) {
            throw new UnsupportedOperationException();
        }
    }

    @Entity(name = "IntroducedPrimitive")
    @Table(name = "customer")
    public static class IntroducedPrimitive {

        @Id
        public long id;

        @Introduces(change = "customer-score", initial = Fresh.class)
        public int score;
    }

    @Entity(name = "IntroducedFromUnmapped")
    @Table(name = "customer")
    public static class IntroducedFromUnmapped {

        @Id
        public long id;

        @Introduces(change = "customer-shout", from = "nick", initial = Shouted.class)
        public @Nullable String shout;
    }

    @Entity(name = "IntroducedFromChanged")
    @Table(name = "customer")
    public static class IntroducedFromChanged {

        @Id
        public long id;

        @Column(name = "full_name")
        @Replaces(change = "customer-full-name", column = "name")
        public @Nullable String fullName;

        @Introduces(change = "customer-shout", from = "full_name", initial = Shouted.class)
        public @Nullable String shout;
    }

    @Entity(name = "IntroducedFromReadOnly")
    @Table(name = "customer")
    public static class IntroducedFromReadOnly {

        @Id
        public long id;

        @Column(updatable = false)
        public @Nullable String name;

        @Introduces(change = "customer-shout", from = "name", initial = Shouted.class)
        public @Nullable String shout;
    }

    @Entity(name = "IntroducedFromTwo")
    @Table(name = "customer")
    public static class IntroducedFromTwo {

        @Id
        public long id;

        public @Nullable String name;
        public @Nullable String nick;

        @Introduces(
                change = "customer-shout",
                from = {"name", "nick"},
                initial = OfNames.class)
        public @Nullable String shout;
    }

    @Entity(name = "IntroducedByColumn")
    @Table(name = "customer")
    @DynamicUpdate
    public static class IntroducedByColumn {

        @Id
        public long id;

        public @Nullable String name;
        public @Nullable String nick;

        @Introduces(
                change = "customer-shout",
                from = {"name", "nick"},
                initial = OfNames.class)
        public @Nullable String shout;
    }

    @Entity(name = "IntroducedFromNoRecord")
    @Table(name = "customer")
    public static class IntroducedFromNoRecord {

        @Id
        public long id;

        public @Nullable String name;
        public @Nullable String nick;

        @Introduces(
                change = "customer-shout",
                from = {"name", "nick"},
                initial = Shouted.class)
        public @Nullable String shout;
    }

    @Entity(name = "IntroducedBySubclass")
    @Table(name = "customer")
    @DiscriminatorColumn(name = "nick")
    public static class IntroducedBySubclass {

        @Id
        public long id;

        public @Nullable String name;
    }

    @Entity(name = "Introducing")
    public static class Introducing extends IntroducedBySubclass {

        @Introduces(change = "customer-shout", from = "name", initial = Shouted.class)
        public @Nullable String shout;
    }

    @Entity(name = "IntroducedBesideAnother")
    @Table(name = "customer")
    public static class IntroducedBesideAnother {

        @Id
        public long id;

        public @Nullable String name;

        @Introduces(change = "customer-shout", from = "name", initial = Shouted.class)
        public @Nullable String shout;
    }

    @Embeddable
    public static class Shouting {

        @Introduces(change = "customer-shout", initial = Fresh.class)
        public @Nullable Integer loud;

        public @Nullable String nick;
    }

    @Entity(name = "IntroducedInEmbedded")
    @Table(name = "customer")
    public static class IntroducedInEmbedded {

        @Id
        public long id;

        @Embedded
        public Shouting shouting = new Shouting();
    }

    @Embeddable
    public static class Two {

        public @Nullable String first;
        public @Nullable String second;
    }

    public static class OfTwo implements Conversion<String, Two> {

        @Override
        public Two toNew(String old) {
            return new Two();
        }

        @Override
        public String toOld(Two current) {
            return String.valueOf(current.first);
        }
    }

    public static final class OfTwoWithOneExpression extends OfTwo {

        @Override
        public Optional<SqlForm> sql(Database database) {
            return Optional.of(SqlForm.of("{old}", "{first}"));
        }
    }

    @Entity(name = "SplitByOneExpression")
    @Table(name = "customer")
    public static class SplitByOneExpression {

        @Id
        public long id;

        @Embedded
        @Replaces(change = "customer-two", column = "name", conversion = OfTwoWithOneExpression.class)
        public @Nullable Two two;
    }

    @Entity(name = "SplitOfAnother")
    @Table(name = "customer")
    public static class SplitOfAnother {

        @Id
        public long id;

        @Embedded
        @Replaces(change = "customer-two", column = "name", conversion = Shouted.class)
        public @Nullable Two two;
    }

    @Embeddable
    public static class Outer {

        @Embedded
        @Replaces(change = "customer-two", column = "name", conversion = OfTwo.class)
        public @Nullable Two two;
    }

    @Entity(name = "SplitInside")
    @Table(name = "customer")
    public static class SplitInside {

        @Id
        public long id;

        @Embedded
        public @Nullable Outer outer;
    }

    @Embeddable
    public static class WithMore {

        public @Nullable String first;

        @Embedded
        public @Nullable Two more;
    }

    public static final class OfMore implements Conversion<String, WithMore> {

        @Override
        public WithMore toNew(String old) {
            return new WithMore();
        }

        @Override
        public String toOld(WithMore current) {
            return String.valueOf(current.first);
        }
    }

    @Entity(name = "SplitNested")
    @Table(name = "customer")
    public static class SplitNested {

        @Id
        public long id;

        @Embedded
        @Replaces(change = "customer-two", column = "name", conversion = OfMore.class)
        public @Nullable WithMore two;
    }

    @Entity(name = "SplitSpread")
    @Table(name = "customer")
    @SecondaryTable(name = "supplier")
    public static class SplitSpread {

        @Id
        public long id;

        @Embedded
        @Replaces(change = "customer-two", column = "name", conversion = OfTwo.class)
        public @Nullable Two two;
    }

    @Entity(name = "MergedInJava")
    @Table(name = "customer")
    public static class MergedInJava {

        @Id
        public long id;

        @Replaces(
                change = "customer-two",
                column = {"name", "nick"},
                conversion = OfNames.class)
        public @Nullable String both;
    }
}
