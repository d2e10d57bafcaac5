package dev.jumbo.serve;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A client of HTTP/2 that sends any frames (RFC 9113, 4.1), sensible or not. */
final class RawHttp2 implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;

    /** A frame that came. */
    record Frame(int type, int flags, int stream, byte[] payload) {}

    private final Socket socket;
    private final OutputStream out;
    private final DataInputStream in;

    /** Connects and says which settings it has, as pairs of identifier and value. */
    RawHttp2(int port, int... settings) throws IOException {
        socket = new Socket();
        socket.setReceiveBufferSize(8192);
        socket.connect(new java.net.InetSocketAddress("127.0.0.1", port));
        socket.setSoTimeout(10_000);
        out = new java.io.BufferedOutputStream(socket.getOutputStream(), 1 << 16);
        in = new DataInputStream(socket.getInputStream());
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        ByteBuffer payload = ByteBuffer.allocate(settings.length * 3);
        for (int i = 0; i < settings.length; i += 2) {
            payload.putShort((short) settings[i]).putInt(settings[i + 1]);
        }
        frame(SETTINGS, 0, 0, payload.array());
    }

    void frame(int type, int flags, int stream, byte[] payload) throws IOException {
        frame(type, flags, stream, payload, payload.length);
    }

    /** One that says another length than it has. */
    void frame(int type, int flags, int stream, byte[] payload, int length) throws IOException {
        out.write(ByteBuffer.allocate(9)
                .put((byte) (length >> 16))
                .putShort((short) length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .array());
        out.write(payload);
    }

    void flush() throws IOException {
        out.flush();
    }

    /** A request's head, of names and values, none of which goes into a table. */
    static byte[] head(String... fields) {
        var block = new ByteArrayOutputStream();
        for (int i = 0; i < fields.length; i += 2) {
            block.write(0);
            text(block, fields[i]);
            text(block, fields[i + 1]);
        }
        return block.toByteArray();
    }

    /** A length of 7 bits, or more behind them, and the letters as they are (RFC 7541, 5.2). */
    static void text(ByteArrayOutputStream block, String text) {
        int length = text.length();
        if (length < 127) {
            block.write(length);
        } else {
            block.write(127);
            int rest = length - 127;
            for (; rest >= 128; rest >>= 7) {
                block.write(rest & 127 | 128);
            }
            block.write(rest);
        }
        block.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The next frame; null where the connection is closed. */
    @Nullable
    Frame read() throws IOException {
        try {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            byte[] payload = new byte[length];
            in.readFully(payload);
            return new Frame(type, flags, stream, payload);
        } catch (EOFException | SocketException e) {
            return null;
        }
    }

    /** The code of the GOAWAY or of the end of a stream that comes; -1 where the connection ends without one. */
    int refusal() throws IOException {
        for (Frame frame = read(); frame != null; frame = read()) {
            if (frame.type() == GOAWAY) {
                return ByteBuffer.wrap(frame.payload()).getInt(4);
            }
            if (frame.type() == RST_STREAM) {
                return ByteBuffer.wrap(frame.payload()).getInt();
            }
        }
        return -1;
    }

    /** The code of the GOAWAY that comes before the connection ends; -1 where it ends without one, -2 where it goes on. */
    int goaway() throws IOException {
        int code = -1;
        try {
            for (Frame frame = read(); frame != null; frame = read()) {
                code = frame.type() == GOAWAY ? ByteBuffer.wrap(frame.payload()).getInt(4) : code;
            }
            return code;
        } catch (java.net.SocketTimeoutException e) {
            return -2;
        }
    }

    void timeout(int millis) throws SocketException {
        socket.setSoTimeout(millis);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
