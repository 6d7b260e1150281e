package dev.athanor.environment.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RedactionTest {
    @Test
    void userAndPasswordOfUrlsAreReplaced() {
        assertThat(
                        new Redaction(List.of())
                                .line("from https://jane:s3cr3t@host/a and http://p@ss@other:1/b"))
                .isEqualTo("from https://***@host/a and http://***@other:1/b");
    }

    @Test
    void knownSecretsAreReplacedLongestFirst() {
        assertThat(
                        new Redaction(List.of("hunter", "hunter22", "no"))
                                .line("no hunter22 and hunter"))
                .isEqualTo("no *** and ***");
    }

    @Test
    void textBecomesOneLine() {
        assertThat(new Redaction(List.of()).line(" one\n\ttwo\r\nthree \n"))
                .isEqualTo("one two three");
    }
}
