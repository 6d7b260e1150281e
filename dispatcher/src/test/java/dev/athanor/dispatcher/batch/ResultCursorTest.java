package dev.athanor.dispatcher.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ResultCursorTest {
    @Test
    void aCursorIsReadAsItWasWritten() {
        for (ResultCursor cursor :
                List.of(
                        ResultCursor.start(),
                        ResultCursor.of(1_000_000, List.of()),
                        ResultCursor.of(1_000_000, List.of(0, 127, 128, 16_384, 999_999)),
                        ResultCursor.of(
                                5_000,
                                IntStream.range(0, ResultCursor.MOST_OPEN).boxed().toList()))) {
            assertThat(ResultCursor.parse(cursor.text())).isEqualTo(cursor);
        }
    }

    @Test
    void aLargeOneFitsIntoTheAddressOfARequest() {
        ResultCursor cursor =
                ResultCursor.of(
                        1_000_000,
                        IntStream.range(0, ResultCursor.MOST_OPEN)
                                .map(i -> 120 * i)
                                .boxed()
                                .toList());

        assertThat(cursor.text()).hasSizeLessThan(14_000);
        assertThat(ResultCursor.parse(cursor.text())).isEqualTo(cursor);
    }

    @Test
    void whatIsNoCursorIsRefused() {
        for (String text : List.of("", "!", "=", "_w", "_____w", "A", "____fw")) {
            assertThatThrownBy(() -> ResultCursor.parse(text))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
