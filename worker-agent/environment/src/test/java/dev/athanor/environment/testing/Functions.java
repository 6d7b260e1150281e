package dev.athanor.environment.testing;

import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.locks.LockSupport;

/** User code. It mentions nothing but the JDK, which is all that its sandbox has. */
public final class Functions {

    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private static final List<byte[]> LEAK = new ArrayList<>();

    private Functions() {}

    /** A value with methods to refer to. */
    public record Greeter(String word) implements Serializable {
        /** Returns the word and a name. */
        public String greet(String name) {
            return word + " " + name;
        }
    }

    /** An exception whose fields cannot be serialized. */
    @SuppressWarnings("serial")
    public static final class HeavyException extends RuntimeException {
        private final Object heavy = new Object();

        HeavyException(String message) {
            super(message);
        }

        Object heavy() {
            return heavy;
        }
    }

    static final class Node implements Serializable {
        private static final long serialVersionUID = 1L;
        private final Node next;

        Node(Node next) {
            this.next = next;
        }

        Node next() {
            return next;
        }
    }

    public static Function<String> hello() {
        return () -> "Hello World";
    }

    public static Function<String> capturing(String text, int number, List<Long> list) {
        return () -> text + number + list;
    }

    public static Function<String> bound(Greeter greeter) {
        return greeter::word;
    }

    public static Object echo(Object value) {
        return value;
    }

    /** Names of what is in a folder, in order. */
    public static Function<String> names(String folder) {
        return () -> {
            String[] names = new File(folder).list();
            Arrays.sort(names);
            return String.join(",", names);
        };
    }

    public static Function<String> reading(String file) {
        return () -> Files.readString(Path.of(file));
    }

    public static Function<String> writing(String file, String text) {
        return () -> Files.writeString(Path.of(file), text).toString();
    }

    /** Makes a link in the working directory. */
    public static Function<String> linking(String name, String target) {
        return () -> Files.createSymbolicLink(Path.of(name), Path.of(target)).toString();
    }

    public static Function<String> variable(String name) {
        return () -> System.getenv(name);
    }

    public static Function<Long> pid() {
        return () -> ProcessHandle.current().pid();
    }

    public static Function<Object> throwing() {
        return () -> {
            IOException cause = new IOException("disk on fire");
            IllegalStateException thrown = new IllegalStateException("no luck", cause);
            thrown.addSuppressed(new ArithmeticException("by the way"));
            throw thrown;
        };
    }

    public static Function<Object> throwingInACircle() {
        return () -> {
            Exception first = new Exception("first");
            Exception second = new Exception("second", first);
            first.initCause(second);
            throw first;
        };
    }

    public static Function<Object> throwingUnserializable() {
        return () -> {
            throw new HeavyException("too heavy");
        };
    }

    public static Function<Object> exiting(int status) {
        return () -> {
            System.out.println("about to exit");
            System.exit(status);
            return null;
        };
    }

    public static Function<Object> exitingElsewhere(int status) {
        return () -> {
            new Thread(() -> System.exit(status)).start();
            new CountDownLatch(1).await();
            return null;
        };
    }

    public static Function<Object> halting(int status) {
        return () -> {
            Runtime.getRuntime().halt(status);
            return null;
        };
    }

    public static Function<Object> overflowing() {
        return () -> depth(1);
    }

    private static int depth(int depth) {
        return depth < 0 ? 0 : depth(depth + 1) + 1;
    }

    public static Function<Object> leaking() {
        return () -> {
            while (true) {
                LEAK.add(new byte[1 << 20]);
            }
        };
    }

    public static Function<Object> unserializable() {
        return Object::new;
    }

    public static Function<Object> nested(int depth) {
        return () -> {
            Node node = null;
            for (int i = 0; i < depth; i++) {
                node = new Node(node);
            }
            return node;
        };
    }

    public static Function<Object> large(int bytes) {
        return () -> new byte[bytes];
    }

    /** Prints, then waits for a file to appear. */
    public static Function<String> printingAndWaiting(String line, String file) {
        return () -> {
            System.out.println(line);
            awaitFile(Path.of(file));
            return "seen";
        };
    }

