package dev.segue.spring;

import dev.segue.RequestSource;
import dev.segue.backfill.ThrottleSignal;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;

/**
 * Puts a session factory that can switch where the application's would be. An application without changes in its
 * entities gets the plain one.
 */
@AutoConfiguration(before = HibernateJpaAutoConfiguration.class)
@ConditionalOnClass({LocalContainerEntityManagerFactoryBean.class, org.hibernate.SessionFactory.class})
@ConditionalOnProperty(name = "segue.enabled", matchIfMissing = true)
@EnableConfigurationProperties(SegueProperties.class)
public final class SegueAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    SegueNodes segueNodes() {
        return new SegueNodes();
    }

    @Bean
    static EntityManagerFactoryPostProcessor segueEntityManagerFactoryPostProcessor(
            ObjectProvider<SegueNodes> nodes,
            ObjectProvider<SegueProperties> properties,
            ObjectProvider<JdbcConnectionDetails> details,
            ObjectProvider<RequestSource> flags,
            ObjectProvider<ThrottleSignal> signals,
            ListableBeanFactory beans,
            @SegueDataSource ObjectProvider<DataSource> owner,
            ObjectProvider<Flyway> flyways,
            Environment environment) {
        PersistenceUnits units = new PersistenceUnits(
                () -> beans.getBeanNamesForType(LocalContainerEntityManagerFactoryBean.class, true, false).length);
        return new EntityManagerFactoryPostProcessor(() -> new NodeStarter(
                nodes.getObject(),
                units,
                properties.getObject(),
                details.getIfAvailable(),
                environment,
                new NodeSurroundings(
                        properties.getObject(),
                        flags.getIfAvailable(() -> RequestSource.NONE),
                        signals.orderedStream().toList()),
                owner.getIfUnique(),
                flyways.orderedStream().toList()));
    }
}
