#include "base/err.h"

static const struct {
	const char	*label;
	enum err_retry	 retry;
} errs[] = {
#define ERR(name, label, retry)	[ERR_##name] = { label, RETRY_##retry },
#include "base/err.def"
#undef ERR
};

const char *
err_label(enum err e)
{
	if ((unsigned)e >= COUNT(errs))
		e = ERR_INTERNAL;
	return errs[e].label;
}

enum err_retry
err_retry(enum err e)
{
	if ((unsigned)e >= COUNT(errs))
		e = ERR_INTERNAL;
	return errs[e].retry;
}

bool
err_from_label(struct str label, enum err *ret_err)
{
	for (size_t i = 0; i < COUNT(errs); i++) {
		if (str_eq(label, str_of(errs[i].label))) {
			*ret_err = (enum err)i;
			return true;
		}
	}
	return false;
}

enum err
fail_add(struct fail *f, enum err e, const char *field, const char *code,
    const char *text)
{
	if (f->n < FAIL_ITEMS_MAX)
		f->items[f->n++] = (struct fail_item){ field, code, text };
	return e;
}