    public static Function<Object> printing(String out, String err) {
        return () -> {
            System.out.print(out);
            System.err.print(err);
            return null;
        };
    }

    public static Function<Object> printingLines(int count) {
        return () -> {
            for (int i = 0; i < count; i++) {
                System.out.println("line number " + i);
            }
            return null;
        };
    }

    public static Function<Object> printingFromAChild() {
        return () -> {
            String script = "echo from child; echo child error >&2; printf 'no end'";
            return new ProcessBuilder("sh", "-c", script).inheritIO().start().waitFor();
        };
    }

    /** Leaves a thread behind that prints when the file is there. */
    public static Function<Object> printingLate(String go, String done) {
        return () -> {
            Thread late =
                    new Thread(() -> {
                        awaitFile(Path.of(go));
                        System.out.println("too late");
                        write(Path.of(done));
                    });
            late.start();
            return null;
        };
    }

    public static Function<Object> waiting() {
        return () -> {
            System.out.println("waiting");
            new CountDownLatch(1).await();
            return null;
        };
    }

    @SuppressWarnings({"InterruptedExceptionSwallowed", "UnusedException"})
    public static Function<Object> ignoringInterrupts() {
        return () -> {
            System.out.println("waiting");
            while (true) {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    System.out.println("no thanks");
                }
            }
        };
    }

    public static Function<Boolean> isInterrupted() {
        return () -> Thread.currentThread().isInterrupted();
    }

    public static Function<Map<String, String>> environment() {
        return () -> new TreeMap<>(System.getenv());
    }

    public static Function<String> property(String name) {
        return () -> System.getProperty(name);
    }

    public static Function<String> classNamed(String name) {
        return () -> Class.forName(name).getName();
    }

    public static Function<Boolean> loadersAgree() {
        return () -> {
            ClassLoader mine = Functions.class.getClassLoader();
            ClassLoader pooled =
                    ForkJoinPool.commonPool()
                            .submit(() -> Thread.currentThread().getContextClassLoader())
                            .get();
            return mine.equals(Thread.currentThread().getContextClassLoader())
                    && mine.equals(pooled);
        };
    }

    public static Function<Integer> readingInput() {
        return () -> System.in.read();
    }

    public static Function<String> leavingFiles() {
        return () -> {
            Path folder = Path.of("").toAbsolutePath();
            Files.createDirectories(folder.resolve("a/b"));
            Files.writeString(folder.resolve("a/b/c.txt"), "left behind");
            Files.createTempFile("left", "behind");
            return folder.toString();
        };
    }

    /** Starts a process that would run for long; returns its pid. */
    public static Function<Long> startingAChild() {
        return () -> new ProcessBuilder("sleep", "600").inheritIO().start().pid();
    }

    /** More than a small machine type has, half of it outside of the heap. */
    public static Function<Object> fillingHeapAndNativeMemory(int megabytes) {
        return () -> {
            List<Object> kept = new ArrayList<>();
            for (int i = 0; i < megabytes / 2; i++) {
                kept.add(new byte[1 << 20]);
                ByteBuffer outside = ByteBuffer.allocateDirect(1 << 20);
                while (outside.hasRemaining()) {
                    outside.put((byte) 1);
                }
                kept.add(outside);
            }
            return kept.size();
        };
    }

    /** Leaves a process behind that its parent does not know of any more, and exits. */
    public static Function<Object> leavingAChild(String pidFile, String seconds) {
        return () -> {
            new ProcessBuilder(
                            "/bin/sh",
                            "-c",
                            "(setsid sleep \"$1\" >/dev/null 2>&1 & echo $! > \"$0\")",
                            pidFile,
                            seconds)
                    .start()
                    .waitFor();
            System.exit(0);
            return null;
        };
    }

    public static Function<Object> spinning(long millis) {
        return () -> {
            long end = System.nanoTime() + millis * 1_000_000;
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            return null;
        };
    }

    private static void awaitFile(Path file) {
        long start = System.nanoTime();
        while (!Files.exists(file)) {
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                throw new IllegalStateException(file + " did not appear");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static void write(Path file) {
        try {
            Files.createFile(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
