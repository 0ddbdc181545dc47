#include "base/clock.h"

#include <time.h>

static int64_t
now_us(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static int64_t
system_wall_us(const struct clock *c)
{
	(void)c;
	return now_us(CLOCK_REALTIME);
}

static int64_t
system_mono_us(const struct clock *c)
{
	(void)c;
	return now_us(CLOCK_MONOTONIC);
}

static int64_t
fixed_us(const struct clock *c)
{
	return c->fixed_us;
}

const struct clock clock_system = { system_wall_us, system_mono_us, 0 };

struct clock
clock_fixed(int64_t us)
{
	return (struct clock){ fixed_us, fixed_us, us };
}
