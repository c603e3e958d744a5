package dev.segue.spring;

import dev.segue.SegueListener;
import dev.segue.fleet.JournalLine;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** Application events of what happens to changes. */
@AutoConfiguration(after = SegueAutoConfiguration.class)
@ConditionalOnBean(SegueNodes.class)
public final class SegueEventsAutoConfiguration {

    /** When all beans are there: an event before that would make listeners too early. */
    @Bean
    SmartInitializingSingleton segueEvents(SegueNodes nodes, ConfigurableApplicationContext context) {
        return () -> nodes.each(node -> node.listen(new SegueListener() {
            @Override
            public void journaled(JournalLine line) {
                if (context.isActive()) {
                    context.publishEvent(SegueEvent.of(line));
                }
            }
        }));
    }
}
