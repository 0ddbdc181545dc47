/*
 * The parent of the workers. It binds, drops privileges, forks, starts anew
 * what dies, and does nothing a request could touch.
 *
 *   SIGTERM, SIGINT  workers finish what they have, then all ends
 *   SIGHUP           read the settings again and replace the workers one by
 *                    one, each new one serving before the old one leaves; a
 *                    file that is wrong is reported and changes nothing
 */
#ifndef SUPERVISOR_H
#define SUPERVISOR_H

#include "config.h"

/* Runs until it is told to end; takes config over. Answers the exit status. */
int	supervisor_run(struct config *, const char *config_path);

#endif
