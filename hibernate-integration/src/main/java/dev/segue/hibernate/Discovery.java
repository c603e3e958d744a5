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
            if (!findings.found().isEmpty() || !findings.problems().isEmpty()) {
                refuseTenants(settings, metadata, findings);
                refuseOtherConnections(settings, findings);
                refuseLateLoads(settings, findings);
            }
        } finally {
            builder.cancel();
        }
        problems.addAll(findings.problems());
        return findings.declarations();
    }

    private static void refuseTenants(Map<String, Object> settings, MetadataImplementor metadata, Findings findings) {
        String remedy = "Keep changes out of persistence units with several schemas.";
        if (metadata.getMetadataBuildingOptions().isMultiTenancyEnabled()) {
            // It may be a bean, which is in no setting.
            String key = MultiTenancySettings.MULTI_TENANT_CONNECTION_PROVIDER;
            findings.refuse(
                    key,
                    String.valueOf(settings.getOrDefault(key, "a bean")),
                    "A change lives in one schema, and here every tenant may have its own.",
                    remedy);
        }
        Object mapper = settings.get(MultiTenancySettings.MULTI_TENANT_SCHEMA_MAPPER);
        if (mapper != null) {
            findings.refuse(
                    MultiTenancySettings.MULTI_TENANT_SCHEMA_MAPPER,
                    mapper.toString(),
                    "A change lives in one schema, and here every tenant has its own.",
                    remedy);
        }
    }

    /** They would open sessions in the factory of a phase that the node may have left. */
    private static void refuseLateLoads(Map<String, Object> settings, Findings findings) {
        String key = "hibernate.enable_lazy_load_no_trans";
        Object value = settings.get(key);
        if (value != null && Boolean.parseBoolean(value.toString())) {
            findings.refuse(
                    key,
                    value.toString(),
                    "What is loaded after its session has ended is read in the phase of that session, which the node may"
                            + " have left.",
                    "Remove the setting, and load what is needed while the session is open.");
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
