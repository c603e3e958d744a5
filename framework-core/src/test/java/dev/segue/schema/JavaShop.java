package dev.segue.schema;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.change.ColumnChange;
import dev.segue.change.JavaForm;
import dev.segue.change.Site;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Stage;
import dev.segue.test.database.Engine;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A shop whose change of customer.name into full_name exists only in Java. */
final class JavaShop implements AutoCloseable {

    final Shop shop;

    JavaShop(Engine engine) {
        this.shop = new Shop(engine);
    }

    @Override
    public void close() {
        shop.close();
    }

    /** Full names are names in angle brackets. */
    static final JavaForm BRACKETS = JavaForm.lossless(
            values -> one(values.get(0) == null ? null : "<" + values.get(0) + ">"),
            values -> one(values.get(0) instanceof String name ? name.substring(1, name.length() - 1) : null));

    static List<@Nullable Object> one(@Nullable Object value) {
        return Collections.singletonList(value);
    }

    ColumnChange expanded() throws Exception {
        shop.customers();
        return expand(BRACKETS);
    }

    ColumnChange expand(JavaForm form) throws Exception {
        ColumnChange rename = shop.rename();
        Site site = rename.sites().get(0);
        ColumnChange change = new ColumnChange(
                rename.id(),
                Kind.REPLACE,
                List.of(new Site(site.table(), site.key(), site.oldColumns(), site.newColumns(), form)));
        shop.runner().apply(change, Stage.EXPAND, true, Shop.CERTAIN);
        shop.database.execute("UPDATE customer SET full_name = "
                + (shop.postgres() ? "'<' || name || '>'" : "CONCAT('<', name, '>')"));
        return change;
    }

    void guard(ColumnChange change, Side side, GuardMode mode) throws Exception {
        shop.runner().guard(change, side, mode, Shop.CERTAIN);
    }

    List<String> dirty() {
        return dirty(shop);
    }

    /** The keys that are recorded, in the order in which they were. */
    static List<String> dirty(Shop shop) {
        return shop.database.rows("SELECT row_key FROM segue_dirty ORDER BY id").stream()
                .map(row -> String.valueOf(row.values().iterator().next()))
                .toList();
    }

    void refused(String sql) {
        refused(shop, sql);
    }

    static void refused(Shop shop, String sql) {
        assertThatThrownBy(() -> shop.database.execute(sql))
                .as(sql)
                .hasRootCauseInstanceOf(SQLException.class)
                .rootCause()
                .hasMessageContaining("customer-full-name")
                .hasMessageContaining("table customer")
                .hasMessageContaining("give full_name as well");
    }
}
