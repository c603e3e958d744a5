package dev.segue.benchmarks.backfill;

import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.BatchSettings;
import org.hibernate.cfg.Configuration;
import org.hibernate.cfg.JdbcSettings;

/** A loop through JPA: read a page of fifty, set, flush in one JDBC batch, next page. */
final class PageAndSave extends Filling {

    private static final int PAGE = 50;

    private final SessionFactory factory;

    PageAndSave(Customers customers, DataSource dataSource) {
        super(customers);
        Configuration configuration = new Configuration();
        configuration.addAnnotatedClass(PagedCustomer.class);
        configuration.getProperties().put(JdbcSettings.JAKARTA_NON_JTA_DATASOURCE, dataSource);
        configuration.setProperty(BatchSettings.STATEMENT_BATCH_SIZE, PAGE);
        this.factory = configuration.buildSessionFactory();
    }

    @Override
    void fill() {
        long last = 0;
        while (last < customers.rows()) {
            long after = last;
            last = factory.fromTransaction(session -> {
                List<PagedCustomer> page = session.createSelectionQuery(
                                "from PagedCustomer where id > :after order by id", PagedCustomer.class)
                        .setParameter("after", after)
                        .setMaxResults(PAGE)
                        .getResultList();
                for (PagedCustomer customer : page) {
                    customer.creditCents = Objects.requireNonNull(customer.credit)
                            .multiply(BigDecimal.valueOf(100))
                            .longValueExact();
                }
                return Objects.requireNonNull(page.get(page.size() - 1).id);
            });
        }
    }
}
