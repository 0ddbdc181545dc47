/*
 * A field table says how the members of a document fill a struct: name on
 * the wire, kind, offset, limits. json.c and form.c read the same tables.
 * The F_* macros check the member's type at compile time.
 *
 *	static const struct field issue_fields[] = {
 *		F_STR(struct issue_in, programme, "programme", REQUIRED, 1, 64),
 *		F_MONEY(struct issue_in, value, "value", REQUIRED),
 *		F_DATE(struct issue_in, expires_on, "expires_on", 0),
 *	};
 *
 * Absent optional members leave the struct untouched (fill defaults first).
 */
#ifndef CODEC_FIELD_H
#define CODEC_FIELD_H

#include "base/date.h"
#include "base/money.h"

enum field_kind {
	FIELD_STR,		/* struct str; min..max code points, no control
				 * characters but \n and \t */
	FIELD_I64,		/* int64_t; min..max */
	FIELD_BOOL,		/* bool */
	FIELD_MONEY,		/* struct money: {"amount": n, "currency": "EUR"}
				 * or {"amount": n, "unit": "points"}; amount
				 * 1..MONEY_MINOR_MAX */
	FIELD_DATE,		/* struct date, ISO text */
	FIELD_JSON,		/* struct str: the member's own JSON text */
	FIELD_ARRAY,		/* struct field_array of sub-structs */
	FIELD_STRS		/* struct field_array of struct str; min..max
				 * elements, each 1..255 code points */
};

enum { REQUIRED = 1, NULLABLE = 2 /* null sets *present and empties */ };

/* An array of objects, each read by its own table. */
struct field_array {
	void	*items;		/* n structs of size bytes in the arena */
	size_t	 n;
};

struct field {
	const char		*name;
	enum field_kind		 kind;
	unsigned		 flags;
	size_t			 offset;
	int64_t			 min, max;
	size_t			 present;	/* offset of a bool set to true
						 * when the member is there, or
						 * FIELD_NO_PRESENT */
	const struct field	*sub;		/* FIELD_ARRAY */
	size_t			 n_sub, sub_size;
};

#define FIELD_NO_PRESENT	((size_t)-1)

#define F_OFF_(s, m, type)						\
	(offsetof(s, m) + 0 * sizeof(_Generic(((s *)0)->m, type: 0)))
#define F_(s, m, type, kind, name, flags, min, max)			\
	{ name, kind, flags, F_OFF_(s, m, type), min, max,		\
	  FIELD_NO_PRESENT, NULL, 0, 0 }

#define F_STR(s, m, name, flags, min, max)				\
	F_(s, m, struct str, FIELD_STR, name, flags, min, max)
#define F_I64(s, m, name, flags, min, max)				\
	F_(s, m, int64_t, FIELD_I64, name, flags, min, max)
#define F_BOOL(s, m, name, flags)					\
	F_(s, m, bool, FIELD_BOOL, name, flags, 0, 0)
#define F_MONEY(s, m, name, flags)					\
	F_(s, m, struct money, FIELD_MONEY, name, flags, 1, MONEY_MINOR_MAX)
#define F_DATE(s, m, name, flags)					\
	F_(s, m, struct date, FIELD_DATE, name, flags, 0, 0)
#define F_JSON(s, m, name, flags)					\
	F_(s, m, struct str, FIELD_JSON, name, flags, 0, 0)
#define F_ARRAY(s, m, name, flags, min, max, fields, type)		\
	{ name, FIELD_ARRAY, flags,					\
	  F_OFF_(s, m, struct field_array), min, max,			\
	  FIELD_NO_PRESENT, fields, COUNT(fields), sizeof(type) }

#define F_STRS(s, m, name, flags, min, max)				\
	F_(s, m, struct field_array, FIELD_STRS, name, flags, min, max)

/* For PATCH: also set bool member p when the member is there. */
#define F_PATCH_STR(s, m, p, name, flags, min, max)			\
	{ name, FIELD_STR, flags, F_OFF_(s, m, struct str), min, max,	\
	  F_OFF_(s, p, bool), NULL, 0, 0 }
#define F_PATCH_DATE(s, m, p, name, flags)				\
	{ name, FIELD_DATE, flags, F_OFF_(s, m, struct date), 0, 0,	\
	  F_OFF_(s, p, bool), NULL, 0, 0 }
#define F_PATCH_I64(s, m, p, name, flags, min, max)			\
	{ name, FIELD_I64, flags, F_OFF_(s, m, int64_t), min, max,	\
	  F_OFF_(s, p, bool), NULL, 0, 0 }
#define F_PATCH_BOOL(s, m, p, name, flags)				\
	{ name, FIELD_BOOL, flags, F_OFF_(s, m, bool), 0, 0,		\
	  F_OFF_(s, p, bool), NULL, 0, 0 }
#define F_PATCH_JSON(s, m, p, name, flags)				\
	{ name, FIELD_JSON, flags, F_OFF_(s, m, struct str), 0, 0,	\
	  F_OFF_(s, p, bool), NULL, 0, 0 }

#endif
