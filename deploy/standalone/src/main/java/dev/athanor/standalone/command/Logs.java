package dev.athanor.standalone.command;

import java.nio.file.Path;

/** Where the logging backend writes, which it asks for when the first logger is made. */
final class Logs {
    private Logs() {}

    static void writeTo(Path folder) {
        System.setProperty("athanor.log.folder", folder.toString());
    }
}
