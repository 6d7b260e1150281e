package dev.athanor.agent.testing;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** Functions that nobody wants to run. */
public final class Hostile {
    private static final List<Object> LEAK = new ArrayList<>();

    private Hostile() {}

    /** An exception with a field that cannot be serialized. */
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

    /** A list that is nested as deep as it is long. */
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

    /** Defines one class under many names, none of which is ever unloaded. */
    private static final class ManyClasses extends ClassLoader {
        private final byte[] template;

        ManyClasses(byte[] template) {
            super(Hostile.class.getClassLoader());
            this.template = template;
        }

        Class<?> define() {
            return defineClass(null, template, 0, template.length);
        }
    }

    public static String halt(int status) {
        Runtime.getRuntime().halt(status);
        return "unreachable";
    }

    public static String exhaustHeap() {
        while (true) {
            LEAK.add(new byte[1 << 20]);
        }
    }

    public static String exhaustMetaspace() {
        String own = Hostile.class.getName().replace('.', '/') + ".class";
        try (var in = Hostile.class.getClassLoader().getResourceAsStream(own)) {
            byte[] template = in.readAllBytes();
            while (true) {
                LEAK.add(new ManyClasses(template).define());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static int overflowStack(int depth) {
        return depth < 0 ? 0 : overflowStack(depth + 1) + 1;
    }

    @SuppressWarnings({"InterruptedExceptionSwallowed", "UnusedException"})
    public static String ignoreInterrupts() {
        while (true) {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                System.out.println("no thanks");
            }
        }
    }

    public static String closeOutput() throws IOException {
        System.out.println("before");
        new FileOutputStream(FileDescriptor.out).close();
        new FileOutputStream(FileDescriptor.err).close();
        System.err.close();
        System.out.close();
        System.setOut(new PrintStream(System.out, true));
        return "closed";
    }

    public static String print(String line) {
        System.out.println(line);
        return line;
    }

    public static String printWithoutEnd() {
        while (true) {
            System.out.println("and another one");
        }
    }

    public static String startThreadsWithoutEnd() {
        while (true) {
            Thread.ofPlatform().daemon().start(LockSupport::park);
        }
    }

    public static String deadlock() throws InterruptedException {
        Object first = new Object();
        Object second = new Object();
        CountDownLatch bothHaveOne = new CountDownLatch(2);
        Thread other = new Thread(() -> lockBoth(second, first, bothHaveOne));
        other.start();
        lockBoth(first, second, bothHaveOne);
        other.join();
        return "unreachable";
    }

    private static void lockBoth(Object first, Object second, CountDownLatch bothHaveOne) {
        synchronized (first) {
            bothHaveOne.countDown();
            while (bothHaveOne.getCount() > 0) {
                Thread.onSpinWait();
            }
            synchronized (second) {
                System.out.println("no deadlock");
            }
        }
    }

    public static String throwUnserializable() {
        throw new HeavyException("too heavy");
    }

    /** Throws an exception of a library that only the sandbox has. */
    public static String throwForeign(String className) throws Exception {
        Constructor<?> constructor = Class.forName(className).getConstructor(String.class);
        throw (Exception) constructor.newInstance("only there");
    }

    public static String throwInACircle() throws Exception {
        Exception first = new Exception("first");
        Exception second = new Exception("second", first);
        first.initCause(second);
        throw first;
    }

    /** Throws what, described in full, would exceed a record many times over. */
    public static String throwHugely() {
        RuntimeException thrown = new IllegalStateException("x".repeat(1 << 20));
        for (int i = 0; i < 40; i++) {
            RuntimeException next = new IllegalStateException("y".repeat(1 << 20), thrown);
            StackTraceElement[] frames = new StackTraceElement[1_000];
            Arrays.fill(frames, new StackTraceElement("c".repeat(500), "m".repeat(500), "f", i));
            next.setStackTrace(frames);
            thrown = next;
        }
        throw thrown;
    }

    public static Object returnUnserializable() {
        return new Object();
    }

    public static Object returnNested(int depth) {
        Node node = null;
        for (int i = 0; i < depth; i++) {
            node = new Node(node);
        }
        return node;
    }

    /** What makes a careless reader look up a host's name, the first step of many an attack. */
    public static Object returnGadget() throws URISyntaxException, IOException {
        Map<Object, String> gadget = new HashMap<>();
        gadget.put(new URI("http://gadget.invalid/").toURL(), "boo");
        return gadget;
    }

    public static String writeIdAndWaitForTheEnd(String file) throws Exception {
        Path part = Path.of(file + ".part");
        Files.writeString(part, Long.toString(ProcessHandle.current().pid()));
        Files.move(part, Path.of(file));
        new CountDownLatch(1).await();
        return "unreachable";
    }
}
