package dev.segue.test.kit;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContext;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContextProvider;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Runs a class once for each step of a {@link Walk}, which is closed after the last one. */
final class SegueTestExtension implements ClassTemplateInvocationContextProvider {

    @Override
    public boolean supportsClassTemplate(ExtensionContext context) {
        return context.getRequiredTestClass().isAnnotationPresent(SegueTest.class);
    }

    @Override
    public Stream<ClassTemplateInvocationContext> provideClassTemplateInvocationContexts(ExtensionContext context) {
        Walk walk = new Walk(context.getRequiredTestClass().getAnnotation(SegueTest.class));
        context.getStore(Namespace.create(SegueTestExtension.class)).put(Walk.class, walk);
        return walk.steps().stream().map(step -> new Turn(walk, step));
    }

    private record Turn(Walk walk, Walk.Step step) implements ClassTemplateInvocationContext, ParameterResolver {

        @Override
        public String getDisplayName(int index) {
            return step.toString();
        }

        @Override
        public void prepareInvocation(ExtensionContext context) {
            try {
                walk.take(step);
            } catch (SQLException e) {
                throw new IllegalStateException("Cannot go to " + step, e);
            }
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(this);
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == TwoNodes.class;
        }

        @Override
        public TwoNodes resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return walk.nodes(step);
        }
    }
}
