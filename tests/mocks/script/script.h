/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What befalls the calls of a mocked plugin, as its option `faults` says: a list of CALL[:N[+]]=WHAT, where N
 * is the how-manieth call of that name in this process (from 1; with + also every later one; without N: every
 * call), CALL may be * for a call of any name, and WHAT is
 *
 *     retry, config, auth, data, lost, io, fatal, busy, end   the call is not made and answers so
 *     unknown                                               the call is not made; its reply counts as lost
 *     unknown-done                                          the call is made, and its reply is lost
 *     hang                                                  waits until it is cancelled
 *     delay-MS                                              waits that long, then makes the call
 *     kill, kill-done                                       the process dies by SIGKILL before or after the
 * call
 */
#ifndef TESTS_MOCKS_SCRIPT_H
#define TESTS_MOCKS_SCRIPT_H

#include <sluice/plugin.h>

struct script {
    const struct sluice_host *host;
    struct sluice_list faults;
    struct {
        const char *call;
        enum sluice_status status; /* OK: nothing befell the call, make it */
        bool reply_lost, dies_after;
    } fault; /* of the present call: an instance makes one at a time */
};

/* The answer of a scripted call: `made`, which makes it, is evaluated only when nothing befalls it before. */
#define SCRIPTED(script, call, made, err)                                                           \
    (script_before((script), (call), (err)) == SLUICE_OK ? script_after((script), (made), (err)) \
                                                         : (script)->fault.status)

/* Before a call: what befalls it. Anything but OK is the call's answer. */
enum sluice_status script_before(struct script *script, const char *call, struct sluice_error *err);
/* After a call that was made: its answer. */
enum sluice_status script_after(const struct script *script, enum sluice_status status,
                                struct sluice_error *err);

#endif
