package dev.athanor.dispatcher.job;

import dev.athanor.dispatcher.database.Database;
import dev.athanor.dispatcher.ledger.JobKey;
import dev.athanor.dispatcher.ledger.Ledger;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;

/** Jobs as the ledger has them, for those who go on with them. Safe for any number of threads. */
public final class WrittenJobs {
    private static final Duration LEDGER_PATIENCE = Duration.ofSeconds(30);

    private final JobQueries queries;
    private final Ledger ledger;
    private final JobTopics topics;

    /** What is given stays its giver's to close. */
    public WrittenJobs(Database database, Ledger ledger, Admin admin) {
        this.queries = new JobQueries(database);
        this.ledger = ledger;
        this.topics = new JobTopics(admin);
    }

    /** The job as the database has it now. */
    public Optional<Job> find(JobKey key) {
        return queries.find(key);
    }

    /**
     * The job once the ledger has read everything of it that lay in Kafka when this was asked.
     *
     * @throws JobsUnavailableException when it cannot be waited for
     */
    public Optional<Job> findSurely(JobKey key) throws InterruptedException {
        TopicPartition partition = topics.events(key.id().toString());
        if (!ledger.awaitApplied(partition, topics.end(partition), LEDGER_PATIENCE)) {
            throw new JobsUnavailableException("the ledger is behind");
        }
        return queries.find(key);
    }
}
