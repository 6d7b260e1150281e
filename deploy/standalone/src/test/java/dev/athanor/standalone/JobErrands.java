package dev.athanor.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/** Functions of jobs. They need nothing but the JDK. */
final class JobErrands {
    private JobErrands() {}

    static String greet(String name) {
        System.out.println("greeting " + name);
        return "Hello " + name;
    }

    static String fail(String message) {
        throw new IllegalStateException(message);
    }

    /** As many bytes as the number says, each one its index. */
    static byte[] bytes(String count) {
        byte[] bytes = new byte[Integer.parseInt(count)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    /** Adds its process's id to the file, then waits until there is one that ends with "go". */
    static String runUntil(String file) throws IOException, InterruptedException {
        Files.writeString(
                Path.of(file),
                ProcessHandle.current().pid() + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        while (!Files.exists(Path.of(file + ".go"))) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return "ran";
    }

    static String print(String lines) {
        int count = Integer.parseInt(lines);
        for (int i = 0; i < count; i++) {
            System.out.println("line " + i);
        }
        return lines;
    }
}
