package dev.segue.benchmarks.scale;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;

/** Connections that count how often prepared statements are executed on them. */
final class CountedStatements {

    /** What each method of a connection's way to a statement gives. */
    private static final Map<String, Class<?>> COUNTED =
            Map.of("getConnection", Connection.class, "prepareStatement", PreparedStatement.class);

    private CountedStatements() {}

    static DataSource of(DataSource dataSource, AtomicLong count) {
        return counted(DataSource.class, dataSource, count);
    }

    private static <T> T counted(Class<T> type, Object real, AtomicLong count) {
        return type.cast(Proxy.newProxyInstance(
                CountedStatements.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
                    if (method.getName().startsWith("execute")) {
                        count.incrementAndGet();
                    }
                    try {
                        Object given = method.invoke(real, args);
                        Class<?> also = COUNTED.get(method.getName());
                        return also == null ? given : counted(also, given, count);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
