package dev.segue.hibernate;

import dev.segue.change.Declaration;
import dev.segue.change.Problem;
import jakarta.persistence.spi.PersistenceUnitInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hibernate.boot.spi.MetadataImplementor;
import org.hibernate.cfg.JdbcSettings;
import org.hibernate.cfg.MultiTenancySettings;
import org.hibernate.jpa.boot.spi.Bootstrap;
import org.hibernate.jpa.boot.spi.EntityManagerFactoryBuilder;

/** Looks for changes in the mappings of a persistence unit, before any session factory is built. */
public final class Discovery {

    private Discovery() {}

    /**
     * Reads the mappings. No session factory is built and nothing is run in the database.
     *
     * @param unit the persistence unit
     * @param settings as its session factory will get them
     * @param problems takes every annotation that cannot be followed, with its remedy
     * @return what the entities declare, one for each table
     */
    public static List<Declaration> of(PersistenceUnitInfo unit, Map<String, Object> settings, List<Problem> problems) {
        Findings findings = new Findings();
        Map<String, Object> looking = new HashMap<>(settings);
        looking.put(Settings.FINDINGS, findings);
        EntityManagerFactoryBuilder builder = Bootstrap.getEntityManagerFactoryBuilder(unit, looking);
        try {
            MetadataImplementor metadata = builder.metadata();
            new AnnotatedMembers(metadata).check(findings);
            DeclarationReader reader = new DeclarationReader(findings, metadata);
            Neighbours neighbours = new Neighbours(metadata, findings);
            for (Findings.Annotated one : findings.annotated()) {
                if (one.entity() == null) {
                    neighbours.refuseElement(one);
                } else {
                    reader.read(one.mark(), one.entity(), one.property());
                }
            }
            findings.found().forEach(neighbours::check);
        } finally {
            builder.cancel();
        }
        if (!findings.found().isEmpty() || !findings.problems().isEmpty()) {
            refuseTenants(settings, findings);
            refuseOtherConnections(settings, findings);
        }
        problems.addAll(findings.problems());
        return findings.declarations();
    }

    private static void refuseTenants(Map<String, Object> settings, Findings findings) {
        for (String key : List.of(
                MultiTenancySettings.MULTI_TENANT_CONNECTION_PROVIDER,
                MultiTenancySettings.MULTI_TENANT_SCHEMA_MAPPER)) {
            Object value = settings.get(key);
            if (value != null) {
                findings.refuse(
                        key,
                        value.toString(),
                        "A change lives in one schema, and here every tenant has its own.",
                        "Keep changes out of persistence units with several schemas.");
            }
        }
    }

    /** Connections that do not come from the unit's data source would commit without the check of the lease. */
    private static void refuseOtherConnections(Map<String, Object> settings, Findings findings) {
        for (String key : List.of(
                JdbcSettings.CONNECTION_PROVIDER,
                "hibernate.connection.datasource",
                JdbcSettings.JAKARTA_JTA_DATASOURCE,
                "javax.persistence.jtaDataSource")) {
            Object value = settings.get(key);
            if (value != null) {
                findings.refuse(
                        key,
                        value.toString(),
                        "Hibernate would take its connections there, and commit on them without asking whether the node"
                                + " may.",
                        "Remove the setting and give the data source to the entity manager factory.");
            }
        }
    }
}
