package dev.segue.hibernate;

import dev.segue.fleet.Layout;
import java.util.Map;
import java.util.Objects;
import org.hibernate.boot.spi.MetadataBuildingContext;
import org.hibernate.engine.config.spi.ConfigurationService;
import org.jspecify.annotations.Nullable;

/** What Segue hands to its classes that Hibernate makes, through the settings of one session factory. */
final class Settings {

    /** The {@link Layout} to map; without it the plain mapping is built. */
    static final String LAYOUT = "dev.segue.layout";

    /** The {@link Findings} to write declarations to, when nothing is to be mapped. */
    static final String FINDINGS = "dev.segue.findings";

    /** The {@link ShadowReads} that hears of mismatches. */
    static final String SHADOW_READS = "dev.segue.shadow-reads";

    /** The {@link Conversions} that mappings register with. */
    static final String CONVERSIONS = "dev.segue.conversions";

    /** The {@link NodeCache} that all factories of the node share. */
    static final String CACHE = "dev.segue.cache";

    /** The {@link OpenedSessions.Listener} that hears of every session that is opened. */
    static final String OPENED = "dev.segue.opened";

    /** The {@link dev.segue.watch.StatementWatch} that knows which columns a statement names, if there is one. */
    static final String WATCH = "dev.segue.watch";

    private Settings() {}

    static Layout layout(Map<String, Object> settings) {
        return (Layout) Objects.requireNonNull(settings.get(LAYOUT));
    }

    static @Nullable Layout layout(MetadataBuildingContext context) {
        return (Layout) all(context).get(LAYOUT);
    }

    static @Nullable Findings findings(MetadataBuildingContext context) {
        return (Findings) all(context).get(FINDINGS);
    }

    static ShadowReads shadowReads(MetadataBuildingContext context) {
        return (ShadowReads) all(context).getOrDefault(SHADOW_READS, ShadowReads.UNHEARD);
    }

    static Conversions conversions(MetadataBuildingContext context) {
        return conversions(all(context));
    }

    static Conversions conversions(Map<String, Object> settings) {
        return (Conversions) settings.getOrDefault(CONVERSIONS, new Conversions());
    }

    private static Map<String, Object> all(MetadataBuildingContext context) {
        return context.getBootstrapContext()
                .getServiceRegistry()
                .requireService(ConfigurationService.class)
                .getSettings();
    }
}
