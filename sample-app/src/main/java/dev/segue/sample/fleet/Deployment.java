package dev.segue.sample.fleet;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a deploy ships: the same jar with other configuration. */
public record Deployment(Map<String, String> configuration) {

    public Deployment {
        configuration = Map.copyOf(configuration);
    }

    /** The times are short for the show; in earnest they are minutes, hours and days. */
    public static Deployment first(int customers) {
        return new Deployment(Map.of())
                .with("spring.flyway.placeholders.customers", String.valueOf(customers))
                .with("segue.lease", "6s")
                .shortTimes(ShownChange.NAME)
                .shortTimes(ShownChange.PHONE)
                .phase(ShownChange.NAME, "old-only");
    }

    public Deployment phase(ShownChange change, String phase) {
        return with(change.property("phase"), phase);
    }

    public Deployment contract(ShownChange change) {
        return with(change.property("contract"), "true");
    }

    public List<String> arguments() {
        return configuration.entrySet().stream()
                .map(property -> "--" + property.getKey() + "=" + property.getValue())
                .sorted()
                .toList();
    }

    private Deployment shortTimes(ShownChange change) {
        return with(change.property("shadow-for"), "2s").with(change.property("contract-after"), "5s");
    }

    /** The same but for one property. */
    public Deployment with(String property, String value) {
        Map<String, String> changed = new LinkedHashMap<>(configuration);
        changed.put(property, value);
        return new Deployment(changed);
    }
}
