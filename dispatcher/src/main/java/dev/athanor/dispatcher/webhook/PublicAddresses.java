package dev.athanor.dispatcher.webhook;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;

/**
 * Tells addresses of the internet from those of a network of one's own: the operator's machines
 * must not be reached by way of the dispatcher.
 */
final class PublicAddresses {
    /** Networks of version 4 that are nobody's on the internet, as address and length. */
    private static final List<Network> PRIVATE_4 =
            List.of(
                    network("0.0.0.0", 8),
                    network("10.0.0.0", 8),
                    network("100.64.0.0", 10),
                    network("127.0.0.0", 8),
                    network("169.254.0.0", 16),
                    network("172.16.0.0", 12),
                    network("192.0.0.0", 24),
                    network("192.0.2.0", 24),
                    network("192.88.99.0", 24),
                    network("192.168.0.0", 16),
                    network("198.18.0.0", 15),
                    network("198.51.100.0", 24),
                    network("203.0.113.0", 24),
                    network("224.0.0.0", 3));

    /** Of version 6, only these are the internet's; what leads to version 4 is left out below. */
    private static final Network GLOBAL_6 = network("2000::", 3);

    private static final List<Network> PRIVATE_6 =
            List.of(network("2001::", 23), network("2001:db8::", 32), network("2002::", 16));

    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Network(byte[] address, int length) {
        boolean contains(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            for (int bit = 0; bit < length; bit++) {
                int mask = 0x80 >> (bit % 8);
                if ((other[bit / 8] & mask) != (address[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    private PublicAddresses() {}

    private static Network network(String literal, int length) {
        return new Network(InetAddress.ofLiteral(literal).getAddress(), length);
    }

    /** Whether it is of the internet. */
    static boolean contain(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (address instanceof Inet6Address) {
            return GLOBAL_6.contains(bytes)
                    && PRIVATE_6.stream().noneMatch(network -> network.contains(bytes));
        }
        return PRIVATE_4.stream().noneMatch(network -> network.contains(bytes));
    }
}
