package dev.athanor.runtime;

import dev.athanor.runtime.protocol.AgentLink;
import dev.athanor.runtime.protocol.NestedFunction;
import dev.athanor.runtime.protocol.NestedReply;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.function.Consumer;

/**
 * The class loader of user code. Its parent is the JDK's, so that nothing of ours shows but the
 * protocol, in whose terms the API has other functions called: by this class loader, which is how
 * it finds the way out of the sandbox.
 */
final class UserClassLoader extends URLClassLoader implements AgentLink {

    static {
        registerAsParallelCapable();
    }

    private static final String SHOWN = AgentLink.class.getPackageName() + ".";

    private final AgentLink link;

    UserClassLoader(URL[] urls, AgentLink link) {
        super("user", urls, ClassLoader.getPlatformClassLoader());
        this.link = link;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        return name.startsWith(SHOWN)
                ? Class.forName(name, false, UserClassLoader.class.getClassLoader())
                : super.loadClass(name, resolve);
    }

    @Override
    public long payloadLimit() {
        return link.payloadLimit();
    }

    @Override
    public Runnable call(NestedFunction function, byte[] arguments, Consumer<NestedReply> replies)
            throws InterruptedException {
        return link.call(function, arguments, replies);
    }
}
