package dev.segue.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.beans.factory.annotation.Qualifier;

/**
 * Marks the {@link javax.sql.DataSource} through which Segue changes the schema, if that is not the application's user. It
 * goes to the database itself, serves five connections at least, and is closed by whoever has made it. Declare it with
 * {@code @Bean(defaultCandidate = false)}, so that it does not take the place of the application's own.
 */
@Documented
@Qualifier
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER, ElementType.TYPE})
public @interface SegueDataSource {}
