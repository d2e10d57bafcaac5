package dev.jumbo.serve.access.tls;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import org.jspecify.annotations.Nullable;

/** The files of TLS, all PEM; they are read again at SIGHUP. */
@Doc(
        "TLS 1.2 and newer: the server's certificate and key, and whose clients are answered. PEM files, read again at SIGHUP.")
public record TlsConfig(
        @Doc("The server's certificate, followed by those that lead to a root.")
        String certificate,

        @Doc("Its private key, PKCS#8 without a password (BEGIN PRIVATE KEY).")
        String key,

        @Doc("Certificates that sign those of clients. With it every client must have one (mutual TLS).")
        @Default("null")
        @Nullable
        String clientCa) {}
