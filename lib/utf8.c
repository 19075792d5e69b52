#include "lib/utf8.h"

#include <stdbool.h>

size_t utf8_letter(const unsigned char *p, size_t left, uint32_t *code)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t length = *p < 0x80 ? 1 : *p >= 0xF0 ? 4 : *p >= 0xE0 ? 3 : *p >= 0xC2 ? 2 : 0;

	if (!length || length > left || *p > 0xF4)
		return 0;
	*code = length == 1 ? *p : *p & (0x7Fu >> length);
	for (size_t i = 1; i < length; i++) {
		if ((p[i] & 0xC0) != 0x80)
			return 0;
		*code = *code << 6 | (p[i] & 0x3F);
	}
	bool surrogate = *code >= 0xD800 && *code <= 0xDFFF;
	return *code < least[length] || surrogate || *code > 0x10FFFF ? 0 : length;
}
