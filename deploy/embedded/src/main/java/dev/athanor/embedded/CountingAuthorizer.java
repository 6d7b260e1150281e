package dev.athanor.embedded;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.stats.CumulativeCount;
import org.apache.kafka.metadata.authorizer.StandardAuthorizer;
import org.apache.kafka.server.authorizer.Action;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;
import org.apache.kafka.server.authorizer.AuthorizationResult;

/** Kafka's own authorizer, which counts what it denies where somebody asked for it. */
public final class CountingAuthorizer extends StandardAuthorizer {
    static final String DENIED = "denied-total";

    private volatile Optional<Sensor> denied = Optional.empty();

    @Override
    public void withPluginMetrics(PluginMetrics metrics) {
        super.withPluginMetrics(metrics);
        Sensor sensor = metrics.addSensor("athanor-denied");
        boolean isNew =
                sensor.add(
                        metrics.metricName(
                                DENIED, "What was asked for and denied", new LinkedHashMap<>()),
                        new CumulativeCount());
        denied = isNew ? Optional.of(sensor) : Optional.empty();
    }

    @Override
    public List<AuthorizationResult> authorize(
            AuthorizableRequestContext context, List<Action> actions) {
        List<AuthorizationResult> results = super.authorize(context, actions);
        for (int i = 0; i < actions.size(); i++) {
            // What a listing leaves out was not asked for by name.
            if (results.get(i) == AuthorizationResult.DENIED && actions.get(i).logIfDenied()) {
                denied.ifPresent(Sensor::record);
            }
        }
        return results;
    }
}
