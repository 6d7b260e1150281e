package dev.athanor.standalone.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Schedules of a tenant. */
@Command(
        name = "schedules",
        mixinStandardHelpOptions = true,
        description =
                "Lists, shows, pauses, resumes, runs and deletes schedules: functions that a dispatcher"
                        + " runs at the times of a cron expression.",
        subcommands = {
            SchedulesListCommand.class,
            SchedulesShowCommand.class,
            SchedulesPauseCommand.class,
            SchedulesResumeCommand.class,
            SchedulesRunCommand.class,
            SchedulesDeleteCommand.class
        })
final class SchedulesCommand implements Runnable {
    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "what to do? list, show, pause, resume, run or delete");
    }
}
