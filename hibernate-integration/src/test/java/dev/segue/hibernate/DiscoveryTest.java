package dev.segue.hibernate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.segue.ChangeSettings;
import dev.segue.Segue;
import dev.segue.SegueSettings;
import dev.segue.StartRefusedException;
import dev.segue.change.Declaration;
import dev.segue.change.JavaForm;
import dev.segue.change.Problem;
import dev.segue.change.SqlForm;
import dev.segue.fleet.NodeIdentity;
import dev.segue.hibernate.model.Account;
import dev.segue.hibernate.model.Client;
import dev.segue.hibernate.model.Person;
import dev.segue.lifecycle.Kind;
import dev.segue.schema.LockPatience;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.stream.Stream;
import org.assertj.core.api.Condition;
import org.hibernate.engine.jdbc.connections.spi.MultiTenantConnectionProvider;
import org.hibernate.resource.beans.container.spi.BeanContainer;
import org.hibernate.resource.beans.container.spi.ContainedBean;
import org.hibernate.resource.beans.spi.BeanInstanceProducer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be followed is refused at start: with its place, what stands there and a remedy, and nothing is changed. */
@EachDatabase
class DiscoveryTest {

    private final Engine engine;
    private final TestDatabase database;
    private List<String> before = List.of();

    DiscoveryTest(Engine engine) {
        this.engine = engine;
        database = DatabaseServers.shared(engine).createDatabase();
        database.execute(
                "CREATE TABLE customer (id bigint PRIMARY KEY, name varchar(200), nick varchar(200))",
                "CREATE TABLE supplier (id bigint PRIMARY KEY, name varchar(200))",
                "CREATE TABLE keyless (id bigint, name varchar(200))",
                "CREATE VIEW customer_view AS SELECT id, name FROM customer");
    }

    @BeforeEach
    void remember() {
        before = schema();
    }

    @AfterEach
    void nothingHasChanged() {
        List<String> after = schema();
        database.close();
        assertThat(after).isEqualTo(before);
    }

    private List<String> schema() {
        return database
                .rows("SELECT table_name AS t, column_name AS c, data_type AS d FROM information_schema.columns"
                        + " WHERE table_schema IN ('public', '" + database.name() + "') ORDER BY 1, 2")
                .stream()
                .map(Map::toString)
                .toList();
    }

