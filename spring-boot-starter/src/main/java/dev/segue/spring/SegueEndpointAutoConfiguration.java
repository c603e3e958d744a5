package dev.segue.spring;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
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
    SegueEndpoint segueEndpoint(SegueNodes nodes) {
        return new SegueEndpoint(nodes);
    }
}
