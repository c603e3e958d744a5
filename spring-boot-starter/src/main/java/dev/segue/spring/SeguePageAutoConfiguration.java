package dev.segue.spring;

import java.util.List;
import java.util.function.Supplier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.PathMapper;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.util.ClassUtils;

/** The page, where there is an actuator and it is exposed. */
@AutoConfiguration(after = SegueAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnWebApplication
@ConditionalOnBean(SegueNodes.class)
@ConditionalOnAvailableEndpoint(SeguePageEndpoint.class)
public final class SeguePageAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    SeguePageEndpoint seguePageEndpoint(ObjectProvider<PathMapper> mappers) {
        List<PathMapper> known = mappers.orderedStream().toList();
        return new SeguePageEndpoint(
                new PageLinks(
                        PathMapper.getRootPath(known, EndpointId.of(SeguePageEndpoint.ID)),
                        PathMapper.getRootPath(known, EndpointId.of(SegueEndpoint.ID))),
                csrf());
    }

    private static Supplier<CsrfHeader> csrf() {
        return ClassUtils.isPresent(
                        "org.springframework.security.web.csrf.CsrfToken",
                        SeguePageAutoConfiguration.class.getClassLoader())
                ? new SpringSecurityCsrf()
                : () -> CsrfHeader.NONE;
    }
}
