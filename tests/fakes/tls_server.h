/* SPDX-License-Identifier: Apache-2.0 */
/* An HTTPS server on loopback: `openssl s_server` with a certificate made for the test. It answers GET /list
 * with the file `list` of its folder, which is a whole answer, headers and all. */
#ifndef FAKES_TLS_SERVER_H
#define FAKES_TLS_SERVER_H

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct tls_server {
    pid_t pid;
    unsigned port;
    FILE *output;
};

/* Writes FOLDER/NAME.pem and FOLDER/NAME.key: signed by itself, for that subjectAltName, over in `seconds`.
 */
static inline int tls_certificate(const char *folder, const char *name, const char *subject, long seconds)
{
    char path[256];
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    X509_NAME *issuer = X509_get_subject_name(certificate);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, subject);
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -86400);
    X509_gmtime_adj(X509_getm_notAfter(certificate), seconds);
    X509_NAME_add_entry_by_txt(issuer, "CN", MBSTRING_ASC, (const unsigned char *)name, -1, -1, 0);
    X509_set_issuer_name(certificate, issuer);
    X509_set_pubkey(certificate, key);
    X509_add_ext(certificate, extension, -1);
    int made = X509_sign(certificate, key, EVP_sha256()) > 0;
    snprintf(path, sizeof path, "%s/%s.pem", folder, name);
    FILE *file = fopen(path, "w");
    made = made && file != NULL && PEM_write_X509(file, certificate) == 1;
    if (file != NULL)
        fclose(file);
    snprintf(path, sizeof path, "%s/%s.key", folder, name);
    file = fopen(path, "w");
    made = made && file != NULL && PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL) == 1;
    if (file != NULL)
        fclose(file);
    X509_EXTENSION_free(extension);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return made;
}

/* In `folder`, with that certificate; `version` is a further argument such as "-tls1_1". 0 when it cannot. */
static inline int tls_server_start(struct tls_server *server, const char *folder, const char *name,
                                   const char *version)
{
    char line[256], certificate[64], key[64];
    int ends[2];
    snprintf(certificate, sizeof certificate, "%s.pem", name);
    snprintf(key, sizeof key, "%s.key", name);
    if (pipe(ends) != 0)
        return 0;
    server->pid = fork();
    if (server->pid == 0) {
        dup2(ends[1], STDOUT_FILENO);
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        if (chdir(folder) == 0)
            execlp("openssl", "openssl", "s_server", "-accept", "127.0.0.1:0", "-HTTP", "-cert", certificate,
                   "-key", key, "-cipher", "ALL:@SECLEVEL=0", version, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    server->port = 0;
    server->output = fdopen(ends[0], "r");
    while (server->port == 0 && fgets(line, sizeof line, server->output) != NULL) {
        const char *colon = strrchr(line, ':');
        if (strncmp(line, "ACCEPT", 6) == 0 && colon != NULL)
            server->port = (unsigned)strtoul(colon + 1, NULL, 10);
    }
    return server->port != 0;
}

static inline void tls_server_stop(struct tls_server *server)
{
    kill(server->pid, SIGKILL);
    waitpid(server->pid, NULL, 0);
    fclose(server->output);
}

#endif
