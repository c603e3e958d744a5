package dev.segue.hibernate;

import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.hibernate.engine.config.spi.ConfigurationService;
import org.hibernate.engine.extension.spi.Extension;
import org.hibernate.engine.extension.spi.ExtensionIntegration;
import org.hibernate.engine.extension.spi.ExtensionIntegrationContext;
import org.hibernate.engine.extension.spi.ExtensionIntegrationService;
import org.hibernate.engine.extension.spi.ExtensionIntegrationServiceInitiator;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.hibernate.service.spi.SessionFactoryServiceContributor;
import org.hibernate.service.spi.SessionFactoryServiceInitiator;
import org.hibernate.service.spi.SessionFactoryServiceInitiatorContext;
import org.hibernate.service.spi.SessionFactoryServiceRegistryBuilder;

/**
 * Hears of every session while it is made, whoever opens it: also of children of another session, and of those that are
 * opened by the factory that a session names. Hibernate finds this class by itself; a session factory without changes is
 * left alone.
 */
public final class OpenedSessions
        implements SessionFactoryServiceContributor, SessionFactoryServiceInitiator<ExtensionIntegrationService> {

    /** What a session has from us: nothing. */
    private static final class Nothing implements Extension {}

    /** Who wants to hear of sessions, as the settings of a session factory have it. */
    interface Listener extends Consumer<SharedSessionContractImplementor> {}

    @Override
    public void contribute(SessionFactoryServiceRegistryBuilder services) {
        services.addInitiator(this);
    }

    @Override
    public Class<ExtensionIntegrationService> getServiceInitiated() {
        return ExtensionIntegrationService.class;
    }

    @Override
    public ExtensionIntegrationService initiateService(SessionFactoryServiceInitiatorContext context) {
        ExtensionIntegrationService standard = ExtensionIntegrationServiceInitiator.INSTANCE.initiateService(context);
        Map<String, Object> settings = context.getServiceRegistry()
                .requireService(ConfigurationService.class)
                .getSettings();
        return settings.get(Settings.OPENED) instanceof Listener listener ? with(listener, standard) : standard;
    }

    private static ExtensionIntegrationService with(Listener listener, ExtensionIntegrationService standard) {
        Stream<ExtensionIntegration<?>> others =
                StreamSupport.stream(standard.extensionIntegrations().spliterator(), false);
        var all = Stream.concat(others, Stream.of(new Hearing(listener))).toList();
        return () -> all;
    }

    private record Hearing(Listener listener) implements ExtensionIntegration<Nothing> {

        @Override
        public Class<Nothing> getExtensionType() {
            return Nothing.class;
        }

        @Override
        public Nothing createExtension(ExtensionIntegrationContext context) {
            listener.accept(context.getSession());
            return new Nothing();
        }
    }
}
