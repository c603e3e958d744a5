package dev.segue.spring;

import dev.segue.SegueListener;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/**
 * Observations, and by that timers and spans, of the work that takes a while: {@code segue.switch}, {@code segue.stage},
 * {@code segue.batch} and {@code segue.verify}.
 */
@AutoConfiguration(
        after = SegueAutoConfiguration.class,
        afterName = "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBean({SegueNodes.class, ObservationRegistry.class})
public final class SegueObservationAutoConfiguration {

    @Bean
    SmartInitializingSingleton segueObservations(SegueNodes nodes, ObservationRegistry registry) {
        return () -> nodes.each(node -> node.listen(new SegueListener() {
            @Override
            public Span begins(Work work, String change, String what) {
                Observation observation = Observation.start("segue." + work.id(), registry)
                        .contextualName(work.id() + " " + what)
                        .lowCardinalityKeyValue("change", change)
                        .lowCardinalityKeyValue("what", what);
                return ended(observation, observation.openScope());
            }
        }));
    }

    private static SegueListener.Span ended(Observation observation, Observation.Scope scope) {
        return new SegueListener.Span() {
            @Override
            public void ended(@Nullable Throwable failure) {
                scope.close();
                if (failure != null) {
                    observation.error(failure);
                }
                observation.stop();
            }
        };
    }
}
