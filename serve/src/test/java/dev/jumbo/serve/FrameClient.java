package dev.jumbo.serve;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;

/**
 * A client of HTTP/2 without TLS, frame by frame (RFC 9113): several requests at once on one connection. Told to go, it opens no more
 * streams and waits for those that the GOAWAY says were taken; the others are for another server.
 */
final class FrameClient implements AutoCloseable {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int WINDOW_UPDATE = 8;
    private static final int ACK = 1;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;

    /** {@code :status 200} in the static table of HPACK (RFC 7541, appendix A). */
    private static final int OK = 0x88;

    private final Socket socket;
    private final DataInputStream in;
    private final byte[] head;
    private final byte[] body;
    private final Set<Integer> open = new TreeSet<>();
    private int next = 1;
    private int lastTaken = Integer.MAX_VALUE;

    int answered;
    int others;

    /** Streams that the server did not take: safe to ask again elsewhere. */
    int untaken;

    boolean told;

    FrameClient(int port, String path, String body) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        in = new DataInputStream(socket.getInputStream());
        this.body = body.getBytes(StandardCharsets.US_ASCII);
        var block = new ByteArrayOutputStream();
        block.write(0x83); // :method POST
        block.write(0x86); // :scheme http
        literal(block, new byte[] {4}, path); // :path
        literal(block, new byte[] {1}, "localhost"); // :authority
        literal(block, new byte[] {0x0f, 16}, "application/json"); // content-type, the 31st
        head = block.toByteArray();
        socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        send(SETTINGS, 0, 0, new byte[0]);
    }

    private static void literal(ByteArrayOutputStream block, byte[] name, String value) {
        block.writeBytes(name);
        block.write(value.length());
        block.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
    }

    /** Keeps so many requests open until it is told to go, and waits for the answers. @throws IOException if one that was taken is lost */
    void ask(int atOnce) throws IOException {
        while (!told || !open.isEmpty()) {
            while (!told && open.size() < atOnce) {
                send(HEADERS, END_HEADERS, next, head);
                send(DATA, END_STREAM, next, body);
                open.add(next);
                next += 2;
            }
            read();
        }
    }

    private void read() throws IOException {
        int first;
        try {
            first = in.readInt();
        } catch (EOFException e) {
            throw new IOException("the connection ended, and no answer came to " + open, e);
        }
        int length = first >>> 8;
        int type = first & 0xff;
        int flags = in.readUnsignedByte();
        int stream = in.readInt() & Integer.MAX_VALUE;
        byte[] payload = new byte[length];
        in.readFully(payload);
        switch (type) {
            case SETTINGS -> {
                if ((flags & ACK) == 0) {
                    send(SETTINGS, ACK, 0, new byte[0]);
                }
            }
            case PING -> {
                if ((flags & ACK) == 0) {
                    send(PING, ACK, 0, payload);
                }
            }
            case GOAWAY -> {
                told = true;
                lastTaken = Math.min(lastTaken, number(payload) & Integer.MAX_VALUE);
                int before = open.size();
                open.removeIf(each -> each > lastTaken);
                untaken += before - open.size();
            }
            case HEADERS -> {
                if (status(payload) != OK) {
                    others++;
                }
            }
            case DATA -> {
                if (length > 0) {
                    send(WINDOW_UPDATE, 0, 0, new byte[] {0, (byte) (length >> 16), (byte) (length >> 8), (byte) length
                    });
                }
            }
            case RST_STREAM -> throw new IOException("the stream " + stream + " was reset, error " + number(payload));
            default -> {}
        }
        if ((type == HEADERS || type == DATA) && (flags & END_STREAM) != 0 && open.remove(stream)) {
            answered++;
        }
    }

    /** The first byte that is no change of the table's size. */
    private static int status(byte[] block) {
        int at = 0;
        while ((block[at] & 0xe0) == 0x20) {
            boolean continued = (block[at] & 0x1f) == 0x1f;
            at++;
            while (continued) {
                continued = (block[at] & 0x80) != 0;
                at++;
            }
        }
        return block[at] & 0xff;
    }

    private static int number(byte[] payload) {
        return (payload[0] & 0xff) << 24 | (payload[1] & 0xff) << 16 | (payload[2] & 0xff) << 8 | payload[3] & 0xff;
    }

    private void send(int type, int flags, int stream, byte[] payload) throws IOException {
        byte[] frame = new byte[9 + payload.length];
        frame[0] = (byte) (payload.length >> 16);
        frame[1] = (byte) (payload.length >> 8);
        frame[2] = (byte) payload.length;
        frame[3] = (byte) type;
        frame[4] = (byte) flags;
        frame[5] = (byte) (stream >> 24);
        frame[6] = (byte) (stream >> 16);
        frame[7] = (byte) (stream >> 8);
        frame[8] = (byte) stream;
        System.arraycopy(payload, 0, frame, 9, payload.length);
        socket.getOutputStream().write(frame);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
