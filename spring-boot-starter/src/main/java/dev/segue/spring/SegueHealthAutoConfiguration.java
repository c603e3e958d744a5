package dev.segue.spring;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** The health component {@code segue}. */
@AutoConfiguration(after = SegueAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(SegueNodes.class)
@ConditionalOnEnabledHealthIndicator("segue")
public final class SegueHealthAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = "segueHealthIndicator")
    HealthIndicator segueHealthIndicator(SegueNodes nodes) {
        return new SegueHealthIndicator(nodes);
    }
}
