/* SPDX-License-Identifier: Apache-2.0 */
/* From a reply to what goes over the wire: headers, compression, validators, origins. */
#ifndef HTTP_SEND_H
#define HTTP_SEND_H

#include "http/call.h"

#include <microhttpd.h>

/* By the worker that wrote the reply: validator and compression. */
void reply_finish(struct call *call);

enum MHD_Result send_reply(struct call *call, struct MHD_Connection *connection);
/* For a call whose worker was too late: its reply is not touched. */
enum MHD_Result send_unavailable(struct call *call, struct MHD_Connection *connection);
/* What a browser asks before it uses the API from a page of another origin. */
enum MHD_Result send_preflight(struct call *call, struct MHD_Connection *connection);

#endif
