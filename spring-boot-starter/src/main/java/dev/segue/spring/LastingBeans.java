package dev.segue.spring;

import org.hibernate.resource.beans.container.spi.BeanContainer;
import org.hibernate.resource.beans.container.spi.ContainedBean;
import org.hibernate.resource.beans.spi.BeanInstanceProducer;

/**
 * The container from which Hibernate has its converters and listeners, for as long as there is a session factory. Each of
 * Hibernate's own stops its container when it closes; as those of all phases share one, the first that closes would end the
 * beans that the others use.
 */
final class LastingBeans implements BeanContainer {

    private final BeanContainer beans;

    LastingBeans(BeanContainer beans) {
        this.beans = beans;
    }

    @Override
    public <B> ContainedBean<B> getBean(Class<B> type, LifecycleOptions options, BeanInstanceProducer fallback) {
        return beans.getBean(type, options, fallback);
    }

    @Override
    public <B> ContainedBean<B> getBean(
            String name, Class<B> type, LifecycleOptions options, BeanInstanceProducer fallback) {
        return beans.getBean(name, type, options, fallback);
    }

    /** One session factory of several has been closed. */
    @Override
    public void stop() {
        // The others go on.
    }

    /** The last one has been closed. */
    void end() {
        beans.stop();
    }
}
