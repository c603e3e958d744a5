package dev.segue.fleet;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A data source that writes down which statements are run on its connections. */
final class Counted {

    private static final Set<String> RUNS = Set.of("execute", "executeQuery", "executeUpdate", "executeLargeUpdate");

    final List<String> statements = new CopyOnWriteArrayList<>();

    DataSource over(DataSource real) {
        return proxy(DataSource.class, real, "");
    }

    @SuppressWarnings("unchecked")
    private <T> T proxy(Class<T> type, T real, String sql) {
        return (T) Proxy.newProxyInstance(
                Counted.class.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    if (RUNS.contains(method.getName())) {
                        statements.add(sql);
                    }
                    Object result = call(real, method, arguments);
                    if (result instanceof Connection connection) {
                        return proxy(Connection.class, connection, "");
                    }
                    return result instanceof PreparedStatement statement && arguments != null
                            ? proxy(PreparedStatement.class, statement, String.valueOf(arguments[0]))
                            : result;
                });
    }

    private static @Nullable Object call(Object real, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }
}
