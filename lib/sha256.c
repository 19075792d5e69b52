#include "lib/sha256.h"

#include <openssl/sha.h>
#include <stdio.h>

char *sha256_hex(char hex[SHA256_HEX], const void *bytes, size_t size)
{
	unsigned char digest[SHA256_DIGEST_LENGTH];

	SHA256(bytes, size, digest);
	for (int i = 0; i < SHA256_DIGEST_LENGTH; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	return hex;
}
