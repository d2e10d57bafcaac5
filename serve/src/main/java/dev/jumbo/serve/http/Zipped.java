package dev.jumbo.serve.http;

import com.linecorp.armeria.common.HttpData;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/** What is packed, and nothing behind it: Java's own streams pass over what follows, which another reader may take for more of the body. */
final class Zipped {
    private static final int LEAST_BUFFER = 512;

    private Zipped() {}

    /** What comes out; reading throws a {@link ZipException} or an {@link java.io.EOFException} where it is not whole and alone. */
    static InputStream open(HttpData packed, String coding) throws IOException {
        return coding.equals("deflate") ? new Deflated(packed.toInputStream()) : new Gzipped(packed);
    }

    private static ZipException more() {
        return new ZipException("there is more behind the packed body");
    }

    private static final class Deflated extends InflaterInputStream {
        Deflated(InputStream packed) {
            super(packed);
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            int read = super.read(into, from, length);
            if (read < 0 && inf.getRemaining() + in.available() > 0) {
                throw more();
            }
            return read;
        }
    }

    private static final class Gzipped extends GZIPInputStream {
        /** The sum and the length behind what is packed (RFC 1952, 2.3). */
        private static final int TRAILER_BYTES = 8;

        /** With all of it in one buffer, so that what is left there is all that is left. */
        Gzipped(HttpData packed) throws IOException {
            super(packed.toInputStream(), Math.max(LEAST_BUFFER, packed.length()));
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            int read = super.read(into, from, length);
            if (read < 0 && inf.getRemaining() > TRAILER_BYTES) {
                throw more();
            }
            return read;
        }
    }
}
