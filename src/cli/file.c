#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "cli/cli.h"

bool
file_read(struct cli *cli, const char *path, size_t max, struct str *ret)
{
	struct stat st;
	size_t have = 0, size;
	ssize_t n = 1;
	char *p;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd == -1 || fstat(fd, &st) == -1) {
		cli_fail("cannot read %s: %s", path, strerror(errno));
		if (fd != -1)
			close(fd);
		return false;
	}
	size = (size_t)st.st_size;
	if (!S_ISREG(st.st_mode) || size > max) {
		close(fd);
		cli_fail("%s is not a plain file of at most %zu MB", path,
		    max >> 20);
		return false;
	}
	p = arena_alloc(cli->arena, size + 1);
	while (have < size && n > 0) {
		n = read(fd, p + have, size - have);
		if (n > 0)
			have += (size_t)n;
	}
	close(fd);
	if (have < size) {
		cli_fail("cannot read all of %s", path);
		return false;
	}
	*ret = (struct str){ p, size };
	return true;
}

static int
is_sql(const struct dirent *e)
{
	size_t n = strlen(e->d_name);

	return n > 4 && e->d_name[0] != '.' &&
	    strcmp(e->d_name + n - 4, ".sql") == 0;
}

static int
by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

bool
file_list(struct cli *cli, const char *dir, struct file_list *ret)
{
	struct dirent **found;
	int n = scandir(dir, &found, is_sql, by_bytes);

	if (n == -1) {
		cli_fail("cannot read the folder %s: %s; see sql_dir in %s",
		    dir, strerror(errno), cli->conf_path);
		return false;
	}
	ret->n = (size_t)n;
	ret->names = arena_array(cli->arena, (size_t)n + 1,
	    sizeof(*ret->names));
	for (int i = 0; i < n; i++) {
		ret->names[i] = str_cstr(cli->arena,
		    str_of(found[i]->d_name));
		free(found[i]);
	}
	free(found);
	return true;
}
