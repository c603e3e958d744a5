package dev.segue.hibernate;

import java.util.Collection;
import java.util.Map;
import org.hibernate.boot.registry.StandardServiceRegistryBuilder;
import org.hibernate.boot.registry.selector.spi.StrategySelector;
import org.hibernate.cache.spi.RegionFactory;
import org.hibernate.cfg.CacheSettings;
import org.hibernate.service.spi.ServiceContributor;
import org.jspecify.annotations.Nullable;

/**
 * Puts the node's cache before the provider that the application has chosen, when all its settings are known. Hibernate
 * finds it as a service.
 */
public final class CacheContributor implements ServiceContributor {

    @Override
    public void contribute(StandardServiceRegistryBuilder builder) {
        Map<String, Object> settings = builder.getSettings();
        if (settings.get(Settings.CACHE) instanceof NodeCache cache && isWanted(settings)) {
            StrategySelector selector = builder.getBootstrapServiceRegistry().requireService(StrategySelector.class);
            Object provider = provider(settings, selector);
            if (provider != null) {
                // What Hibernate would take for granted with the only provider there is.
                settings.putIfAbsent(CacheSettings.USE_SECOND_LEVEL_CACHE, "true");
                builder.applySetting(
                        CacheSettings.CACHE_REGION_FACTORY,
                        cache.over(() -> selector.resolveStrategy(RegionFactory.class, provider)));
            }
        }
    }

    /** As Hibernate decides it; without a second-level cache it may still be the query cache. */
    private static boolean isWanted(Map<String, Object> settings) {
        Object entities = settings.get(CacheSettings.USE_SECOND_LEVEL_CACHE);
        return entities == null
                || Boolean.parseBoolean(entities.toString())
                || Boolean.parseBoolean(String.valueOf(settings.get(CacheSettings.USE_QUERY_CACHE)));
    }

    private static @Nullable Object provider(Map<String, Object> settings, StrategySelector selector) {
        Object chosen = settings.get(CacheSettings.CACHE_REGION_FACTORY);
        if (chosen != null) {
            return chosen;
        }
        Collection<Class<? extends RegionFactory>> known =
                selector.getRegisteredStrategyImplementors(RegionFactory.class);
        return known.size() == 1 ? known.iterator().next() : null;
    }
}
