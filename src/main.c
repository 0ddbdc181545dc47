/* tesserad: options and settings; the rest is the supervisor's. */
#include "config-build.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "config.h"
#include "supervisor.h"

static void	usage(FILE *);

int
main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "foreground", no_argument, NULL, 'f' },
		{ "test", no_argument, NULL, 't' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 }
	};
	const char *path = CONFIG_PATH;
	struct config *config;
	bool test = false;
	char *why;
	int c;

	while ((c = getopt_long(argc, argv, "c:fhtV", options, NULL)) != -1)
		switch (c) {
		case 'c':
			path = optarg;
			break;
		case 'f':
			break;	/* there is no other way */
		case 't':
			test = true;
			break;
		case 'h':
			usage(stdout);
			return 0;
		case 'V':
			puts("tesserad " PACKAGE_VERSION);
			return 0;
		default:
			usage(stderr);
			return 2;
		}
	if (optind < argc) {
		fprintf(stderr, "tesserad: what is \"%s\"?\n", argv[optind]);
		usage(stderr);
		return 2;
	}
	if (config_load(path, &config, &why) != ERR_OK) {
		fprintf(stderr, "tesserad: %s\n", why);
		free(why);
		return 1;
	}
	if (test) {
		printf("%s: all settings are fine\n", path);
		config_free(config);
		return 0;
	}
	return supervisor_run(config, path);
}

static void
usage(FILE *to)
{
	fputs("usage: tesserad [-ft] [-c file]\n"
	    "  -c, --config file  settings, instead of " CONFIG_PATH "\n"
	    "  -f, --foreground   stay in front, as it always does\n"
	    "  -t, --test         check the settings and end\n"
	    "      --help, --version\n"
	    "See tesserad(8) and tessera.conf(5).\n", to);
}
