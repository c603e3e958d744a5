package dev.segue.spring;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.EndpointAccessResolver;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The endpoint, where there is an actuator and it is exposed. */
@AutoConfiguration(after = SegueAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean(SegueNodes.class)
@ConditionalOnAvailableEndpoint(SegueEndpoint.class)
public final class SegueEndpointAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    SegueEndpoint segueEndpoint(SegueNodes nodes, ObjectProvider<EndpointAccessResolver> resolver) {
        return new SegueEndpoint(nodes, () -> access(resolver));
    }

    private static Access access(ObjectProvider<EndpointAccessResolver> resolver) {
        EndpointAccessResolver known = resolver.getIfAvailable();
        return known == null ? Access.READ_ONLY : known.accessFor(EndpointId.of(SegueEndpoint.ID), Access.READ_ONLY);
    }
}
