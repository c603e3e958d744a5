package dev.segue.benchmarks.backfill;

import java.math.BigDecimal;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.batch.core.configuration.support.MapJobRegistry;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.support.TaskExecutorJobOperator;
import org.springframework.batch.core.repository.support.ResourcelessJobRepository;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.item.database.JdbcBatchItemWriter;
import org.springframework.batch.infrastructure.item.database.JdbcPagingItemReader;
import org.springframework.batch.infrastructure.item.database.Order;
import org.springframework.batch.infrastructure.item.database.builder.JdbcBatchItemWriterBuilder;
import org.springframework.batch.infrastructure.item.database.builder.JdbcPagingItemReaderBuilder;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** A job of Spring Batch: pages of a thousand through JDBC, written back as JDBC batches. */
final class BatchJob extends Filling {

    private static final int CHUNK = 1_000;

    /** What a row has on its way. */
    record Row(long id, BigDecimal credit) {}

    private final DataSource dataSource;
    private int runs;

    BatchJob(Customers customers, DataSource dataSource) {
        super(customers);
        this.dataSource = dataSource;
    }

    @Override
    void fill() throws Exception {
        ResourcelessJobRepository repository = new ResourcelessJobRepository();
        JdbcPagingItemReader<Row> reader = new JdbcPagingItemReaderBuilder<Row>()
                .name("customers")
                .dataSource(dataSource)
                .selectClause("SELECT id, credit")
                .fromClause("FROM " + customers.table())
                .sortKeys(Map.of("id", Order.ASCENDING))
                .rowMapper((row, number) -> new Row(row.getLong(1), row.getBigDecimal(2)))
                .pageSize(CHUNK)
                .build();
        reader.afterPropertiesSet();
        JdbcBatchItemWriter<Row> writer = new JdbcBatchItemWriterBuilder<Row>()
                .dataSource(dataSource)
                .sql("UPDATE " + customers.table() + " SET credit_new = ? WHERE id = ?")
                .itemPreparedStatementSetter((row, statement) -> {
                    statement.setLong(
                            1, row.credit().multiply(BigDecimal.valueOf(100)).longValueExact());
                    statement.setLong(2, row.id());
                })
                .build();
        writer.afterPropertiesSet();
        Job job = new JobBuilder("fill-" + ++runs, repository)
                .start(new StepBuilder("fill", repository)
                        .<Row, Row>chunk(CHUNK)
                        .transactionManager(new JdbcTransactionManager(dataSource))
                        .reader(reader)
                        .writer(writer)
                        .build())
                .build();
        TaskExecutorJobOperator operator = new TaskExecutorJobOperator();
        operator.setJobRepository(repository);
        operator.setJobRegistry(new MapJobRegistry());
        operator.afterPropertiesSet();
        JobExecution ended = operator.start(job, new JobParametersBuilder().toJobParameters());
        if (ended.getStatus().isUnsuccessful()) {
            throw new IllegalStateException("The job has failed: " + ended.getAllFailureExceptions());
        }
    }
}
