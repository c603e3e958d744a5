package dev.segue.spring;

import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.NoOpProvider;
import dev.openfeature.sdk.OpenFeatureAPI;
import dev.segue.RequestSource;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Flags, where OpenFeature is on the class path: the application's one client bean, else the domain {@code segue} of its
 * API bean or of the global API. As long as no provider is set there, no flag says anything.
 */
@AutoConfiguration(before = SegueAutoConfiguration.class)
@ConditionalOnClass(OpenFeatureAPI.class)
@ConditionalOnProperty(name = "segue.enabled", matchIfMissing = true)
public final class SegueOpenFeatureAutoConfiguration {

    /** A provider may be bound to it alone; without one it has the API's default provider. */
    private static final String DOMAIN = "segue";

    @Bean
    @ConditionalOnMissingBean
    RequestSource segueFlags(
            ObjectProvider<Client> clients, ObjectProvider<OpenFeatureAPI> apis, Environment environment) {
        Client client = clients.getIfUnique();
        OpenFeatureAPI api = apis.getIfUnique(OpenFeatureAPI::getInstance);
        return new OpenFeatureRequests(
                client == null ? () -> client(api) : () -> Optional.of(client), NodeStarter.application(environment));
    }

    /** An API in which nobody has set a provider answers every question with an error. */
    private static Optional<Client> client(OpenFeatureAPI api) {
        return api.getProvider(DOMAIN) instanceof NoOpProvider ? Optional.empty() : Optional.of(api.getClient(DOMAIN));
    }
}
