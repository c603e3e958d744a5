package dev.segue.spring;

import dev.segue.change.Problem;
import java.util.List;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.handler.IgnoreErrorsBindHandler;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.core.env.Environment;

/**
 * Finds properties of Segue that it does not have: one that is misspelt would be left out without a word. Variables of the
 * process are not looked at, because what begins alike may belong to somebody else.
 */
final class UnknownProperties {

    private UnknownProperties() {}

    /** Their values are not told: a misspelt password is a password. */
    static List<Problem> in(Environment environment) {
        try {
            Binder.get(environment)
                    .bind(
                            "segue",
                            Bindable.ofInstance(new SegueProperties()),
                            new NoUnboundElementsBindHandler(
                                    new IgnoreErrorsBindHandler(), new UnboundElementsSourceFilter()));
            return List.of();
        } catch (BindException e) {
            if (e.getCause() instanceof UnboundConfigurationPropertiesException unbound) {
                return unbound.getUnboundProperties().stream()
                        .filter(property -> !property.getName().toString().equals(WritePlans.PROPERTY))
                        .map(UnknownProperties::problem)
                        .toList();
            }
            throw e;
        }
    }

    private static Problem problem(ConfigurationProperty property) {
        return new Problem(
                property.getName().toString(),
                "(not shown)",
                "There is no such property" + (property.getOrigin() == null ? "" : ", in " + property.getOrigin())
                        + ".",
                "Correct its name, or remove it.");
    }
}
