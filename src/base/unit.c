#include "base/unit.h"

/*
 * By id. The active currencies of ISO 4217 as of January 2026, those of
 * funds too; without metals, bond market units, accounting units of banks
 * and codes for tests. To change it: edit here, let
 * "tests/base/test_unit --sql" print the rows, add them as a new migration.
 */
const struct unit units[] = {
	{ 8, "ALL", 2, true },
	{ 12, "DZD", 2, true },
	{ 32, "ARS", 2, true },
	{ 36, "AUD", 2, true },
	{ 44, "BSD", 2, true },
	{ 48, "BHD", 3, true },
	{ 50, "BDT", 2, true },
	{ 51, "AMD", 2, true },
	{ 52, "BBD", 2, true },
	{ 60, "BMD", 2, true },
	{ 64, "BTN", 2, true },
	{ 68, "BOB", 2, true },
	{ 72, "BWP", 2, true },
	{ 84, "BZD", 2, true },
	{ 90, "SBD", 2, true },
	{ 96, "BND", 2, true },
	{ 104, "MMK", 2, true },
	{ 108, "BIF", 0, true },
	{ 116, "KHR", 2, true },
	{ 124, "CAD", 2, true },
	{ 132, "CVE", 2, true },
	{ 136, "KYD", 2, true },
	{ 144, "LKR", 2, true },
	{ 152, "CLP", 0, true },
	{ 156, "CNY", 2, true },
	{ 170, "COP", 2, true },
	{ 174, "KMF", 0, true },
	{ 188, "CRC", 2, true },
	{ 192, "CUP", 2, true },
	{ 203, "CZK", 2, true },
	{ 208, "DKK", 2, true },
	{ 214, "DOP", 2, true },
	{ 222, "SVC", 2, true },
	{ 230, "ETB", 2, true },
	{ 232, "ERN", 2, true },
	{ 238, "FKP", 2, true },
	{ 242, "FJD", 2, true },
	{ 262, "DJF", 0, true },
	{ 270, "GMD", 2, true },
	{ 292, "GIP", 2, true },
	{ 320, "GTQ", 2, true },
	{ 324, "GNF", 0, true },
	{ 328, "GYD", 2, true },
	{ 332, "HTG", 2, true },
	{ 340, "HNL", 2, true },
	{ 344, "HKD", 2, true },
	{ 348, "HUF", 2, true },
	{ 352, "ISK", 0, true },
	{ 356, "INR", 2, true },
	{ 360, "IDR", 2, true },
	{ 364, "IRR", 2, true },
	{ 368, "IQD", 3, true },
	{ 376, "ILS", 2, true },
	{ 388, "JMD", 2, true },
	{ 392, "JPY", 0, true },
	{ 398, "KZT", 2, true },
	{ 400, "JOD", 3, true },
	{ 404, "KES", 2, true },
	{ 408, "KPW", 2, true },
	{ 410, "KRW", 0, true },
	{ 414, "KWD", 3, true },
	{ 417, "KGS", 2, true },
	{ 418, "LAK", 2, true },
	{ 422, "LBP", 2, true },
	{ 426, "LSL", 2, true },
	{ 430, "LRD", 2, true },
	{ 434, "LYD", 3, true },
	{ 446, "MOP", 2, true },
	{ 454, "MWK", 2, true },
	{ 458, "MYR", 2, true },
	{ 462, "MVR", 2, true },
	{ 480, "MUR", 2, true },
	{ 484, "MXN", 2, true },
	{ 496, "MNT", 2, true },
	{ 498, "MDL", 2, true },
	{ 504, "MAD", 2, true },
	{ 512, "OMR", 3, true },
	{ 516, "NAD", 2, true },
	{ 524, "NPR", 2, true },
	{ 532, "XCG", 2, true },
	{ 533, "AWG", 2, true },
	{ 548, "VUV", 0, true },
	{ 554, "NZD", 2, true },
	{ 558, "NIO", 2, true },
	{ 566, "NGN", 2, true },
	{ 578, "NOK", 2, true },
	{ 586, "PKR", 2, true },
	{ 590, "PAB", 2, true },
	{ 598, "PGK", 2, true },
	{ 600, "PYG", 0, true },
	{ 604, "PEN", 2, true },
	{ 608, "PHP", 2, true },
	{ 634, "QAR", 2, true },
	{ 643, "RUB", 2, true },
	{ 646, "RWF", 0, true },
	{ 654, "SHP", 2, true },
	{ 682, "SAR", 2, true },
	{ 690, "SCR", 2, true },
	{ 702, "SGD", 2, true },
	{ 704, "VND", 0, true },
	{ 706, "SOS", 2, true },
	{ 710, "ZAR", 2, true },
	{ 728, "SSP", 2, true },
	{ 748, "SZL", 2, true },
	{ 752, "SEK", 2, true },
	{ 756, "CHF", 2, true },
	{ 760, "SYP", 2, true },
	{ 764, "THB", 2, true },
	{ 776, "TOP", 2, true },
	{ 780, "TTD", 2, true },
	{ 784, "AED", 2, true },
	{ 788, "TND", 3, true },
	{ 800, "UGX", 0, true },
	{ 807, "MKD", 2, true },
	{ 818, "EGP", 2, true },
	{ 826, "GBP", 2, true },
	{ 834, "TZS", 2, true },
	{ 840, "USD", 2, true },
	{ 858, "UYU", 2, true },
	{ 860, "UZS", 2, true },
	{ 882, "WST", 2, true },
	{ 886, "YER", 2, true },
	{ 901, "TWD", 2, true },
	{ 924, "ZWG", 2, true },
	{ 925, "SLE", 2, true },
	{ 926, "VED", 2, true },
	{ 927, "UYW", 4, true },
	{ 928, "VES", 2, true },
	{ 929, "MRU", 2, true },
	{ 930, "STN", 2, true },
	{ 933, "BYN", 2, true },
	{ 934, "TMT", 2, true },
	{ 936, "GHS", 2, true },
	{ 938, "SDG", 2, true },
	{ 940, "UYI", 0, true },
	{ 941, "RSD", 2, true },
	{ 943, "MZN", 2, true },
	{ 944, "AZN", 2, true },
	{ 946, "RON", 2, true },
	{ 947, "CHE", 2, true },
	{ 948, "CHW", 2, true },
	{ 949, "TRY", 2, true },
	{ 950, "XAF", 0, true },
	{ 951, "XCD", 2, true },
	{ 952, "XOF", 0, true },
	{ 953, "XPF", 0, true },
	{ 967, "ZMW", 2, true },
	{ 968, "SRD", 2, true },
	{ 969, "MGA", 2, true },
	{ 970, "COU", 2, true },
	{ 971, "AFN", 2, true },
	{ 972, "TJS", 2, true },
	{ 973, "AOA", 2, true },
	{ 976, "CDF", 2, true },
	{ 977, "BAM", 2, true },
	{ 978, "EUR", 2, true },
	{ 979, "MXV", 2, true },
	{ 980, "UAH", 2, true },
	{ 981, "GEL", 2, true },
	{ 984, "BOV", 2, true },
	{ 985, "PLN", 2, true },
	{ 986, "BRL", 2, true },
	{ 990, "CLF", 4, true },
	{ 997, "USN", 2, true },
	{ UNIT_POINTS, "points", 0, false },
	{ UNIT_STAMPS, "stamps", 0, false },
	{ UNIT_REWARDS, "rewards", 0, false },
	{ UNIT_VISITS, "visits", 0, false },
	{ UNIT_CREDITS, "credits", 0, false }
};

const size_t units_n = sizeof(units) / sizeof(units[0]);

const struct unit *
unit_by_id(int id)
{
	size_t low = 0, high = units_n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (units[mid].id == id)
			return &units[mid];
		if (units[mid].id < id)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

const struct unit *
unit_by_name(struct str name)
{
	if (name.n == 0)
		return NULL;
	for (size_t i = 0; i < units_n; i++)
		if (units[i].name[0] == name.p[0] &&
		    str_eq(name, str_of(units[i].name)))
			return &units[i];
	return NULL;
}
