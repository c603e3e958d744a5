package dev.segue.spring;

import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The meters {@code segue.*}. */
@AutoConfiguration(after = SegueAutoConfiguration.class)
@ConditionalOnClass(MeterBinder.class)
@ConditionalOnBean(SegueNodes.class)
public final class SegueMetricsAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    SegueMetrics segueMetrics(SegueNodes nodes) {
        return new SegueMetrics(nodes);
    }
}
