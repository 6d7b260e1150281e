package dev.athanor.schemas;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.avro.Protocol;
import org.apache.avro.Schema;

/**
 * The schemas of earlier releases, whose records may still lie in topics.
 *
 * <p>Each release adds its protocol, as {@code Wire.PROTOCOL} prints it, to the resource folder
 * {@code released} and its file name to {@code released/index}.
 */
final class ReleasedSchemas {
    private ReleasedSchemas() {}

    static List<Schema> load() {
        return read("released/index")
                .lines()
                .filter(line -> !line.isBlank())
                .map(file -> Protocol.parse(read("released/" + file)))
                .flatMap(protocol -> protocol.getTypes().stream())
                .filter(type -> type.getType() == Schema.Type.RECORD)
                .toList();
    }

    private static String read(String resource) {
        try (InputStream in = ReleasedSchemas.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("missing resource " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
