package dev.athanor.standalone;

/** A function of a test, in a class that needs nothing but the JDK. */
final class Greeting {
    private Greeting() {}

    static String hello() {
        return "Hello World";
    }

    static String token() {
        return System.getenv("TOKEN");
    }
}
