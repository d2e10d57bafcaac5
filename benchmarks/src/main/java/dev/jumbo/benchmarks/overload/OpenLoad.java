package dev.jumbo.benchmarks.overload;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Locale;

/**
 * Requests at a rate that does not ask how the server fares. Each has its time; where no connection is free by the deadline it is given up
 * unsent, as a client with a pool of connections does. Latency counts from when a request is sent, so a step says something of the server
 * only where few are unsent. One thread that never spins, so that the load takes little of the machine.
 */
final class OpenLoad {
    private final InetSocketAddress server;
    private final byte[] request;
    private final int connections;

    /** @param request whole, of HTTP/1.1 with keep-alive */
    OpenLoad(InetSocketAddress server, byte[] request, int connections) {
        this.server = server;
        this.request = request;
        this.connections = connections;
    }

    /**
     * What came of a step.
     *
     * @param good answers of 200 within the deadline, a second
     * @param refused answers of 503 or 429, a second
     * @param unsent no connection was free in time, a second
     * @param failed other answers, and none
     * @param late answers of 200 behind the deadline
     * @param p50 milliseconds of answers of 200
     * @param p99 likewise
     */
    record Step(double rate, double good, double refused, double unsent, int failed, int late, double p50, double p99) {
        String json() {
            return String.format(
                    Locale.ROOT,
                    "\"offered_per_s\":%.0f,\"good_per_s\":%.0f,\"refused_per_s\":%.0f,\"unsent_per_s\":%.0f,"
                            + "\"late\":%d,\"failed\":%d,\"p50_ms\":%.2f,\"p99_ms\":%.2f",
                    rate,
                    good,
                    refused,
                    unsent,
                    late,
                    failed,
                    p50,
                    p99);
        }
    }

    private static final class Connection {
        SocketChannel channel;
        ByteBuffer out;
        final ByteBuffer in = ByteBuffer.allocate(1 << 16);
        long due;

        Connection(SocketChannel channel, ByteBuffer out) {
            this.channel = channel;
            this.out = out;
        }
    }

    /** Offers a rate for some time. @param rate requests a second; infinite for as fast as answers come, on all connections */
    Step run(double rate, double seconds, double deadlineMillis) throws IOException {
        boolean closed = Double.isInfinite(rate);
        try (Selector selector = Selector.open()) {
            Deque<Connection> idle = new ArrayDeque<>();
            Deque<Long> waiting = new ArrayDeque<>();
            double[] latencies = new double[1 << 20];
            int count = 0;
            int open = 0;
            int good = 0;
            int refused = 0;
            int failed = 0;
            int late = 0;
            int flying = 0;
            int unsent = 0;
            long start = System.nanoTime();
            long end = start + (long) (seconds * 1e9);
            long next = start;
            long drained = end + 5_000_000_000L;
            while (true) {
                long now = System.nanoTime();
                if (now > drained || now > end && flying == 0) {
                    break;
                }
                while (!closed && next <= now && next < end) {
                    waiting.add(next);
                    next += (long) (1e9 / rate);
                }
                while (closed && now < end && flying + waiting.size() < connections) {
                    waiting.add(now);
                }
                while (!waiting.isEmpty() && (now > end || now - waiting.peek() > deadlineMillis * 1e6)) {
                    waiting.poll();
                    unsent++;
                }
                while (!waiting.isEmpty() && (!idle.isEmpty() || open < connections)) {
                    Connection connection = idle.poll();
                    if (connection == null) {
                        connection = connect(selector);
                        open++;
                    }
                    waiting.poll();
                    connection.due = System.nanoTime();
                    connection.out.clear();
                    flying++;
                    send(connection, selector);
                }
                selector.select(1); // never spins: the server may need this processor
                for (var keys = selector.selectedKeys().iterator(); keys.hasNext(); ) {
                    SelectionKey key = keys.next();
                    keys.remove();
                    Connection connection = (Connection) key.attachment();
                    if (key.isValid() && key.isWritable()) {
                        send(connection, selector);
                    }
                    int status = key.isValid() && key.isReadable() ? read(connection) : 0;
                    if (status == 0) {
                        continue;
                    }
                    flying--;
                    double millis = (System.nanoTime() - connection.due) / 1e6;
                    if (status == 200) {
                        latencies[count++ % latencies.length] = millis;
                        good += millis <= deadlineMillis ? 1 : 0;
                        late += millis <= deadlineMillis ? 0 : 1;
                    } else if (status == 503 || status == 429) {
                        refused++;
                    } else {
                        failed++;
                    }
                    if (connection.channel.isOpen()) {
                        idle.push(connection);
                    } else {
                        open--;
                    }
                }
            }
            failed += flying;
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            double[] sorted = Arrays.copyOf(latencies, Math.min(count, latencies.length));
            Arrays.sort(sorted);
            double took = seconds;
            return new Step(
                    closed ? (good + late) / took : rate,
                    good / took,
                    refused / took,
                    unsent / took,
                    failed,
                    late,
                    sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2],
                    sorted.length == 0 ? Double.NaN : sorted[(int) (sorted.length * 0.99)]);
        }
    }

    private Connection connect(Selector selector) throws IOException {
        SocketChannel channel = SocketChannel.open(server);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        Connection connection = new Connection(channel, ByteBuffer.wrap(request));
        channel.register(selector, SelectionKey.OP_READ, connection);
        return connection;
    }

    private static void send(Connection connection, Selector selector) throws IOException {
        try {
            connection.channel.write(connection.out);
        } catch (IOException e) {
            return; // reading tells
        }
        SelectionKey key = connection.channel.keyFor(selector);
        key.interestOps(
                connection.out.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }

    /** The status of a whole answer; 0 if it is not there yet, -1 if there is none. */
    private static int read(Connection connection) throws IOException {
        int read;
        try {
            read = connection.channel.read(connection.in);
        } catch (IOException e) {
            read = -1;
        }
        if (read < 0) {
            connection.channel.close();
            return -1;
        }
        String text = new String(connection.in.array(), 0, connection.in.position(), StandardCharsets.ISO_8859_1);
        int head = text.indexOf("\r\n\r\n");
        if (head < 0) {
            return 0;
        }
        String lower = text.substring(0, head).toLowerCase(Locale.ROOT);
        int at = lower.indexOf("content-length: ");
        int length = 0;
        for (int i = at + 16; at >= 0 && i < lower.length() && Character.isDigit(lower.charAt(i)); i++) {
            length = length * 10 + lower.charAt(i) - '0';
        }
        if (connection.in.position() < head + 4 + length) {
            return 0;
        }
        connection.in.clear();
        if (lower.contains("connection: close")) {
            connection.channel.close();
        }
        return Integer.parseInt(lower.substring(9, 12));
    }
}
