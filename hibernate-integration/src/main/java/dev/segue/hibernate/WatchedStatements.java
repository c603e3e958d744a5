package dev.segue.hibernate;

import dev.segue.fleet.Layout;
import dev.segue.watch.StatementWatch;
import org.hibernate.resource.jdbc.spi.StatementInspector;
import org.jspecify.annotations.Nullable;

/**
 * Tells the watch of every statement that Hibernate runs in one layout, as it is run: after the application's own
 * inspector, if it has one.
 */
final class WatchedStatements implements StatementInspector {

    private static final long serialVersionUID = 1L;

    private final transient StatementWatch watch;
    private final transient Layout layout;
    private final @Nullable StatementInspector application;

    WatchedStatements(StatementWatch watch, Layout layout, @Nullable StatementInspector application) {
        this.watch = watch;
        this.layout = layout;
        this.application = application;
    }

    @Override
    @SuppressWarnings("NullAway") // Null means that the application's inspector leaves the statement as it is.
    public String inspect(String sql) {
        String changed = application == null ? null : application.inspect(sql);
        watch.runs(changed == null ? sql : changed, layout, Callers::ofHibernate);
        return changed;
    }

    /**
     * The inspector that the application's settings name.
     *
     * @param setting an inspector, its class, or the name of that, as Hibernate takes it
     * @throws IllegalArgumentException if it cannot be made
     */
    static @Nullable StatementInspector application(@Nullable Object setting) {
        if (setting == null || setting instanceof StatementInspector) {
            return (StatementInspector) setting;
        }
        try {
            Class<?> type = setting instanceof Class<?> given
                    ? given
                    : Class.forName(
                            String.valueOf(setting),
                            true,
                            Thread.currentThread().getContextClassLoader());
            return type.asSubclass(StatementInspector.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw new IllegalArgumentException("The statement inspector " + setting + " cannot be made: " + e, e);
        }
    }
}
