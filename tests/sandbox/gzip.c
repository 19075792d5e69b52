#define _GNU_SOURCE
#include "gzip.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* "gzip, deflate;q=0.5", "*"; "gzip;q=0" refuses it */
bool gzip_accepted(const char *header)
{
	const char *word = header ? strcasestr(header, "gzip") : NULL;

	if (!word && header)
		word = strchr(header, '*');
	if (!word)
		return false;
	size_t item = strcspn(word, ",");
	const char *q = strcasestr(word, "q=");
	return !q || q > word + item || strtod(q + 2, NULL) > 0;
}

static void begin(z_stream *z, int level)
{
	*z = (z_stream){0};
	deflateInit2(z, level, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
}

char *gzip_pack(const char *text, size_t *size)
{
	z_stream z;

	begin(&z, 6);
	size_t room = deflateBound(&z, *size);
	char *packed = malloc(room);
	z.next_in = (Bytef *)(uintptr_t)text;
	z.avail_in = (uInt)*size;
	z.next_out = (Bytef *)packed;
	z.avail_out = (uInt)room;
	deflate(&z, Z_FINISH);
	*size = z.total_out;
	deflateEnd(&z);
	return packed;
}

char *gzip_bomb(int64_t mebibytes, size_t *size)
{
	const size_t chunk = 1 << 20;
	char *blank = malloc(chunk);
	z_stream z;

	memset(blank, ' ', chunk);
	begin(&z, 9);
	size_t room = (size_t)mebibytes * 2048 + 65536;
	char *packed = malloc(room);
	z.next_out = (Bytef *)packed;
	z.avail_out = (uInt)room;
	for (int64_t i = 0; i < mebibytes; i++) {
		z.next_in = (Bytef *)blank;
		z.avail_in = (uInt)chunk;
		deflate(&z, Z_NO_FLUSH);
	}
	deflate(&z, Z_FINISH);
	*size = z.total_out;
	deflateEnd(&z);
	free(blank);
	return packed;
}
