package dev.athanor.dispatcher.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookUrlTest {
    @Test
    void anAddressIsTakenApart() {
        assertThat(WebhookUrl.parse("https://acme.test/hook?a=b%20c#part"))
                .isEqualTo(new WebhookUrl(true, "acme.test", 443, "/hook?a=b%20c"));
        assertThat(WebhookUrl.parse("HTTP://acme.test:8080"))
                .isEqualTo(new WebhookUrl(false, "acme.test", 8080, "/"));
        WebhookUrl literal = WebhookUrl.parse("http://[::1]:81/x");
        assertThat(literal.host()).isEqualTo("::1");
        assertThat(literal.authority()).isEqualTo("[::1]:81");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "acme.test",
                "/hook",
                "ftp://acme.test/",
                "file:///etc/passwd",
                "https://user:secret@acme.test/",
                "https://",
                "https://acme.test:0/",
                "https://acme.test:65536/",
                "https://acme.test/\r\nHost: other",
                "https://acme.test/a b",
                "https://ächme.test/"
            })
    void whatCannotBeToldIsRefused(String address) {
        assertThatThrownBy(() -> WebhookUrl.parse(address))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> WebhookUrl.parse("https://acme.test/" + "x".repeat(3_000)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
