package dev.athanor.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A certificate authority of a cluster's own and the certificate of its node, made by the JDK's
 * keytool and kept in a folder that only its owner may read.
 *
 * @param authority the authority's certificate, in PEM: what clients trust
 * @param keyStore the node's key and certificate, in PKCS #12
 * @param password of the key store
 */
public record TlsFiles(Path authority, Path keyStore, String password) {
    /** The common name of the node's certificate. */
    static final String NODE = "athanor-node";

    private static final String DAYS = "3650";
    private static final String PASSWORD_VARIABLE = "ATHANOR_STORE_PASSWORD";
    private static final long PATIENCE_SECONDS = 60;

    /**
     * Those of the folder, made where they are missing.
     *
     * @throws EmbeddedKafkaException when they cannot be made
     */
    public static TlsFiles in(Path folder) {
        Path authority = folder.resolve("ca.pem");
        Path keyStore = folder.resolve("node.p12");
        Path secret = folder.resolve("node.password");
        try {
            makePrivate(folder);
            // The last to be written: without it, an earlier start was cut short.
            if (!Files.exists(authority)) {
                Files.deleteIfExists(secret);
                Files.writeString(secret, randomPassword());
                make(folder, authority, keyStore, Files.readString(secret));
            }
            return new TlsFiles(authority, keyStore, Files.readString(secret));
        } catch (IOException e) {
            throw new EmbeddedKafkaException(
                    "cannot make certificates in %s: %s".formatted(folder, e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedKafkaException("interrupted while certificates were made", e);
        }
    }

    private static void makePrivate(Path folder) throws IOException {
        Files.createDirectories(folder);
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
    }

    private static String randomPassword() {
        byte[] bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Both keys are made in one store, so that one signs the other; the node's moves out. */
    private static void make(Path folder, Path authority, Path keyStore, String password)
            throws IOException, InterruptedException {
        Path both = folder.resolve("ca.p12");
        Files.deleteIfExists(both);
        Files.deleteIfExists(keyStore);
        List<String> pair = List.of("-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1");
        List<String> store = List.of("-keystore", both.toString(), "-storetype", "PKCS12");
        keytool(
                password,
                pair,
                store,
                List.of("-alias", "ca", "-dname", "CN=Athanor CA", "-validity", DAYS),
                List.of("-ext", "bc:c=ca:true,pathlen:0", "-ext", "ku:c=keyCertSign"));
        keytool(
                password,
                pair,
                store,
                List.of("-alias", "node", "-dname", "CN=" + NODE, "-validity", DAYS),
                List.of("-signer", "ca", "-ext", "san=dns:localhost,ip:127.0.0.1"));
        keytool(
                password,
                List.of("-importkeystore", "-noprompt", "-srcalias", "node"),
                List.of("-srckeystore", both.toString(), "-srcstorepass:env", PASSWORD_VARIABLE),
                List.of("-destkeystore", keyStore.toString(), "-deststoretype", "PKCS12"));
        Path part = folder.resolve("ca.pem.part");
        keytool(
                password,
                List.of("-exportcert", "-rfc", "-alias", "ca", "-file", part.toString()),
                store);
        Files.move(part, authority);
    }

    /** The password goes by the environment, which no list of processes shows. */
    @SafeVarargs
    private static void keytool(String password, List<String>... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        for (List<String> some : arguments) {
            command.addAll(some);
        }
        boolean isImport = command.contains("-importkeystore");
        command.add(isImport ? "-deststorepass:env" : "-storepass:env");
        command.add(PASSWORD_VARIABLE);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put(PASSWORD_VARIABLE, password);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("keytool did not end: " + said);
        }
        if (process.exitValue() != 0) {
            throw new IOException("keytool failed: " + said.strip());
        }
    }

    @Override
    public String toString() {
        return "TlsFiles[authority=%s, keyStore=%s]".formatted(authority, keyStore);
    }
}
