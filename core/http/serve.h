/* SPDX-License-Identifier: Apache-2.0 */
/* The HTTP library's callbacks: from a connection's bytes to a call, and back. */
#ifndef HTTP_SERVE_H
#define HTTP_SERVE_H

#include "http/call.h"
#include "http/desk.h"

#include <microhttpd.h>

/* cls is the server in all of them. */
void *serve_uri(void *cls, const char *uri, struct MHD_Connection *connection);
enum MHD_Result serve_request(void *cls, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **request);
void serve_completed(void *cls, struct MHD_Connection *connection, void **request,
                     enum MHD_RequestTerminationCode why);
void serve_connection(void *cls, struct MHD_Connection *connection, void **socket_context,
                      enum MHD_ConnectionNotificationCode what);
void serve_log(void *cls, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

/* The workers' side. */
void serve_work(struct call *call, struct desk *desk);
void serve_resume(struct call *call);

#endif
