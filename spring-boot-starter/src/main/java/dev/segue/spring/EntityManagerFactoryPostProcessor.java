package dev.segue.spring;

import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.spi.PersistenceProvider;
import jakarta.persistence.spi.PersistenceUnitInfo;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.util.function.SingletonSupplier;

/**
 * Stands before the persistence provider of every entity manager factory bean, because that is where all the settings
 * and the persistence unit are known and the session factory is not built yet.
 */
final class EntityManagerFactoryPostProcessor implements BeanPostProcessor {

    private final Supplier<NodeStarter> starter;

    EntityManagerFactoryPostProcessor(Supplier<NodeStarter> starter) {
        this.starter = SingletonSupplier.of(starter);
    }

    @Override
    public Object postProcessBeforeInitialization(Object bean, String name) {
        if (bean instanceof LocalContainerEntityManagerFactoryBean factory) {
            PersistenceProvider provider = factory.getPersistenceProvider();
            if (provider == null && factory.getJpaVendorAdapter() != null) {
                provider = factory.getJpaVendorAdapter().getPersistenceProvider();
            }
            if (provider instanceof org.hibernate.jpa.HibernatePersistenceProvider) {
                factory.setPersistenceProvider(switching(provider));
            }
        }
        return bean;
    }

    private PersistenceProvider switching(PersistenceProvider provider) {
        return (PersistenceProvider) Proxy.newProxyInstance(
                provider.getClass().getClassLoader(),
                new Class<?>[] {PersistenceProvider.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("createContainerEntityManagerFactory")) {
                        return create(provider, (PersistenceUnitInfo) arguments[0], (Map<?, ?>) arguments[1]);
                    }
                    try {
                        return method.invoke(provider, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private EntityManagerFactory create(PersistenceProvider provider, PersistenceUnitInfo unit, Map<?, ?> settings) {
        return starter.get().start(provider, unit, settings);
    }
}
