package dev.athanor.runtime.json;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a text of RFC 8259 into null, booleans, strings, {@link BigDecimal}s, lists and maps.
 * Strict: nothing beyond the grammar, no name twice in an object.
 */
final class JsonReader {
    static final int MAX_DEPTH = 256;

    private static final int MAX_NUMBER = 1_000;
    private static final int HEXADECIMAL = 16;
    private static final int ESCAPED_DIGITS = 4;

    private final String text;
    private int at;

    private JsonReader(String text) {
        this.text = text;
    }

    static @Nullable Object read(byte[] bytes) throws JsonException {
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new JsonException("JSON is to be in UTF-8", e);
        }
        JsonReader reader = new JsonReader(text);
        Object value = reader.value(0);
        reader.skipSpace();
        if (reader.at < text.length()) {
            throw reader.unexpected("the end");
        }
        return value;
    }

    private @Nullable Object value(int depth) throws JsonException {
        if (depth > MAX_DEPTH) {
            throw new JsonException("JSON that is nested more than " + MAX_DEPTH + " deep");
        }
        skipSpace();
        return switch (peek()) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, @Nullable Object> object(int depth) throws JsonException {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        at++;
        skipSpace();
        if (takes('}')) {
            return values;
        }
        do {
            skipSpace();
            String name = string();
            skipSpace();
            expect(':');
            if (values.containsKey(name)) {
                throw new JsonException("JSON with \"" + name + "\" twice in one object");
            }
            values.put(name, value(depth + 1));
            skipSpace();
        } while (takes(','));
        expect('}');
        return values;
    }

    private List<@Nullable Object> array(int depth) throws JsonException {
        List<@Nullable Object> values = new ArrayList<>();
        at++;
        skipSpace();
        if (takes(']')) {
            return values;
        }
        do {
            values.add(value(depth + 1));
            skipSpace();
        } while (takes(','));
        expect(']');
        return values;
    }

    private @Nullable Object word(String word, @Nullable Object value) throws JsonException {
        if (!text.startsWith(word, at)) {
            throw unexpected("a value");
        }
        at += word.length();
        return value;
    }

    private String string() throws JsonException {
        expect('"');
        StringBuilder value = new StringBuilder();
        while (true) {
            char next = peek();
            if (next < ' ') {
                throw unexpected("a string's end");
            }
            at++;
            if (next == '"') {
                return value.toString();
            }
            value.append(next == '\\' ? escaped() : next);
        }
    }

    private char escaped() throws JsonException {
        char next = peek();
        at++;
        return switch (next) {
            case '"', '\\', '/' -> next;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> codeUnit();
            default -> {
                at--;
                throw unexpected("an escape");
            }
        };
    }

    private char codeUnit() throws JsonException {
        int value = 0;
        for (int i = 0; i < ESCAPED_DIGITS; i++) {
            char next = peek();
            int digit = next < 128 ? Character.digit(next, HEXADECIMAL) : -1;
            if (digit < 0) {
                throw unexpected("4 hexadecimal digits");
            }
            value = value * HEXADECIMAL + digit;
            at++;
        }
        return (char) value;
    }

    private BigDecimal number() throws JsonException {
        int start = at;
        if (!takes('-') && !isDigit()) {
            throw unexpected("a value");
        }
        if (!takes('0')) {
            digits();
        }
        if (takes('.')) {
            digits();
        }
        if (takes('e') || takes('E')) {
            if (!takes('+')) {
                takes('-');
            }
            digits();
        }
        if (at - start > MAX_NUMBER) {
            throw new JsonException("JSON with a number of " + (at - start) + " characters");
        }
        try {
            return new BigDecimal(text.substring(start, at));
        } catch (NumberFormatException e) {
            throw new JsonException("JSON with a number beyond all bounds", e);
        }
    }

    private void digits() throws JsonException {
        if (!isDigit()) {
            throw unexpected("a digit");
        }
        while (isDigit()) {
            at++;
        }
    }

    private boolean isDigit() {
        return at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
    }

    private void skipSpace() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() throws JsonException {
        if (at >= text.length()) {
            throw unexpected("more");
        }
        return text.charAt(at);
    }

    private boolean takes(char wanted) {
        boolean isThere = at < text.length() && text.charAt(at) == wanted;
        at += isThere ? 1 : 0;
        return isThere;
    }

    private void expect(char wanted) throws JsonException {
        if (!takes(wanted)) {
            throw unexpected("'" + wanted + "'");
        }
    }

    private JsonException unexpected(String wanted) {
        String found = at < text.length() ? "'" + text.charAt(at) + "'" : "the end";
        return new JsonException(
                "no JSON: "
                        + found
                        + " at character "
                        + (at + 1)
                        + ", where "
                        + wanted
                        + " was expected");
    }
}
