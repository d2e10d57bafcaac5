package dev.jumbo.serve.grpc;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;
import io.grpc.reflection.v1.ErrorResponse;
import io.grpc.reflection.v1.ExtensionNumberResponse;
import io.grpc.reflection.v1.FileDescriptorResponse;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@code grpc.reflection}: which services there are, and the files that describe them. Version v1, and v1alpha, which clients of before
 * 2023 ask: its messages are the same under another name. Each request is answered once; the service that comes with gRPC answers again
 * where, as in Armeria, a response is sent before the call that sends it returns.
 */
final class Reflection {
    /** How long an answer may wait to be taken. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Map<String, FileDescriptor> services = new TreeMap<>();
    private final Map<String, FileDescriptor> symbols = new LinkedHashMap<>();
    private final Map<String, FileDescriptor> files = new LinkedHashMap<>();

    private Reflection() {}

    /** Both versions. @param others the services that are told of beside them */
    static List<ServerServiceDefinition> services(List<ServerServiceDefinition> others) {
        Reflection reflection = new Reflection();
        others.forEach(each -> reflection.add(each.getServiceDescriptor()));
        List<ServerServiceDefinition> both = List.of(
                reflection.as(ServerReflectionGrpc.getServiceDescriptor()),
                reflection.as(io.grpc.reflection.v1alpha.ServerReflectionGrpc.getServiceDescriptor()));
        both.forEach(each -> reflection.add(each.getServiceDescriptor()));
        return both;
    }

    private ServerServiceDefinition as(io.grpc.ServiceDescriptor version) {
        MethodDescriptor<?, ?> named = version.getMethods().iterator().next();
        MethodDescriptor<ServerReflectionRequest, ServerReflectionResponse> method =
                ServerReflectionGrpc.getServerReflectionInfoMethod().toBuilder()
                        .setFullMethodName(named.getFullMethodName())
                        .setSchemaDescriptor(named.getSchemaDescriptor())
                        .build();
        io.grpc.ServiceDescriptor service = io.grpc.ServiceDescriptor.newBuilder(version.getName())
                .setSchemaDescriptor(version.getSchemaDescriptor())
                .addMethod(method)
                .build();
        return ServerServiceDefinition.builder(service)
                .addMethod(method, ServerCalls.asyncBidiStreamingCall(this::talk))
                .build();
    }

    private void add(io.grpc.ServiceDescriptor service) {
        if (service.getSchemaDescriptor() instanceof ProtoFileDescriptorSupplier supplier) {
            FileDescriptor file = supplier.getFileDescriptor();
            services.put(service.getName(), file);
            add(file);
        }
    }

    private void add(FileDescriptor file) {
        if (files.put(file.getName(), file) != null) {
            return;
        }
        for (ServiceDescriptor service : file.getServices()) {
            symbols.put(service.getFullName(), file);
            service.getMethods().forEach(method -> symbols.put(method.getFullName(), file));
        }
        file.getEnumTypes().forEach(type -> symbols.put(type.getFullName(), file));
        file.getMessageTypes().forEach(message -> add(message, file));
        file.getDependencies().forEach(this::add);
    }

    private void add(Descriptor message, FileDescriptor file) {
        symbols.put(message.getFullName(), file);
        message.getFields().forEach(field -> symbols.put(field.getFullName(), file));
        message.getEnumTypes().forEach(type -> symbols.put(type.getFullName(), file));
        message.getNestedTypes().forEach(nested -> add(nested, file));
    }

    private StreamObserver<ServerReflectionRequest> talk(StreamObserver<ServerReflectionResponse> observer) {
        var turns = new Streams.Turns<>(ServiceRequestContext.current(), observer, PATIENCE_NANOS);
        return new StreamObserver<>() {
            @Override
            public void onNext(ServerReflectionRequest request) {
                turns.say(answer(request));
                turns.next();
            }

            @Override
            public void onError(Throwable error) {
                // The caller has gone.
            }

            @Override
            public void onCompleted() {
                turns.end();
            }
        };
    }

    private ServerReflectionResponse answer(ServerReflectionRequest request) {
        ServerReflectionResponse.Builder answer = ServerReflectionResponse.newBuilder()
                .setValidHost(request.getHost())
                .setOriginalRequest(request);
        switch (request.getMessageRequestCase()) {
            case LIST_SERVICES ->
                services.keySet()
                        .forEach(name -> answer.getListServicesResponseBuilder()
                                .addServiceBuilder()
                                .setName(name));
            case FILE_BY_FILENAME -> file(answer, files.get(request.getFileByFilename()));
            case FILE_CONTAINING_SYMBOL -> file(answer, symbols.get(request.getFileContainingSymbol()));
            case ALL_EXTENSION_NUMBERS_OF_TYPE -> {
                String type = request.getAllExtensionNumbersOfType();
                if (symbols.containsKey(type)) {
                    answer.setAllExtensionNumbersResponse(
                            ExtensionNumberResponse.newBuilder().setBaseTypeName(type));
                } else {
                    refuse(answer, Status.Code.NOT_FOUND, "there is no such type");
                }
            }
            case FILE_CONTAINING_EXTENSION -> refuse(answer, Status.Code.NOT_FOUND, "there are no extensions");
            case MESSAGEREQUEST_NOT_SET ->
                refuse(
                        answer,
                        Status.Code.INVALID_ARGUMENT,
                        "expected a request that this version of the service knows");
        }
        return answer.build();
    }

    private static void file(ServerReflectionResponse.Builder answer, @Nullable FileDescriptor file) {
        if (file == null) {
            refuse(answer, Status.Code.NOT_FOUND, "there is no such file or symbol");
            return;
        }
        Set<FileDescriptor> all = new LinkedHashSet<>(List.of(file));
        List<FileDescriptor> open = new ArrayList<>(file.getDependencies());
        while (!open.isEmpty()) {
            FileDescriptor next = open.remove(open.size() - 1);
            if (all.add(next)) {
                open.addAll(next.getDependencies());
            }
        }
        FileDescriptorResponse.Builder response = FileDescriptorResponse.newBuilder();
        all.forEach(each -> response.addFileDescriptorProto(each.toProto().toByteString()));
        answer.setFileDescriptorResponse(response);
    }

    private static void refuse(ServerReflectionResponse.Builder answer, Status.Code code, String message) {
        answer.setErrorResponse(
                ErrorResponse.newBuilder().setErrorCode(code.value()).setErrorMessage(message));
    }
}
