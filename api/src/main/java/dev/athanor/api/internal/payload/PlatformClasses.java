package dev.athanor.api.internal.payload;

/** Tells the JDK's classes, which are everywhere, from those that may need to be sent. */
final class PlatformClasses {
    private PlatformClasses() {}

    static boolean contain(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        return loader == null || loader.equals(ClassLoader.getPlatformClassLoader());
    }
}
