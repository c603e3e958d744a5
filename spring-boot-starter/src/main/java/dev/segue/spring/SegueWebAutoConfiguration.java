package dev.segue.spring;

import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.PathMapper;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.handler.MappedInterceptor;

/** What stands before the endpoint and the page in Spring MVC. */
@AutoConfiguration(after = {SegueAutoConfiguration.class, WebEndpointAutoConfiguration.class})
@ConditionalOnClass({MappedInterceptor.class, WebEndpointProperties.class})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnBean({SegueNodes.class, WebEndpointProperties.class})
public final class SegueWebAutoConfiguration {

    @Bean
    MappedInterceptor segueWriteGuard(WebEndpointProperties properties, ObjectProvider<PathMapper> mappers) {
        return new MappedInterceptor(paths(SegueEndpoint.ID, properties, mappers), new WriteGuard());
    }

    @Bean
    MappedInterceptor seguePageHeaders(WebEndpointProperties properties, ObjectProvider<PathMapper> mappers) {
        return new MappedInterceptor(paths(SeguePageEndpoint.ID, properties, mappers), new PageHeaders());
    }

    @Bean
    HandlerExceptionResolver segueBadBodies(WebEndpointProperties properties, ObjectProvider<PathMapper> mappers) {
        return new BadBodies(segueWriteGuard(properties, mappers));
    }

    private static String[] paths(
            String endpoint, WebEndpointProperties properties, ObjectProvider<PathMapper> mappers) {
        List<PathMapper> known = mappers.orderedStream().toList();
        String root = properties.getBasePath() + "/" + PathMapper.getRootPath(known, EndpointId.of(endpoint));
        return new String[] {root, root + "/**"};
    }
}
