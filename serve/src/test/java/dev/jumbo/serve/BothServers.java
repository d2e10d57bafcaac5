package dev.jumbo.serve;

import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.StatusOr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;

/** Where grpc-java finds several servers of one service: {@code both:///}. */
final class BothServers extends NameResolverProvider {
    private final List<EquivalentAddressGroup> addresses;

    BothServers(int... ports) {
        addresses = Arrays.stream(ports)
                .mapToObj(port ->
                        new EquivalentAddressGroup(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)))
                .toList();
    }

    @Override
    protected boolean isAvailable() {
        return true;
    }

    @Override
    protected int priority() {
        return 5;
    }

    @Override
    public String getDefaultScheme() {
        return "both";
    }

    @Override
    public NameResolver newNameResolver(URI target, NameResolver.Args args) {
        return new NameResolver() {
            @Override
            public String getServiceAuthority() {
                return "localhost";
            }

            @Override
            public void start(Listener2 listener) {
                listener.onResult(ResolutionResult.newBuilder()
                        .setAddressesOrError(StatusOr.fromValue(addresses))
                        .build());
            }

            @Override
            public void shutdown() {
                // Nothing was opened.
            }
        };
    }
}
