package dev.athanor.api.internal.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.athanor.schemas.LogLines;
import dev.athanor.schemas.Reply;
import dev.athanor.schemas.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReplyLoopTest implements ReplyListener {
    private final FakeCluster cluster = new FakeCluster();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final ReplyLoop loop =
            new ReplyLoop(
                    Subscription.open(
                            cluster, "default", Duration.ofSeconds(5), InstantSource.system()),
                    this);

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void recordsThatAreNotOursAreCounted() {
        loop.start();

        cluster.send(new byte[] {1, 2, 3});
        cluster.send(
                LogLines.newBuilder()
                        .setCorrelationId("id")
                        .setFirstIndex(0)
                        .setLines(List.of())
                        .build());

        await().until(() -> heard.contains("lines of id"));
        assertThat(loop.skipped()).isEqualTo(1);
    }

    @Test
    void topicsAreListedWhileRepliesAreRead() {
        loop.start();

        CompletableFuture<Set<String>> topics = loop.topics();

        assertThat(topics)
                .succeedsWithin(Duration.ofSeconds(5))
                .satisfies(names -> assertThat(names).contains(Topics.invocations("XS")));
    }

    @Test
    void aConsumerThatFailsIsReportedAndClosed() {
        cluster.consumers.get(0).setPollException(new KafkaException("broken"));

        loop.start();

        await().until(() -> cluster.consumers.get(0).closed());
        assertThat(heard).contains("failed: broken");
    }

    @Override
    public void reply(Reply reply) {
        heard.add("reply " + reply.getCorrelationId());
    }

    @Override
    public void logLines(LogLines lines) {
        heard.add("lines of " + lines.getCorrelationId());
    }

    @Override
    public void tick() {}

    @Override
    public void failed(Exception cause) {
        heard.add("failed: " + cause.getMessage());
    }
}