    private List<Problem> start(Map<String, Object> extra, List<String> configured, Class<?>... entities) {
        Map<String, Object> settings = new HashMap<>(extra);
        settings.put("hibernate.hbm2ddl.auto", "validate");
        List<Problem> problems = new ArrayList<>();
        List<Declaration> declared = Discovery.of(new Unit(database.dataSource(), entities), settings, problems);
        Map<String, ChangeSettings> changes = new HashMap<>();
        configured.forEach(change -> changes.put(change, ChangeSettings.DEFAULT));
        SegueSettings node = new SegueSettings(
                new NodeIdentity("n1", "shop", "1"),
                SegueSettings.Unmet.HOLD,
                Duration.ofSeconds(30),
                Duration.ofMinutes(5),
                LockPatience.DEFAULT,
                changes);
        try {
            Segue.check(node, declared, problems, database.dataSource());
            return List.of();
        } catch (StartRefusedException e) {
            return e.problems();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<Problem> start(Class<?>... entities) {
        return start(Map.of(), List.of(), entities);
    }

    private static Condition<Problem> problem(String where, String value, String message) {
        return new Condition<>(
                problem -> problem.where().contains(where)
                        && problem.value().contains(value)
                        && problem.message().contains(message)
                        && !problem.remedy().isBlank(),
                "at '%s' with '%s': '%s'",
                where,
                value,
                message);
    }

    @Test
    void anAttributeThatReplacesAColumnIsFollowed() {
        assertThat(start(Map.of(), List.of("customer-full-name"), MistakenNames.Right.class))
                .isEmpty();
    }

    static Stream<Arguments> attributes() {
        return Stream.of(
                arguments(MistakenPlaces.WithoutId.class, "fullName", " ", "1 to 100 characters"),
                arguments(MistakenPlaces.WithoutColumn.class, "fullName", "", "does not name the old column"),
                arguments(MistakenPlaces.TwoColumns.class, "fullName", "fullName", "only by a conversion"),
                arguments(MistakenPlaces.OnTheIdentifier.class, "id", "id", "part of the identifier"),
                arguments(MistakenPlaces.InTheIdentifier.class, "fullName", "fullName", "part of the identifier"),
                arguments(MistakenPlaces.OnTheVersion.class, "revision", "revision", "the version"),
                arguments(MistakenPlaces.OnTheNaturalId.class, "fullName", "fullName", "natural id"),
                arguments(MistakenPlaces.InTheNaturalId.class, "fullName", "fullName", "natural id"),
                arguments(MistakenPlaces.OnAnAssociation.class, "fullName", "fullName", "an association"),
                arguments(MistakenPlaces.OnACollection.class, "fullName", "fullName", "a collection"),
                arguments(
                        MistakenPlaces.InACollection.class, "names.fullName", "customer-full-name", "in a collection"),
                arguments(MistakenPlaces.OnAnEmbedded.class, "name", "name", "only by a conversion"),
                arguments(MistakenPlaces.OnAFormula.class, "fullName", "fullName", "computed by a formula"),
                arguments(MistakenPlaces.Lazy.class, "fullName", "fullName", "loaded lazily"),
                arguments(
                        MistakenPlaces.NotInsertable.class, "fullName", "fullName", "not insertable or not updatable"),
                arguments(MistakenPlaces.NotUpdatable.class, "fullName", "fullName", "not insertable or not updatable"),
                arguments(MistakenPlaces.Immutable.class, "fullName", "fullName", "not insertable or not updatable"),
                arguments(MistakenPlaces.Stamped.class, "fullName", "fullName", "generated"),
                arguments(MistakenPlaces.MadeByDatabase.class, "fullName", "fullName", "generated"),
                arguments(MistakenPlaces.Transformed.class, "fullName", "fullName", "@ColumnTransformer"),
                arguments(MistakenPlaces.Partitioned.class, "fullName", "fullName", "a partition key"),
                arguments(MistakenPlaces.TenantNamed.class, "fullName", "fullName", "only a plain column"),
                arguments(MistakenPlaces.TablePerClass.class, "fullName", "fullName", "a table per class"),
                arguments(MistakenPlaces.Subselected.class, "fullName", "Subselected", "no table"),
                arguments(MistakenPlaces.Aggregated.class, "fullName", "fullName", "stored in one column"),
                arguments(MistakenPlaces.Polymorphic.class, "fullName", "fullName", "with subclasses"),
                arguments(MistakenPlaces.InARecord.class, "fullName", "fullName", "in an embedded record"),
                arguments(MistakenPlaces.Historic.class, "fullName", "Historic", "a table of its history"),
                arguments(MistakenNames.NotMapped.class, "fullName", "customer-full-name", "does not map"),
                arguments(MistakenNames.OnTheOtherSide.class, "fullName", "customer-full-name", "does not map"),
                arguments(MistakenNames.OneIdTwice.class, "fullName", "customer-full-name", "of one attribute"),
                arguments(
                        MistakenNames.TwoOnOneColumn.class,
                        "nickName",
                        "customer.name",
                        "replace or drop the same column"),
                arguments(
                        MistakenNames.SameEmbeddableTwice.class,
                        "town",
                        "customer.name",
                        "replace or drop the same column"),
                arguments(MistakenPlaces.Viewed.class, "fullName", "customer_view", "a view"),
                arguments(MistakenNames.NoSuchTable.class, "fullName", "custmer", "no such table"),
                arguments(MistakenNames.NoSuchColumn.class, "fullName", "customer.nmae", "no such column"),
                arguments(
                        MistakenNames.SameColumn.class,
                        "fullName",
                        "customer.name",
                        "the old and the new column at once"),
                arguments(MistakenNames.WithoutKey.class, "fullName", "keyless", "no primary key"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("attributes")
    void anAttributeThatCannotBeFollowedIsRefused(Class<?> entity, String attribute, String value, String message) {
        assertThat(start(entity))
                .areAtLeastOne(problem(attribute, value, message))
                .areAtLeastOne(problem(entity.getSimpleName(), "", message));
    }

    static Stream<Arguments> comingAndGoing() {
        return Stream.of(
                arguments(MistakenComingsAndGoings.RetiredPrimitive.class, null, "nick", "cannot be null"),
                arguments(MistakenComingsAndGoings.SortedByRetired.class, null, "call", "sorted by the attribute"),
                arguments(MistakenComingsAndGoings.RetiredIdentifier.class, null, "id", "part of the identifier"),
                arguments(
                        MistakenComingsAndGoings.RetiredAndReplaced.class,
                        null,
                        "customer-",
                        "several changes at once"),
                arguments(MistakenComingsAndGoings.IntroducedPrimitive.class, null, "score", "cannot be null"),
                arguments(
                        MistakenComingsAndGoings.IntroducedFromUnmapped.class,
                        null,
                        "nick",
                        "not exactly one plain attribute"),
                arguments(
                        MistakenComingsAndGoings.IntroducedFromChanged.class,
                        null,
                        "full_name",
                        "not exactly one plain attribute"),
                arguments(
                        MistakenComingsAndGoings.IntroducedFromReadOnly.class,
                        null,
                        "name",
                        "not exactly one plain attribute"),
                arguments(MistakenComingsAndGoings.IntroducedFromTwo.class, null, "OfNames", "exists only in Java"),
                arguments(MistakenComingsAndGoings.IntroducedByColumn.class, null, "name,nick", "Two updates"),
                arguments(MistakenComingsAndGoings.IntroducedFromNoRecord.class, null, "Shouted", "[name, nick]"),
                arguments(
                        MistakenComingsAndGoings.IntroducedBySubclass.class,
                        MistakenComingsAndGoings.Introducing.class,
                        "",
                        "subclasses"),
                arguments(
                        MistakenComingsAndGoings.IntroducedBesideAnother.class,
                        MistakenNeighbours.Another.class,
                        "Another",
                        "the same table"),
                arguments(MistakenComingsAndGoings.IntroducedInEmbedded.class, null, "loud", "in an embedded object"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("comingAndGoing")
    void anAttributeThatCannotComeOrGoIsRefused(Class<?> entity, Class<?> other, String value, String message) {
        List<Problem> problems = other == null ? start(entity) : start(entity, other);

        assertThat(problems).areAtLeastOne(problem("", value, message));
    }

    @Test
    void whatComesAndGoesIsDeclaredWithItsSourcesAndItsForm() {
        List<Problem> problems = new ArrayList<>();
        List<Declaration> declared = Discovery.of(
                new Unit(database.dataSource(), Client.class, RetiredTest.Contact.class),
                Map.of("hibernate.hbm2ddl.auto", "none"),
                problems);

        assertThat(problems).isEmpty();
        assertThat(declaredFor("label", declared)).satisfies(label -> {
            assertThat(label.kind()).isEqualTo(Kind.INTRODUCE);
            assertThat(label.oldColumns()).containsExactly("country", "area");
            assertThat(label.newColumns()).containsExactly(new Declaration.NewColumn("label", "varchar(50)", false));
            assertThat(label.form()).isEqualTo(new SqlForm(List.of("concat({country}, '-', {area})"), List.of()));
        });
        assertThat(declaredFor("tier", declared).newColumns())
                .extracting(Declaration.NewColumn::mandatory)
                .containsExactly(true);
        assertThat(declaredFor("badge", declared).form())
                .isInstanceOfSatisfying(
                        JavaForm.class,
                        form -> assertThat(form.toNew().convert(List.of("DE"))).containsExactly("badge of DE"));
        assertThat(declaredFor("contact-fax", declared)).satisfies(fax -> {
            assertThat(fax.kind()).isEqualTo(Kind.RETIRE);
            assertThat(fax.oldColumns()).containsExactly("fax");
            assertThat(fax.newColumns()).isEmpty();
            assertThat(fax.form()).isEqualTo(new SqlForm(List.of(), List.of("'none'")));
        });
    }

    static Stream<Arguments> conversions() {
        return Stream.of(
                arguments(MistakenConversions.ByOpen.class, "Open", "leaves open"),
                arguments(
                        MistakenConversions.ByOfObjects.class,
                        "OfObjects",
                        "no basic type for dev.segue.hibernate.Findings"),
                arguments(MistakenConversions.ByOfInstants.class, "OfInstants", "columns of java.time.Instant"),
                arguments(MistakenConversions.ByNotMade.class, "NotMade", "cannot be made"),
                arguments(
                        MistakenConversions.ByWithPrivateConstructor.class,
                        "WithPrivateConstructor",
                        "constructor is private"),
                arguments(MistakenConversions.ByWithParameter.class, "WithParameter", "cannot be made"),
                arguments(MistakenConversions.ByThrowing.class, "Throwing", "no such thing"),
                arguments(MistakenConversions.ByWithTwoExpressions.class, "WithTwoExpressions", "2 expressions"),
                arguments(MistakenConversions.ByWithUnknownPlaceholder.class, "WithUnknownPlaceholder", "[nick]"),
                arguments(MistakenConversions.ByWithQuestionMark.class, "WithQuestionMark", "question mark"),
                arguments(MistakenConversions.ByAnotherType.class, "Fitting", "the attribute is a java.lang.String"),
                arguments(
                        MistakenConversions.ByFilling.class,
                        "coalesce({old}, '')",
                        "toNew makes full_name = '' of name = NULL, and Java makes full_name = NULL"),
                arguments(
                        MistakenConversions.ByOfSizes.class,
                        "case {old}",
                        "toOld makes nick = NULL of size = 'LARGE', and Java makes nick = 'large'"),
                arguments(MistakenNeighbours.Spread.class, "Fitting", "several tables"),
                arguments(MistakenNeighbours.Enclosing.class, "Fitting", "embedded object"),
                arguments(
                        MistakenSplits.SplitByOneExpression.class,
                        "OfTwoWithOneExpression",
                        "1 expressions for the columns"),
                arguments(MistakenSplits.SplitOfAnother.class, "Shouted", "the attribute is a"),
                arguments(MistakenSplits.SplitInside.class, "two", "in an embedded object"),
                arguments(MistakenSplits.SplitNested.class, "more", "an embedded object"),
                arguments(MistakenSplits.SplitSpread.class, "two", "several tables"),
                arguments(MistakenSplits.MergedInJava.class, "OfNames", "from several columns"),
                arguments(MistakenNeighbours.LockedByValue.class, "fullName", "@OptimisticLocking"),
                arguments(MistakenNeighbours.Sorted.class, "fullName desc", "sorted by the attribute"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("conversions")
    void aConversionThatDoesNotFitIsRefused(Class<?> entity, String value, String message) {
        assertThat(start(entity)).areAtLeastOne(problem(entity.getSimpleName(), value, message));
    }

    /** The backfill would see another time than the application. */
    @Test
    void aConversionOfTimesIsRefusedWhereHibernateShiftsThem() {
        String zone = TimeZone.getDefault().hasSameRules(TimeZone.getTimeZone("Asia/Tokyo")) ? "UTC" : "Asia/Tokyo";
        Map<String, Object> shifting = Map.of("hibernate.jdbc.time_zone", zone, "hibernate.hbm2ddl.auto", "none");
        Map<String, Object> same =
                Map.of("hibernate.jdbc.time_zone", TimeZone.getDefault(), "hibernate.hbm2ddl.auto", "none");

        assertThat(found(shifting)).areExactly(1, problem("ByOfTimes", "OfTimes", "shifts java.time.LocalDateTime"));
        assertThat(found(same)).isEmpty();
    }

    private List<Problem> found(Map<String, Object> settings) {
        List<Problem> problems = new ArrayList<>();
        Discovery.of(new Unit(database.dataSource(), MistakenConversions.ByOfTimes.class), settings, problems);
        return problems;
    }

    @Test
    void aConversionIsDeclaredWithItsColumnAndItsForm() {
        List<Problem> problems = new ArrayList<>();
        List<Declaration> declared = Discovery.of(
                new Unit(database.dataSource(), Account.class, Account.Purse.class),
                Map.of("hibernate.hbm2ddl.auto", "none"),
                problems);

        assertThat(problems).isEmpty();
        assertThat(declaredFor("balance", declared).newColumns())
                .containsExactly(new Declaration.NewColumn("balance_cents", "bigint", false));
        assertThat(declaredFor("tier", declared).newColumns())
                .containsExactly(new Declaration.NewColumn(
                        "tier", engine == Engine.POSTGRESQL ? "varchar(10)" : "enum ('GOLD','SILVER')", false));
        assertThat(declaredFor("balance", declared).form()).isInstanceOf(SqlForm.class);
        assertThat(declaredFor("limit", declared).form()).isInstanceOfSatisfying(JavaForm.class, form -> {
            assertThat(form.toNew().convert(List.of(new BigDecimal("43.50")))).containsExactly(4350L);
            assertThat(form.toOld().convert(List.of(4350L))).containsExactly(new BigDecimal("43.50"));
            assertThat(form.toNew().convert(Collections.singletonList(null))).containsExactly((Object) null);
            assertThatThrownBy(() -> form.toOld().convert(List.of(100_000_000_000_001L)))
                    .isInstanceOf(ValueRefusedException.class);
        });
        assertThat(declaredFor("tier", declared).form()).isInstanceOfSatisfying(JavaForm.class, form -> {
            assertThat(form.toNew().convert(List.of("g"))).containsExactly("GOLD");
            assertThat(form.toOld().convert(List.of("SILVER"))).containsExactly("s");
        });
    }

    @Test
    void anAttributeOfSeveralColumnsIsDeclaredWithAllOfThem() {
        List<Problem> problems = new ArrayList<>();
        List<Declaration> declared = Discovery.of(
                new Unit(database.dataSource(), Person.class, Person.Visitor.class),
                Map.of("hibernate.hbm2ddl.auto", "none"),
                problems);

        assertThat(problems).isEmpty();
        assertThat(declaredFor("person-name", declared)).satisfies(name -> {
            assertThat(name.oldColumns()).containsExactly("display_name");
            assertThat(name.newColumns())
                    .as("in the order of the declaration")
                    .containsExactly(
                            new Declaration.NewColumn("last_name", "varchar(40)", false),
                            new Declaration.NewColumn("first_name", "varchar(40)", false));
        });
        assertThat(declaredFor("person-address", declared).oldColumns()).containsExactly("street", "town");
        assertThat(declaredFor("person-size", declared).form()).isInstanceOfSatisfying(JavaForm.class, form -> {
            assertThat(form.toNew().convert(List.of("3x4"))).containsExactly(3, 4);
            assertThat(form.toOld().convert(List.of(3, 4))).containsExactly("3x4");
            assertThat(form.toNew().convert(Collections.singletonList(null))).containsExactly(null, null);
        });
    }

    private static Declaration declaredFor(String change, List<Declaration> declared) {
        return declared.stream()
                .filter(one -> one.change().equals(change))
                .findFirst()
                .orElseThrow();
    }

    static Stream<Arguments> neighbours() {
        return Stream.of(
                arguments(
                        MistakenNeighbours.WithOldColumnToo.class, null, "customer.name", "WithOldColumnToo.name too"),
                arguments(MistakenNeighbours.WithOldColumnReadOnly.class, null, "customer.name", ".before too"),
                arguments(MistakenNeighbours.WithColumnInAssociation.class, null, "customer.name", ".namesake too"),
                arguments(
                        MistakenNeighbours.BesideAnother.class,
                        MistakenNeighbours.Another.class,
                        "customer.name",
                        "Another.name too"),
                arguments(MistakenNeighbours.Discriminated.class, null, "customer.name", "(discriminator) too"),
                arguments(
                        MistakenNeighbours.ReferredTo.class,
                        MistakenNeighbours.Referring.class,
                        "target",
                        "refers to the attribute's"),
                arguments(
                        MistakenNeighbours.ReferredTo.class,
                        MistakenNeighbours.MappedByKey.class,
                        "customer.full_name",
                        ".byName too"),
                arguments(
                        MistakenNeighbours.ReferredTo.class,
                        MistakenNeighbours.OrderedBySql.class,
                        "name desc",
                        "'name'"),
                arguments(MistakenNeighbours.WithFormula.class, null, "upper(full_name)", "'full_name'"),
                arguments(MistakenNames.Right.class, MistakenNeighbours.Far.class, "select c.name", "'name'"),
                arguments(MistakenNames.Right.class, MistakenNeighbours.Listed.class, "select c.id, c.name", "'name'"),
                arguments(MistakenNeighbours.Transformed.class, null, "coalesce(nick, name)", "'name'"),
                arguments(MistakenNeighbours.Restricted.class, null, "name is not null", "'name'"),
                arguments(MistakenNeighbours.Filtered.class, null, "{alias}.name is not null", "'name'"),
                arguments(MistakenNeighbours.OwnInsert.class, null, "insert into customer", "@SQLInsert"),
                arguments(MistakenNeighbours.OwnUpdate.class, null, "update customer", "@SQLUpdate"),
                arguments(MistakenNeighbours.OwnSelect.class, null, "", "@SQLSelect"),
                arguments(MistakenNeighbours.SoftlyDeleted.class, null, "set name = null", "'name'"),
                arguments(MistakenNames.Chained.class, null, "customer.full_name", "Chained.fullName too"));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("neighbours")
    void whateverElseUsesTheColumnsIsRefused(Class<?> entity, Class<?> other, String value, String message) {
        List<Problem> problems = other == null ? start(entity) : start(entity, other);

        assertThat(problems).areAtLeastOne(problem(entity.getSimpleName(), value, message));
    }

    @Test
    void tenantsWithSchemasOfTheirOwnAreRefused() {
        String key = "hibernate.multi_tenant.schema_mapper";

        assertThat(start(Map.of(key, "com.acme.Schemas"), List.of(), MistakenNames.Right.class))
                .areExactly(1, problem(key, "com.acme.Schemas", "every tenant has its own"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hibernate.connection.datasource", "jakarta.persistence.jtaDataSource"})
    void connectionsThatAreNotCheckedAreRefused(String key) {
        Map<String, Object> settings = Map.of(key, database.dataSource());

        assertThat(start(settings, List.of(), MistakenNames.Right.class))
                .areExactly(1, problem(key, "DataSource", "without asking whether the node may"));
        assertThat(start(settings, List.of(), MistakenNeighbours.Another.class)).isEmpty();
    }

    /** Every tenant has a schema of its own. */
    public static final class TenantConnections implements MultiTenantConnectionProvider<String> {

        private static final long serialVersionUID = 1L;

        @Override
        public Connection getAnyConnection() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void releaseAnyConnection(Connection connection) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Connection getConnection(String tenant) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void releaseConnection(String tenant, Connection connection) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean supportsAggressiveRelease() {
            return false;
        }

        @Override
        public boolean isUnwrappableAs(Class<?> type) {
            return false;
        }

        @Override
        public <T> T unwrap(Class<T> type) {
            throw new UnsupportedOperationException();
        }
    }

    private Map<String, Object> tenants() {
        // Nothing is asked for its metadata then.
        Map<String, Object> settings = new HashMap<>();
        settings.put("hibernate.boot.allow_jdbc_metadata_access", "false");
        settings.put(
                "hibernate.dialect",
                engine == Engine.POSTGRESQL
                        ? "org.hibernate.dialect.PostgreSQLDialect"
                        : "org.hibernate.dialect.MySQLDialect");
        return settings;
    }

    @Test
    void aSchemaForEachTenantIsRefused() {
        String provider = "hibernate.multi_tenant_connection_provider";
        Map<String, Object> settings = tenants();
        settings.put(provider, new TenantConnections());
        assertThat(start(settings, List.of(), Account.class))
                .areExactly(1, problem(provider, "TenantConnections", "every tenant may have its own"));

        String mapper = "hibernate.multi_tenant.schema_mapper";
        assertThat(start(Map.of(mapper, "com.example.SchemaOfTenant"), List.of(), Account.class))
                .areExactly(1, problem(mapper, "com.example.SchemaOfTenant", "every tenant has its own"));
    }

    @Test
    void aSchemaForEachTenantIsRefusedWhereTheProviderIsABean() {
        Map<String, Object> settings = tenants();
        settings.put("hibernate.cdi.extensions", "true");
        settings.put("hibernate.resource.beans.container", new OneBean(new TenantConnections()));

        assertThat(start(settings, List.of(), Account.class))
                .areExactly(
                        1,
                        problem(
                                "hibernate.multi_tenant_connection_provider",
                                "a bean",
                                "every tenant may have its own"));
    }

    /** A container as Spring gives one to Hibernate. */
    private record OneBean(Object bean) implements BeanContainer {

        private record Contained<B>(B bean) implements ContainedBean<B> {
            @Override
            public B getBeanInstance() {
                return bean;
            }

            @Override
            @SuppressWarnings("unchecked")
            public Class<B> getBeanClass() {
                return (Class<B>) bean.getClass();
            }
        }

        @Override
        public <B> ContainedBean<B> getBean(Class<B> type, LifecycleOptions options, BeanInstanceProducer fallback) {
            return new Contained<>(type.isInstance(bean) ? type.cast(bean) : fallback.produceBeanInstance(type));
        }

        @Override
        public <B> ContainedBean<B> getBean(
                String name, Class<B> type, LifecycleOptions options, BeanInstanceProducer fallback) {
            return new Contained<>(type.isInstance(bean) ? type.cast(bean) : fallback.produceBeanInstance(name, type));
        }

        @Override
        public void stop() {
            // There is nothing to stop.
        }
    }

    @Test
    void loadsAfterTheEndOfTheirSessionAreRefused() {
        String key = "hibernate.enable_lazy_load_no_trans";

        assertThat(start(Map.of(key, "true"), List.of(), Account.class))
                .areExactly(1, problem(key, "true", "which the node may have left"));
    }

    @Test
    void aProviderOfConnectionsOfItsOwnIsRefused() {
        String key = "hibernate.connection.provider_class";
        Map<String, Object> settings = Map.of(
                key,
                "org.hibernate.engine.jdbc.connections.internal.DriverManagerConnectionProvider",
                "jakarta.persistence.jdbc.url",
                database.url(),
                "jakarta.persistence.jdbc.user",
                database.username(),
                "jakarta.persistence.jdbc.password",
                database.password());

        assertThat(start(settings, List.of(), MistakenNames.Right.class))
                .areExactly(1, problem(key, "DriverManager", "without asking whether the node may"));
    }

    @Test
    void aChangeThatNoEntityDeclaresIsRefusedAndTheKnownOnesAreNamed() {
        assertThat(start(Map.of(), List.of("customer-fullname"), MistakenNames.Right.class))
                .areExactly(1, problem("segue.changes.customer-fullname", "customer-fullname", "No entity declares"))
                .allMatch(problem -> problem.remedy().contains("customer-full-name"));
    }

    @Test
    void aConfiguredChangeIsRefusedWhereNothingIsAnnotated() {
        assertThat(start(Map.of(), List.of("customer-full-name"), MistakenNeighbours.Another.class))
                .areExactly(1, problem("segue.changes.customer-full-name", "customer-full-name", "No entity declares"));
    }

    @Test
    void aLargeObjectIsRefusedWhereItLiesOutsideItsRow() {
        assertThat(start(MistakenNames.Large.class))
                .areExactly(
                        engine == Engine.POSTGRESQL ? 1 : 0,
                        problem("Large.fullName", "fullName", "a large object outside its row"));
    }

    @Test
    void everyMistakeIsToldAtOnce() {
        List<Problem> problems = start(
                Map.of("hibernate.multi_tenant.schema_mapper", "com.acme.Schemas"),
                List.of("no-such-change"),
                MistakenPlaces.OnTheVersion.class,
                MistakenNames.NoSuchColumn.class,
                MistakenNeighbours.WithOldColumnToo.class);

        assertThat(problems)
                .areAtLeastOne(problem("schema_mapper", "com.acme.Schemas", "tenant"))
                .areAtLeastOne(problem("no-such-change", "no-such-change", "No entity"))
                .areAtLeastOne(problem("OnTheVersion.revision", "revision", "the version"))
                .areAtLeastOne(problem("NoSuchColumn.fullName", "nmae", "no such column"))
                .areAtLeastOne(problem("WithOldColumnToo.fullName", "customer.name", "too"));
    }
}
