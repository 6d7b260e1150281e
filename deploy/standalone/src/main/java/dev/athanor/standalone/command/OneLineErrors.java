package dev.athanor.standalone.command;

import dev.athanor.agent.data.DataVolumeException;
import dev.athanor.agent.secret.SecretException;
import dev.athanor.api.AthanorException;
import dev.athanor.dispatcher.database.DatabaseException;
import dev.athanor.dispatcher.http.HttpException;
import dev.athanor.embedded.EmbeddedKafkaException;
import dev.athanor.embedded.EmbeddedPostgresException;
import dev.athanor.environment.isolation.IsolationException;
import dev.athanor.schemas.cluster.ClusterUnreachableException;
import dev.athanor.schemas.cluster.UnsupportedClusterException;
import dev.athanor.standalone.StandaloneException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Says in one line what a person can do something about; a trace is for our own mistakes. */
final class OneLineErrors implements IExecutionExceptionHandler {
    @Override
    public int handleExecutionException(
            Exception error, CommandLine commandLine, ParseResult parsed) {
        PrintWriter err = commandLine.getErr();
        if (isForPeople(error)) {
            err.println("athanor: " + error.getMessage());
        } else {
            error.printStackTrace(err);
        }
        err.flush();
        return ExitCode.SOFTWARE;
    }

    private static boolean isForPeople(Exception error) {
        return error instanceof StandaloneException
                || error instanceof EmbeddedKafkaException
                || error instanceof DispatcherException
                || error instanceof EmbeddedPostgresException
                || error instanceof DatabaseException
                || error instanceof HttpException
                || error instanceof DataVolumeException
                || error instanceof ClusterUnreachableException
                || error instanceof UnsupportedClusterException
                || error instanceof AthanorException
                || error instanceof SecretException
                || error instanceof IsolationException
                || error instanceof KafkaException
                || error instanceof UncheckedIOException
                || error instanceof IllegalArgumentException;
    }
}
