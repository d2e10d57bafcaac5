package dev.jumbo.serve.access;

import dev.jumbo.error.InputException;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** A set of networks, written as addresses with or without the length of their prefix: {@code 10.0.0.0/8}, {@code ::1}. */
final class Networks {
    private record Network(byte[] address, int prefix) {
        boolean contains(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            for (int bit = 0; bit < prefix; bit++) {
                int mask = 0x80 >> (bit % 8);
                if (((address[bit / 8] ^ other[bit / 8]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    private final List<Network> networks;

    private Networks(List<Network> networks) {
        this.networks = networks;
    }

    /** @throws InputException at the first text that is no network; names are not looked up */
    static Networks of(List<String> texts) {
        List<Network> networks = new ArrayList<>();
        for (String text : texts) {
            int slash = text.indexOf('/');
            byte[] address = NetUtil.createByteArrayFromIpAddressString(slash < 0 ? text : text.substring(0, slash));
            int bits = address == null ? 0 : address.length * 8;
            String prefix = slash < 0 ? Integer.toString(bits) : text.substring(slash + 1);
            if (address == null || !prefix.matches("\\d{1,3}") || Integer.parseInt(prefix) > bits) {
                throw new InputException(
                        "serve.access.forwarded: expected an address such as 10.1.2.3 or a network such as"
                                + " 10.0.0.0/8, received \"" + text + "\"");
            }
            networks.add(new Network(address, Integer.parseInt(prefix)));
        }
        return new Networks(networks);
    }

    boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        for (Network network : networks) {
            if (network.contains(bytes)) {
                return true;
            }
        }
        return false;
    }
}
