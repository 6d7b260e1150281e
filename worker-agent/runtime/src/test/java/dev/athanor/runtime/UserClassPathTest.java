package dev.athanor.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.athanor.runtime.protocol.AgentLink;
import dev.athanor.runtime.protocol.NestedFunction;
import dev.athanor.runtime.protocol.NestedReply;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserClassPathTest {

    private static final AgentLink NO_LINK =
            new AgentLink() {
                @Override
                public long payloadLimit() {
                    return 42;
                }

                @Override
                public Runnable call(
                        NestedFunction function, byte[] arguments, Consumer<NestedReply> replies) {
                    throw new IllegalStateException("nobody is here");
                }
            };

    @Test
    void servesItsEntriesInOrder(@TempDir Path folder) throws Exception {
        Path first = Files.createDirectory(folder.resolve("with space"));
        Path second = Files.createDirectory(folder.resolve("second"));
        Files.writeString(first.resolve("x.txt"), "first");
        Files.writeString(second.resolve("x.txt"), "second");

        try (URLClassLoader loader =
                UserClassPath.open(List.of(first.toString(), second.toString()), NO_LINK)) {
            assertThat(loader.getResourceAsStream("x.txt")).hasContent("first");
        }
    }

    @Test
    void showsTheJdkAndNothingThatRunsTheSandbox() throws Exception {
        try (URLClassLoader loader = UserClassPath.open(List.of(), NO_LINK)) {
            assertThat(loader.loadClass("java.sql.Date")).isNotNull();
            assertThatExceptionOfType(ClassNotFoundException.class)
                    .isThrownBy(() -> loader.loadClass(SandboxMain.class.getName()));
        }
    }

    @Test
    void isTheWayToTheAgentInTermsOfItsOwnProtocol() throws Exception {
        try (URLClassLoader loader = UserClassPath.open(List.of(), NO_LINK)) {
            assertThat(loader.loadClass(AgentLink.class.getName())).isSameAs(AgentLink.class);
            assertThat(((AgentLink) loader).payloadLimit()).isEqualTo(42);
        }
    }

    @Test
    void namesAnEntryThatIsMissing(@TempDir Path folder) {
        String missing = folder.resolve("missing.jar").toString();

        assertThatExceptionOfType(InvalidClassPathException.class)
                .isThrownBy(() -> UserClassPath.open(List.of(missing), NO_LINK))
                .withMessageContaining(missing);
    }
}
