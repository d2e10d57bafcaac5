package dev.jumbo.serve.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import com.google.protobuf.WireFormat;
import dev.jumbo.error.InputException;
import dev.jumbo.serve.grpc.proto.ModelInferRequest;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * Messages in memory of about their length. In two bytes of a message stands an empty tensor, which is an object of a hundred: tensors are
 * counted before any is made, and fields that nobody here knows, each of which would be an object too, are left out. A message that has
 * no tensors is short.
 */
final class BoundedMessages {
    /** Of a message that names a model, a service or a version. */
    private static final int SHORT_BYTES = 64 << 10;

    private static final List<Integer> TENSORS =
            List.of(ModelInferRequest.INPUTS_FIELD_NUMBER, ModelInferRequest.OUTPUTS_FIELD_NUMBER);

    private BoundedMessages() {}

    /** A service that reads its messages so. */
    static ServerServiceDefinition of(ServerServiceDefinition given) {
        ServiceDescriptor.Builder described = ServiceDescriptor.newBuilder(
                        given.getServiceDescriptor().getName())
                .setSchemaDescriptor(given.getServiceDescriptor().getSchemaDescriptor());
        List<ServerMethodDefinition<?, ?>> methods = given.getMethods().stream()
                .<ServerMethodDefinition<?, ?>>map(BoundedMessages::of)
                .toList();
        methods.forEach(method -> described.addMethod(method.getMethodDescriptor()));
        ServerServiceDefinition.Builder bounded = ServerServiceDefinition.builder(described.build());
        methods.forEach(bounded::addMethod);
        return bounded.build();
    }

    private static <Q, A> ServerMethodDefinition<Q, A> of(ServerMethodDefinition<Q, A> method) {
        MethodDescriptor<Q, A> given = method.getMethodDescriptor();
        if (!(given.getRequestMarshaller() instanceof MethodDescriptor.PrototypeMarshaller<Q> marshaller)
                || !(marshaller.getMessagePrototype() instanceof Message message)) {
            throw new IllegalStateException(given.getFullMethodName() + " takes no message of protobuf");
        }
        @SuppressWarnings("unchecked") // The parser of a message of Q.
        Parser<Q> parser = (Parser<Q>) DiscardUnknownFieldsParser.wrap(message.getParserForType());
        boolean tensors = message instanceof ModelInferRequest;
        MethodDescriptor<Q, A> bounded = given.toBuilder(
                        new Reading<>(given.getRequestMarshaller(), parser, tensors), given.getResponseMarshaller())
                .build();
        return ServerMethodDefinition.create(bounded, method.getServerCallHandler());
    }

    /** @throws InputException if there are more tensors than a request may have */
    static void requireFew(byte[] message) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(message);
        int tensors = 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (TENSORS.contains(WireFormat.getTagFieldNumber(tag)) && ++tensors > 2 * Messages.MAX_TENSORS) {
                throw Messages.tooMany();
            }
            if (!in.skipField(tag)) {
                return; // the parser says what is wrong
            }
        }
    }

    /** Reads a message whole, which its frame has limited. */
    private record Reading<Q>(MethodDescriptor.Marshaller<Q> writing, Parser<Q> parser, boolean tensors)
            implements MethodDescriptor.Marshaller<Q> {
        @Override
        public InputStream stream(Q value) {
            return writing.stream(value);
        }

        @Override
        public Q parse(InputStream stream) {
            try {
                byte[] message = tensors ? stream.readAllBytes() : stream.readNBytes(SHORT_BYTES + 1);
                if (tensors) {
                    requireFew(message);
                } else if (message.length > SHORT_BYTES) {
                    throw new InputException("expected a message of at most " + SHORT_BYTES + " bytes, received more");
                }
                CodedInputStream in = CodedInputStream.newInstance(message);
                in.enableAliasing(true); // raw tensors are views of the bytes that came
                Q read = parser.parseFrom(in);
                in.checkLastTagWas(0);
                return read;
            } catch (InvalidProtocolBufferException e) {
                throw Status.INTERNAL
                        .withDescription("no message of this service")
                        .withCause(e)
                        .asRuntimeException();
            } catch (IOException e) {
                throw new IllegalStateException("reading from memory does no input", e);
            }
        }
    }
}
