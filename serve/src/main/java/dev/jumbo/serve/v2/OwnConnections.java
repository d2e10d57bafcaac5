package dev.jumbo.serve.v2;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Connections of a server to itself, on which whole requests go the way that a caller's go: through sockets, headers and the guard. */
final class OwnConnections implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;
    private static final String LENGTH = "\r\ncontent-length: ";

    private final InetSocketAddress address;
    private final List<Socket> sockets = new ArrayList<>();
    private final List<InputStream> answers = new ArrayList<>();

    OwnConnections(InetSocketAddress address) {
        this.address = address;
    }

    /**
     * Sends a request on some connections at once and reads all answers.
     *
     * @return whether all of them were of status 200
     */
    boolean ask(byte[] request, int together) throws IOException {
        while (sockets.size() < together) {
            Socket socket = new Socket();
            sockets.add(socket);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(address, PATIENCE_MILLIS);
            answers.add(new BufferedInputStream(socket.getInputStream()));
        }
        for (int i = 0; i < together; i++) {
            sockets.get(i).getOutputStream().write(request);
        }
        boolean good = true;
        for (int i = 0; i < together; i++) {
            good &= readAnswer(answers.get(i)) == 200;
        }
        return good;
    }

    private static int readAnswer(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        for (int last4 = 0; last4 != 0x0d0a0d0a; ) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the connection ended before an answer");
            }
            head.write(next);
            last4 = last4 << 8 | next;
        }
        String lines = head.toString(StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        int at = lines.indexOf(LENGTH);
        int length = at < 0
                ? 0
                : Integer.parseInt(lines.substring(at + LENGTH.length(), lines.indexOf('\r', at + LENGTH.length()))
                        .strip());
        in.skipNBytes(length);
        return Integer.parseInt(lines.substring(9, 12));
    }

    @Override
    public void close() {
        for (Socket socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                // It is gone either way.
            }
        }
    }
}
