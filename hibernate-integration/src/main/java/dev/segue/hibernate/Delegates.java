package dev.segue.hibernate;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** Objects that pass every call on to another one, so that only what is different has to be written. */
final class Delegates {

    /** What becomes of a result before the caller gets it. */
    @FunctionalInterface
    interface After {
        @Nullable
        Object change(Method method, @Nullable Object result);
    }

    private Delegates() {}

    static <T> T of(Class<? super T> type, T target, After after) {
        return proxy(type, (proxy, method, arguments) -> after.change(method, call(target, method, arguments)));
    }

    @SuppressWarnings("unchecked")
    static <T> T proxy(Class<? super T> type, InvocationHandler handler) {
        return (T) Proxy.newProxyInstance(Delegates.class.getClassLoader(), new Class<?>[] {type}, handler);
    }

    /** Calls the target; what it throws is thrown as it is. */
    static @Nullable Object call(Object target, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
